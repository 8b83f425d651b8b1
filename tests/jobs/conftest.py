"""Instances of scheduler and engine on a real database, under a clock wound by hand."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine as Database
from sqlmodel import col, select

from bot.jobs.catalog import Job
from bot.jobs.engine import open_engine
from bot.jobs.scheduler import Scheduler
from bot.storage.database import reading
from bot.storage.firings import FiringRow
from integrations.sandbox.clock import SandboxClock
from tests.jobs.instances import MONDAY_NOON, Diary, Firings, Instance, StartInstance, Until


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(starts_at=MONDAY_NOON, frozen=True)


@pytest.fixture
def start_instance(database: Database, clock: SandboxClock) -> Iterator[StartInstance]:
    """Like one process of ours; unless it looks by itself, a test calls ``scheduler.look()``."""
    started: list[Instance] = []

    def start(*jobs: Job, looks_by_itself: bool = False) -> Instance:
        engine = open_engine(database, clock, jobs)
        zone = ZoneInfo("America/New_York")
        scheduler = Scheduler(database, clock, engine, jobs, zone=zone)
        instance = Instance(scheduler, engine)
        started.append(instance)
        engine.start()
        if looks_by_itself:
            scheduler.start()
        return instance

    yield start
    for instance in started:
        instance.stop()


@pytest.fixture
def firings(database: Database) -> Firings:
    """All firings there are, by due instant."""

    def read() -> list[FiringRow]:
        with reading(database) as session:
            return list(session.exec(select(FiringRow).order_by(col(FiringRow.due_at))))

    return read


@pytest.fixture
def until() -> Until:
    """Wait for something to come true, for a minute at most."""

    def wait(is_so: Callable[[], bool], seconds: float = 60) -> None:
        deadline = monotonic() + seconds
        while not is_so():
            assert monotonic() < deadline, "it did not come true in time"
            sleep(0.02)

    return wait


@pytest.fixture
def settled(firings: Firings, until: Until) -> Firings:
    """All firings, once none of them is waiting or under way."""

    def wait() -> list[FiringRow]:
        until(lambda: all(row.finished_at is not None for row in firings()))
        return firings()

    return wait
