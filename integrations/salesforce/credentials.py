"""Which Salesforce to log in to and as whom, read once from the environment."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.domain.errors import ConfigError, Problem
from integrations.salesforce.login_ways import (
    LOGIN_URL,
    LoginWay,
    chosen,
    ways_of,
    what_is_missing,
)
from integrations.salesforce.refresh_token import RefreshToken, read_token

SALESFORCE_SUFFIX = ".salesforce.com"
#: Hosts that know no organisation, so nobody to run client credentials as.
SHARED_DOMAINS = frozenset({"login", "test"})
#: What simple-salesforce is told where the login URL is not Salesforce's: it appends
#: ".salesforce.com" and our transport sends the request to the login URL instead.
STAND_IN_DOMAIN = "login"
STAND_IN_MY_DOMAIN = "stand-in.my"


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
    refresh_token: RefreshToken = field(default_factory=RefreshToken, repr=False)

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], *, wanted: LoginWay | None = None
    ) -> Self:
        """Read ``SALESFORCE_*``; raises ConfigError naming the variable and what to do.

        Only the way that is ``wanted`` is tried then, and what it lacks is named.
        """
        problems: list[Problem] = []
        given = _given(environ)
        login_url = given.get("login_url", LOGIN_URL).rstrip("/")
        problems += _complaints_about_url(login_url)
        key, complaints = _private_key(given)
        problems += complaints
        token, complaints = _refresh_token(given)
        problems += complaints
        if problems:
            raise ConfigError(problems)
        known = {name for name in given if not name.endswith("_file")}
        known |= {"private_key"} if key else set()
        known |= {"refresh_token"} if token else set()
        knows_the_org = _domain(login_url) not in SHARED_DOMAINS
        ways = ways_of(known, knows_the_org=knows_the_org)
        if wanted is not None:
            ways = (chosen(ways, wanted, known),)
        if not ways:
            raise ConfigError([what_is_missing(known)])
        return cls(
            login_url=login_url,
            ways=ways,
            client_id=given.get("client_id", ""),
            client_secret=given.get("client_secret", ""),
            username=given.get("username", ""),
            private_key=key,
            password=given.get("password", ""),
            security_token=given.get("security_token", ""),
            refresh_token=token,
        )

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
            case LoginWay.REFRESH_TOKEN:
                return {"domain": _domain(self.login_url) or STAND_IN_DOMAIN}

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
        own = (self.client_secret, self.password, self.security_token, self.private_key)
        for secret in (*own, *self.refresh_token.secrets):
            if secret:
                text = text.replace(secret, "***")
        return text


def _given(environ: Mapping[str, str]) -> Mapping[str, str]:
    """What is set, by its name without ``SALESFORCE_``, in small letters."""
    return {
        name.removeprefix("SALESFORCE_").lower(): value.strip()
        for name, value in environ.items()
        if name.startswith("SALESFORCE_") and value.strip()
    }


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


def _refresh_token(given: Mapping[str, str]) -> tuple[RefreshToken, list[Problem]]:
    """The file, where there is one, since only a file can hold what Salesforce rotates."""
    if not (path := given.get("refresh_token_file")):
        return RefreshToken(given.get("refresh_token", "")), []
    try:
        read_token(Path(path))
    except ConfigError as error:
        return RefreshToken(), [*error.problems]
    return RefreshToken(file=Path(path)), []
