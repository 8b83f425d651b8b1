"""What only the queue in PostgreSQL can meet with."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import text

from bot.jobs.catalog import Job
from bot.jobs.engine import open_engine
from bot.jobs.queue_schema import prepare_queue
from bot.jobs.scheduler import Scheduler
from bot.jobs.triggers import Every
from bot.storage.advisory_lock import held_alone
from bot.storage.database import open_database
from integrations.sandbox.clock import SandboxClock
from tests.jobs.instances import MONDAY_NOON, Diary, Instance, Until

HOUR = timedelta(hours=1)
CUT_OFF_EVERYBODY = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
WORKERS = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > :then")
ORDERS = text("SELECT count(*) FROM procrastinate_jobs")


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    database = open_database(postgres_url)
    yield database
    database.dispose()


@pytest.fixture
def instance(postgres_database: Database, clock: SandboxClock, diary: Diary) -> Iterator[Instance]:
    job = Job(key="pull", trigger=Every(span=HOUR), run=lambda: diary.write("pull"))
    engine = open_engine(postgres_database, clock, (job,))
    scheduler = Scheduler(postgres_database, clock, engine, (job,), zone=ZoneInfo("UTC"))
    engine.start()
    instance = Instance(scheduler, engine)
    yield instance
    assert instance.stop()


def test_the_queue_goes_on_after_the_database_cut_off_every_connection(
    instance: Instance,
    postgres_database: Database,
    clock: SandboxClock,
    diary: Diary,
    until: Until,
) -> None:
    instance.scheduler.look()
    until(lambda: diary.lines == ["pull"])
    with postgres_database.connect() as connection:
        connection.execute(CUT_OFF_EVERYBODY)
    clock.wind(HOUR)
    instance.scheduler.look()
    until(lambda: diary.lines == ["pull", "pull"])


def test_the_queue_keeps_nothing_that_is_done(
    instance: Instance, postgres_database: Database, diary: Diary, until: Until
) -> None:
    instance.scheduler.look()
    until(lambda: diary.lines == ["pull"])

    def orders() -> int:
        with postgres_database.connect() as connection:
            return int(connection.scalar(ORDERS) or 0)

    until(lambda: orders() == 0)


def test_preparing_the_queue_again_changes_nothing(
    instance: Instance, postgres_database: Database, diary: Diary, until: Until
) -> None:
    instance.scheduler.look()
    until(lambda: diary.lines == ["pull"])
    prepare_queue(postgres_database)
    with postgres_database.connect() as connection:
        assert connection.scalar(WORKERS, {"then": MONDAY_NOON}) == 1


def test_a_lock_is_held_by_one_block_at_a_time_and_given_back(postgres_database: Database) -> None:
    with held_alone(postgres_database, "pull") as first:
        with held_alone(postgres_database, "pull") as second:
            assert (first, second) == (True, False)
        with held_alone(postgres_database, "coach") as other:
            assert other
    with held_alone(postgres_database, "pull") as again:
        assert again
