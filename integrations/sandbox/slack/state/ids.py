import itertools
import threading
from datetime import datetime

from integrations.sandbox.clock import SandboxClock

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Minter:
    """Gives out ids that look like Slack's and are the same in every run."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._last_microsecond = 0

    def mint(self, prefix: str) -> str:
        """An id such as ``V0S0000001X``; the prefix says what it names, as Slack's do."""
        with self._lock:
            number = next(self._numbers)
        digits = ""
        while number:
            number, rest = divmod(number, len(ALPHABET))
            digits = ALPHABET[rest] + digits
        return f"{prefix}0S{digits.rjust(8, '0')}"

    def stamp(self) -> str:
        """A message timestamp: the sandbox's now, moved on by microseconds until unused."""
        with self._lock:
            microsecond = max(microseconds(self._clock.now()), self._last_microsecond + 1)
            self._last_microsecond = microsecond
        return f"{microsecond // 1_000_000}.{microsecond % 1_000_000:06d}"


def microseconds(instant: datetime) -> int:
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond
