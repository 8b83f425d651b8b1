"""How often each method may be called, as Slack's tiers say, on real time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

#: Calls a minute. Tier t5 is Slack's "special": plenty, save for posting into one channel.
TIERS = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600}
POSTS_PER_MINUTE_AND_CHANNEL = 60
POST_BURST = 5


@dataclass(slots=True)
class Bucket:
    tokens: float
    filled_at: float


class RateLimits:
    """Token buckets by method, and by channel for ``chat.postMessage``.

    ``scale`` multiplies every allowance: 1.0 is Slack's, None lets everything pass.
    """

    def __init__(
        self, scale: float | None = None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.scale = scale
        self._monotonic = monotonic
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def wait_for(self, method: str, tier: str, *, channel: str = "") -> int:
        """Count one call; 0 when it may pass, else the whole seconds to wait before another."""
        if self.scale is None:
            return 0
        if method == "chat.postMessage" and channel:
            per_minute = POSTS_PER_MINUTE_AND_CHANNEL * self.scale
            return self._take(f"{method} {channel}", per_minute, POST_BURST * self.scale)
        per_minute = TIERS[tier] * self.scale
        return self._take(method, per_minute, per_minute)

    def _take(self, key: str, per_minute: float, burst: float) -> int:
        capacity = max(burst, 1.0)
        with self._lock:
            now = self._monotonic()
            bucket = self._buckets.setdefault(key, Bucket(tokens=capacity, filled_at=now))
            gained = (now - bucket.filled_at) * per_minute / 60
            bucket.tokens = min(capacity, bucket.tokens + gained)
            bucket.filled_at = now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return ceil((1 - bucket.tokens) * 60 / per_minute)
