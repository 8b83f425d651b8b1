"""What went over the wire, newest last, for the page and for tests. Tokens never get here."""

import itertools
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.state.values import Json

REMEMBERED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    number: int
    #: Sandbox time, UTC.
    at: datetime
    #: "call" from the app to the Web API, "delivery" from here to the app.
    direction: str
    name: str
    verdict: str
    is_fine: bool
    detail: Json = field(default_factory=dict)


class WireLog:
    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._lines: deque[LogLine] = deque(maxlen=REMEMBERED)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def write(
        self, direction: str, name: str, verdict: str, *, is_fine: bool, detail: Json | None = None
    ) -> None:
        with self._lock:
            self._lines.append(
                LogLine(
                    number=next(self._numbers),
                    at=self._clock.now(),
                    direction=direction,
                    name=name,
                    verdict=verdict,
                    is_fine=is_fine,
                    detail=detail or {},
                )
            )

    def lines(self, *, name: str | None = None, after: int = 0) -> list[LogLine]:
        with self._lock:
            return [
                line
                for line in self._lines
                if line.number > after and (name is None or line.name == name)
            ]
