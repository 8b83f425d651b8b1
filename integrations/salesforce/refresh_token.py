"""The refresh token: redeemed at each login, and kept anew where Salesforce rotates it."""

import os
import threading
from pathlib import Path

import requests
import structlog
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from bot.domain.errors import ConfigError, Problem

TOKEN_FILE = "SALESFORCE_REFRESH_TOKEN_FILE"  # noqa: S105 -- a variable's name
TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 -- an address
OWNER_ONLY = 0o600

_log = structlog.get_logger()


class RefreshToken:
    """Other processes may log in with the same file, so it is read before each login."""

    def __init__(self, token: str = "", *, file: Path | None = None) -> None:
        self._token = token
        self._file = file
        self._lock = threading.Lock()
        self.secrets = {token} - {""}
        #: Whether a new one came and there is no file to keep it in.
        self.is_homeless = False

    def __repr__(self) -> str:
        return "RefreshToken(***)"

    def __bool__(self) -> bool:
        return bool(self._token or self._file)

    def current(self) -> str:
        """Raises ConfigError when its file cannot be read."""
        with self._lock:
            if self._file is not None:
                self._token = read_token(self._file)
                self.secrets.add(self._token)
            return self._token

    def keep(self, token: str) -> None:
        """Written beside and moved into place: a file that is half written would lose it."""
        with self._lock:
            self._token = token
            self.secrets.add(token)
            if self._file is None:
                self.is_homeless = True
                _log.warning("salesforce.refresh_token_rotated", hint=f"set {TOKEN_FILE}")
                return
            beside = self._file.with_name(f".{self._file.name}.{os.getpid()}")
            try:
                with open(beside, "w", encoding="ascii", opener=_owner_only) as file:
                    file.write(token + "\n")
                beside.replace(self._file)
            except OSError as error:
                self.is_homeless = True
                _log.error("salesforce.refresh_token_not_kept", reason=error.strerror)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)


def read_token(file: Path) -> str:
    """Raises ConfigError."""
    hint = "give the path of a file that holds the refresh token and nothing else"
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        problem = Problem(file=TOKEN_FILE, message=f"cannot be read: {reason}", hint=hint)
        raise ConfigError([problem]) from error
    if not token or len(token.split()) > 1:
        raise ConfigError([Problem(file=TOKEN_FILE, message="holds no token", hint=hint)])
    return token


def redeem(
    token: RefreshToken,
    *,
    login_url: str,
    client_id: str,
    client_secret: str,
    session: requests.Session,
) -> tuple[str, str]:
    """Access token and instance, as simple-salesforce's own logins give them."""
    form = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "refresh_token": token.current(),
    }
    if client_secret:
        form["client_secret"] = client_secret
    answer = session.post(f"{login_url}{TOKEN_PATH}", data=form)
    try:
        told = answer.json()
    except requests.JSONDecodeError as error:
        raise SalesforceAuthenticationFailed(answer.status_code, answer.text) from error
    if not answer.ok:
        code = told.get("error") or answer.status_code
        raise SalesforceAuthenticationFailed(code, told.get("error_description"))
    if new := told.get("refresh_token"):
        token.keep(str(new))
    instance = str(told["instance_url"]).rstrip("/")
    return str(told["access_token"]), instance.partition("://")[2]
