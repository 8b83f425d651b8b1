"""Calls spread so that Slack need not refuse them: by method, and by channel for what is posted.

Slack counts for each token and method, and for posts by channel. A call that comes too soon waits
here, by itself: others go on. What would have to wait for long is refused at once, as Slack would,
and whoever wanted it tries later.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.domain.errors import RateLimited
from integrations.slack.errors import translate

#: Calls a minute by Slack's tier, of the methods that we call.
TIER_2, TIER_3, TIER_4 = 20, 50, 100
PER_MINUTE: Mapping[str, int] = {
    "apps.connections.open": TIER_3,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "users.info": TIER_4,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.update": TIER_4,
}
#: The rest is left to clocks that differ, and to calls that are counted nowhere here.
OURS = 0.9
POST = "chat.postMessage"
POSTS_PER_MINUTE, POST_BURST = 60, 4
#: Seconds.
LONGEST_WAIT = 10.0
#: An answer does not wait for its picture: the words say the same.
WAIT_FOR_PICTURES = 1.0
#: Slack lets a modal be opened for three seconds.
WAIT_FOR_TRIGGERS = 1.5


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Allowance:
    """How much may still be called now; real time, which no sandbox winds. For one token."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, method: str, channel: str = "") -> None:
        """Count one call, and wait until it may be made. Raises RateLimited instead of for long."""
        allowed = _allowed(method, channel)
        if allowed is None:
            return
        per_minute, burst = allowed
        patience = _patience(method)
        with self._lock:
            bucket = self._refilled((method, channel), per_minute, burst)
            wait = max(0.0, 1 - bucket.tokens) * 60 / per_minute
            if wait > patience:
                raise RateLimited(
                    f"{method} was called as often as Slack takes it",
                    retry_after=timedelta(seconds=wait),
                )
            bucket.tokens -= 1
        if wait:
            self._sleep(wait)

    def refused(self, method: str, channel: str, seconds: float) -> None:
        """Slack itself has had enough: another instance, or another app, calls as well."""
        allowed = _allowed(method, channel)
        if allowed is None:
            return
        per_minute, burst = allowed
        with self._lock:
            bucket = self._refilled((method, channel), per_minute, burst)
            bucket.tokens = min(bucket.tokens, 1 - seconds * per_minute / 60)

    def _refilled(self, key: tuple[str, str], per_minute: float, burst: float) -> _Bucket:
        now = self._monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        gained = (now - bucket.filled_at) * per_minute / 60
        bucket.tokens, bucket.filled_at = min(burst, bucket.tokens + gained), now
        return bucket


def _patience(method: str) -> float:
    if method.startswith("files."):
        return WAIT_FOR_PICTURES
    return WAIT_FOR_TRIGGERS if method == "views.open" else LONGEST_WAIT


def _allowed(method: str, channel: str) -> tuple[float, float] | None:
    """Calls a minute and at once; None for what Slack does not count, or not by method."""
    if method == POST:
        return (POSTS_PER_MINUTE, POST_BURST) if channel else None
    per_minute = PER_MINUTE.get(method, 0) * OURS
    return (per_minute, per_minute) if per_minute else None


class PacedWebClient(WebClient):
    """The SDK's client, which asks its allowance first."""

    def __init__(self, *, allowance: Allowance, **settings: Any) -> None:  # noqa: ANN401 - the SDK's own
        super().__init__(**settings)
        self._allowance = allowance

    def api_call(self, api_method: str, **call: Any) -> SlackResponse:  # noqa: ANN401 - the SDK's own
        """Raises RateLimited without calling when the call would have to wait for long."""
        channel = _channel_of(call) if api_method == POST else ""
        self._allowance.take(api_method, channel)
        try:
            return super().api_call(api_method, **call)
        except SlackApiError as error:
            told = translate(error)
            # Whoever posts keeps to what they were told: a delivery waits in the outbox.
            if isinstance(told, RateLimited) and api_method != POST:
                seconds = told.retry_after.total_seconds()
                self._allowance.refused(api_method, channel, seconds)
            raise


def _channel_of(call: Mapping[str, Any]) -> str:
    for part in ("json", "params", "data"):
        found = (call.get(part) or {}).get("channel")
        if found:
            return str(found)
    return ""
