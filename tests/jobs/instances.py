"""What the tests of jobs hand one another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

from bot.jobs.catalog import Job
from bot.jobs.engine import Engine
from bot.jobs.scheduler import Scheduler
from bot.storage.firings import FiringRow

#: 08:00 in New York.
MONDAY_NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)

Firings = Callable[[], list[FiringRow]]


class Until(Protocol):
    def __call__(self, is_so: Callable[[], bool], seconds: float = 30) -> None: ...


class Diary:
    """What jobs wrote while they ran."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._lock = Lock()

    def write(self, line: str) -> None:
        with self._lock:
            self._lines.append(line)

    @property
    def lines(self) -> list[str]:
        with self._lock:
            return list(self._lines)


@dataclass
class Instance:
    scheduler: Scheduler
    engine: Engine

    def stop(self, timeout: float = 20) -> bool:
        self.scheduler.stop()
        return self.engine.stop(timeout)


class StartInstance(Protocol):
    def __call__(self, *jobs: Job, looks_by_itself: bool = False) -> Instance: ...
