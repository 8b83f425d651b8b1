import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.timings import RESPONSE_URL_USES


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Where an app may answer a command or a press for a while."""

    token: str
    person: str
    channel: str
    expires_at: datetime
    #: The message that was pressed, if any: what ``replace_original`` replaces.
    message_ts: str | None = None
    thread_ts: str | None = None
    uses_left: int = RESPONSE_URL_USES


class ResponseUrls:
    def __init__(self, clock: SandboxClock, seconds: float) -> None:
        self._clock = clock
        self._life = timedelta(seconds=seconds)
        self._by_token: dict[str, ResponseUrl] = {}
        self._lock = threading.Lock()

    def mint(
        self,
        *,
        person: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> ResponseUrl:
        url = ResponseUrl(
            token=secrets.token_urlsafe(24),
            person=person,
            channel=channel,
            expires_at=self._clock.now() + self._life,
            message_ts=message_ts,
            thread_ts=thread_ts,
        )
        with self._lock:
            self._by_token[url.token] = url
        return url

    def use(self, token: str) -> ResponseUrl | str:
        """The address, one use poorer, or Slack's name for why it no longer works."""
        with self._lock:
            url = self._by_token.get(token)
            if url is None:
                return "invalid_url"
            if self._clock.now() >= url.expires_at:
                return "expired_url"
            if url.uses_left <= 0:
                return "used_url"
            url.uses_left -= 1
            return url
