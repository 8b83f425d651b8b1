"""Who may talk to the simulated Salesforce, and the sessions they hold."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.sandbox.salesforce.errors import session_expired

SESSION_TIME = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What logs in; the defaults are public knowledge and only good for a sandbox."""

    client_id: str = "3MVG9sandbox.pacesetter"
    client_secret: str = "sandbox-secret"  # noqa: S105 -- made up, for a server on loopback
    username: str = "integration@example.com"
    password: str = "sandbox-password"  # noqa: S105 -- made up, for a server on loopback
    security_token: str = "sandboxtoken"  # noqa: S105 -- made up, for a server on loopback
    refresh_token: str = "5Aepsandboxrefresh"  # noqa: S105 -- made up, for a server on loopback
    #: PEM public key or certificate that JWT assertions must be signed for; None checks all but
    #: the signature.
    public_key: str | None = None
    user_id: str = "005SB0000000999AAA"
    display_name: str = "Integration User"
    #: Relative dates such as TODAY are days of this zone.
    zone: str = "UTC"
    is_active: bool = True
    #: Client credentials need a user whom the app runs as.
    has_run_as_user: bool = True
    #: Newer orgs block the password flow until somebody allows it.
    takes_passwords: bool = True
    #: Each refresh token is good for one login, which brings the next.
    rotates_refresh_tokens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    token: str
    user_id: str
    used_at: datetime


class Sessions:
    """Access tokens; one ends when it has not been used for a while, counted by sandbox time."""

    def __init__(
        self,
        *,
        organization_id: str,
        lasts: timedelta = SESSION_TIME,
        draw: Callable[[], str] = secrets.token_hex,
    ) -> None:
        self._organization_id = organization_id
        self._lasts = lasts
        self._draw = draw
        self._sessions: dict[str, Session] = {}
        #: The one that is good now, once the first has been used up.
        self.rotated: str | None = None
        #: Authorization codes, good for once, with their redirect and challenge.
        self._codes: dict[str, tuple[str, str]] = {}

    def offer(self, redirect: str, challenge: str) -> str:
        """An authorization code. ``challenge`` is the digest of a verifier, or empty."""
        code = f"aPrx{self._draw()}"
        self._codes[code] = (redirect, challenge)
        return code

    def redeem(self, code: str, redirect: str, verifier: str) -> bool:
        offered = self._codes.pop(code, None)
        if offered is None or offered[0] != redirect:
            return False
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        return not offered[1] or digest.decode().rstrip("=") == offered[1]

    def rotate(self) -> str:
        self.rotated = f"5Aep{self._draw()}"
        return self.rotated

    def open(self, user_id: str, *, now: datetime) -> Session:
        token = f"{self._organization_id}!AQ{self._draw()}"
        session = Session(token=token, user_id=user_id, used_at=now)
        self._sessions[token] = session
        return session

    def resume(self, authorization: str | None, *, now: datetime) -> Session:
        """The session named by an Authorization header. Raises ApiError (401)."""
        scheme, _, token = (authorization or "").partition(" ")
        session = self._sessions.get(token.strip())
        if scheme.lower() not in {"bearer", "oauth"} or session is None:
            raise session_expired()
        if now - session.used_at > self._lasts:
            del self._sessions[session.token]
            raise session_expired()
        resumed = Session(token=session.token, user_id=session.user_id, used_at=now)
        self._sessions[session.token] = resumed
        return resumed

    def end(self, token: str) -> bool:
        return self._sessions.pop(token, None) is not None

    def end_all(self) -> None:
        self._sessions.clear()
