"""The ways to log in to Salesforce: what each one needs, and what to know of it."""

from collections.abc import Collection
from enum import StrEnum

from bot.domain.errors import ConfigError, Problem

LOGIN_URL = "https://login.salesforce.com"
#: Where app.yaml says which way is wanted.
WANTED = "app.yaml, salesforce.login"
APP_HINT = (
    "create an External Client App in Salesforce (Setup > External Client App Manager) with the"
    " client credentials flow, then set SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET and"
    " SALESFORCE_LOGIN_URL=https://YOUR-DOMAIN.my.salesforce.com"
)
DOMAIN_PROBLEM = Problem(
    file="SALESFORCE_LOGIN_URL",
    message="client credentials need your own Salesforce domain, not the shared login",
    hint="set SALESFORCE_LOGIN_URL=https://YOUR-DOMAIN.my.salesforce.com"
    " (Setup > My Domain shows it)",
)


class LoginWay(StrEnum):
    CLIENT_CREDENTIALS = "client credentials"
    JWT_BEARER = "JWT bearer"
    REFRESH_TOKEN = "refresh token"  # noqa: S105 -- the name of a flow, not a token
    PASSWORD = "username and password"  # noqa: S105 -- the name of a flow, not a password

    @property
    def key(self) -> str:
        """As app.yaml calls it."""
        return self.name.lower()


#: What each way cannot do without, by its variable in small letters.
NEEDS = {
    LoginWay.CLIENT_CREDENTIALS: ("client_id", "client_secret"),
    LoginWay.JWT_BEARER: ("client_id", "username", "private_key"),
    LoginWay.REFRESH_TOKEN: ("client_id", "refresh_token"),
    LoginWay.PASSWORD: ("username", "password"),
}
#: A token that somebody made for us is meant to be used, whatever else would do.
BEST_FIRST = (
    LoginWay.REFRESH_TOKEN,
    LoginWay.CLIENT_CREDENTIALS,
    LoginWay.JWT_BEARER,
    LoginWay.PASSWORD,
)
#: What ends, when, and what to do about it.
ENDING = {
    LoginWay.PASSWORD: (
        "username and password logins end in Summer '27 (June 2027); newer orgs refuse them now",
        "change to client credentials before then: " + APP_HINT,
    )
}


def ways_of(given: Collection[str], *, knows_the_org: bool) -> tuple[LoginWay, ...]:
    """What the variables suffice for, best first."""
    there = frozenset(given)
    return tuple(
        way
        for way in BEST_FIRST
        if there.issuperset(NEEDS[way])
        and (knows_the_org or way is not LoginWay.CLIENT_CREDENTIALS)
    )


def chosen(ways: tuple[LoginWay, ...], wanted: LoginWay, given: Collection[str]) -> LoginWay:
    """The way that app.yaml asks for. Raises ConfigError when the variables do not suffice."""
    if wanted in ways:
        return wanted
    lacking = [f"SALESFORCE_{name.upper()}" for name in NEEDS[wanted] if name not in given]
    if not lacking:
        raise ConfigError([DOMAIN_PROBLEM])
    hint = f"set {' and '.join(lacking)}, or write another way to log in under {WANTED}"
    raise ConfigError(
        [
            Problem(file=name, message=f"is not set, and {WANTED} is {wanted.key}", hint=hint)
            for name in lacking
        ]
    )


def what_is_missing(given: Collection[str]) -> Problem:
    """One complaint about the login that the person seems to have had in mind."""
    if "refresh_token" in given:
        hint = "a refresh token is only good for the app that it was made for"
        return Problem(file="SALESFORCE_CLIENT_ID", message="is not set", hint=hint)
    if "client_id" in given and "client_secret" in given:
        return DOMAIN_PROBLEM
    has_key = "private_key" in given
    if has_key or "client_secret" in given:
        name = "SALESFORCE_USERNAME" if "client_id" in given else "SALESFORCE_CLIENT_ID"
        hint = "JWT bearer wants SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME and the private key"
        return Problem(file=name, message="is not set", hint=hint if has_key else APP_HINT)
    if "client_id" in given:
        hint = "set it, or SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE for JWT bearer"
        return Problem(file="SALESFORCE_CLIENT_SECRET", message="is not set", hint=hint)
    if "username" in given or "password" in given:
        name = "SALESFORCE_PASSWORD" if "username" in given else "SALESFORCE_USERNAME"
        hint = "username logins want both, and SALESFORCE_SECURITY_TOKEN outside trusted networks"
        return Problem(file=name, message="is not set", hint=hint)
    return Problem(file="SALESFORCE_CLIENT_ID", message="is not set", hint=APP_HINT)
