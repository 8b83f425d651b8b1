"""Which Salesforce to log in to and as whom, read once from the environment."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.domain.errors import ConfigError, Problem

LOGIN_URL = "https://login.salesforce.com"
SALESFORCE_SUFFIX = ".salesforce.com"
#: Hosts that know no organisation, so nobody to run client credentials as.
SHARED_DOMAINS = frozenset({"login", "test"})
#: What simple-salesforce is told where the login URL is not Salesforce's: it appends
#: ".salesforce.com" and our transport sends the request to the login URL instead.
STAND_IN_DOMAIN = "login"
STAND_IN_MY_DOMAIN = "stand-in.my"

APP_HINT = (
    "create an External Client App in Salesforce (Setup > External Client App Manager) with the"
    " client credentials flow, then set SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET and"
    " SALESFORCE_LOGIN_URL=https://YOUR-DOMAIN.my.salesforce.com"
)


class LoginWay(StrEnum):
    CLIENT_CREDENTIALS = "client credentials"
    JWT_BEARER = "JWT bearer"
    PASSWORD = "username and password"  # noqa: S105 -- the name of a flow, not a password


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesforceCredentials:
    """Secrets are kept out of ``repr``; ``ways`` holds what they suffice for, best first."""

    login_url: str
    ways: tuple[LoginWay, ...]
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    username: str = ""
    private_key: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    security_token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read ``SALESFORCE_*``; raises ConfigError naming the variable and what to do."""
        problems: list[Problem] = []
        given = {
            name.removeprefix("SALESFORCE_").lower(): value.strip()
            for name, value in environ.items()
            if name.startswith("SALESFORCE_") and value.strip()
        }
        login_url = given.get("login_url", LOGIN_URL).rstrip("/")
        problems += _complaints_about_url(login_url)
        key, complaints = _private_key(given)
        problems += complaints
        if problems:
            raise ConfigError(problems)
        credentials = cls(
            login_url=login_url,
            ways=_ways(given, key=key, login_url=login_url),
            client_id=given.get("client_id", ""),
            client_secret=given.get("client_secret", ""),
            username=given.get("username", ""),
            private_key=key,
            password=given.get("password", ""),
            security_token=given.get("security_token", ""),
        )
        if not credentials.ways:
            raise ConfigError([_what_is_missing(given, key=key)])
        return credentials

    @property
    def is_loopback(self) -> bool:
        return is_loopback(urlsplit(self.login_url))

    def login_arguments(self, way: LoginWay) -> dict[str, str]:
        """What ``simple_salesforce.Salesforce`` wants to be called with to log in this way."""
        match way:
            case LoginWay.CLIENT_CREDENTIALS:
                return {
                    "consumer_key": self.client_id,
                    "consumer_secret": self.client_secret,
                    "domain": _domain(self.login_url) or STAND_IN_MY_DOMAIN,
                }
            case LoginWay.JWT_BEARER:
                return {
                    "username": self.username,
                    "consumer_key": self.client_id,
                    "privatekey": self.private_key,
                    "domain": _domain(self.login_url) or STAND_IN_DOMAIN,
                }
            case LoginWay.PASSWORD:
                return self._password_arguments()

    def _password_arguments(self) -> dict[str, str]:
        domain = _domain(self.login_url) or STAND_IN_DOMAIN
        if self.client_id and self.client_secret:
            return {
                "username": self.username,
                # OAuth knows no field for the security token; Salesforce wants it appended.
                "password": self.password + self.security_token,
                "consumer_key": self.client_id,
                "consumer_secret": self.client_secret,
                "domain": domain,
            }
        return {
            "username": self.username,
            "password": self.password,
            "security_token": self.security_token,
            "domain": domain,
        }

    def redact(self, text: str) -> str:
        """The text without any secret of ours that a server may have echoed."""
        for secret in (self.client_secret, self.password, self.security_token, self.private_key):
            if secret:
                text = text.replace(secret, "***")
        return text


def is_loopback(url: SplitResult) -> bool:
    host = url.hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _domain(login_url: str) -> str | None:
    """The part of a Salesforce login host that simple-salesforce calls ``domain``."""
    host = urlsplit(login_url).hostname or ""
    return host.removesuffix(SALESFORCE_SUFFIX) if host.endswith(SALESFORCE_SUFFIX) else None


def _complaints_about_url(login_url: str) -> list[Problem]:
    name = "SALESFORCE_LOGIN_URL"
    try:
        url = urlsplit(login_url)
        _ = url.port
    except ValueError:
        return [Problem(file=name, message="this is not a URL", hint=f"for example {LOGIN_URL}")]
    if url.username or url.password:
        message = "a login URL holds no name or password"
        return [Problem(file=name, message=message, hint=f"for example {LOGIN_URL}")]
    if url.scheme == "https" and url.hostname:
        return []
    if url.scheme == "http" and is_loopback(url):
        return []
    if url.scheme == "http" and url.hostname:
        hint = "write https://; plain http would show your secrets to the network"
        return [Problem(file=name, message="plain http is for 127.0.0.1 only", hint=hint)]
    return [Problem(file=name, message="this is not a URL", hint=f"for example {LOGIN_URL}")]


def _private_key(given: Mapping[str, str]) -> tuple[str, list[Problem]]:
    name, key = "SALESFORCE_PRIVATE_KEY", given.get("private_key", "")
    if not key and (path := given.get("private_key_file")):
        name = "SALESFORCE_PRIVATE_KEY_FILE"
        try:
            key = Path(path).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            hint = "give the path of the PEM file that openssl wrote (server.key)"
            reason = error.strerror if isinstance(error, OSError) else "it is not a PEM file"
            return "", [Problem(file=name, message=f"cannot be read: {reason}", hint=hint)]
    if not key:
        return "", []
    # Many deployment systems only take one line, so line ends arrive as backslash and n.
    key = key.replace("\\n", "\n")
    try:
        loaded = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        loaded = None
    if not isinstance(loaded, RSAPrivateKey):
        hint = "paste the whole file from '-----BEGIN' to the last '-----', without a passphrase"
        return "", [Problem(file=name, message="this is not an RSA private key (PEM)", hint=hint)]
    return key, []


def _ways(given: Mapping[str, str], *, key: str, login_url: str) -> tuple[LoginWay, ...]:
    ways = []
    knows_the_org = _domain(login_url) not in SHARED_DOMAINS
    if "client_id" in given and "client_secret" in given and knows_the_org:
        ways.append(LoginWay.CLIENT_CREDENTIALS)
    if "client_id" in given and "username" in given and key:
        ways.append(LoginWay.JWT_BEARER)
    if "username" in given and "password" in given:
        ways.append(LoginWay.PASSWORD)
    return tuple(ways)


def _what_is_missing(given: Mapping[str, str], *, key: str) -> Problem:
    """One complaint about the login that the person seems to have had in mind."""
    if "client_id" in given and "client_secret" in given:
        return Problem(
            file="SALESFORCE_LOGIN_URL",
            message="client credentials need your own Salesforce domain, not the shared login",
            hint="set SALESFORCE_LOGIN_URL=https://YOUR-DOMAIN.my.salesforce.com"
            " (Setup > My Domain shows it)",
        )
    if key or "client_secret" in given:
        name = "SALESFORCE_USERNAME" if "client_id" in given else "SALESFORCE_CLIENT_ID"
        hint = "JWT bearer wants SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME and the private key"
        return Problem(file=name, message="is not set", hint=hint if key else APP_HINT)
    if "client_id" in given:
        hint = "set it, or SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE for JWT bearer"
        return Problem(file="SALESFORCE_CLIENT_SECRET", message="is not set", hint=hint)
    if "username" in given or "password" in given:
        name = "SALESFORCE_PASSWORD" if "username" in given else "SALESFORCE_USERNAME"
        hint = "username logins want both, and SALESFORCE_SECURITY_TOKEN outside trusted networks"
        return Problem(file=name, message="is not set", hint=hint)
    return Problem(file="SALESFORCE_CLIENT_ID", message="is not set", hint=APP_HINT)
