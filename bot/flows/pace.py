"""How fast one recipient may be told things: Slack takes a short burst, then one a second."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

BURST = 4
PER_SECOND = 1.0


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


@dataclass(slots=True, kw_only=True)
class Pace:
    """Real time, not the runtime's clock: Slack's limits do not move when a clock is wound."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def told_enough(self) -> frozenset[str]:
        """Recipients to leave alone for a moment."""
        with self._lock:
            full = [name for name in self._buckets if self._refilled(name).tokens >= BURST]
            for name in full:
                del self._buckets[name]
            return frozenset(name for name, bucket in self._buckets.items() if bucket.tokens < 1)

    def take(self, recipient: str) -> None:
        """Count one message to the recipient; waits while the burst is used up."""
        with self._lock:
            bucket = self._refilled(recipient)
            bucket.tokens -= 1
            missing = max(0.0, -bucket.tokens)
        if missing:
            self.sleep(missing / PER_SECOND)

    def rest(self) -> None:
        """Wait until one of those who were told enough may be told more."""
        with self._lock:
            missing = [1 - bucket.tokens for bucket in self._buckets.values() if bucket.tokens < 1]
        if missing:
            self.sleep(max(0.0, min(missing)) / PER_SECOND)

    def _refilled(self, recipient: str) -> _Bucket:
        now = self.monotonic()
        bucket = self._buckets.setdefault(recipient, _Bucket(BURST, now))
        bucket.tokens = min(BURST, bucket.tokens + (now - bucket.filled_at) * PER_SECOND)
        bucket.filled_at = now
        return bucket
