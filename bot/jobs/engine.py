"""Who works a firing off: a thread of this process, or a queue that several instances share."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine as Database
from sqlmodel import Session

from bot.jobs.catalog import Job
from bot.jobs.thread_engine import ThreadEngine
from bot.ports import Clock
from bot.storage.firings import FiringRow


class Engine(Protocol):
    def start(self) -> None:
        """Begin to work off firings, also those that another process left behind."""

    def submit(self, session: Session, firing: FiringRow) -> None:
        """Order a firing in the transaction that inserts it: there is never one without the other.

        ``wake`` is to be called after the commit.
        """

    def wake(self) -> None:
        """Look for work at once."""

    def run_here(self, job: Job, due_at: datetime) -> None:
        """Run a job that every instance runs for itself, unless it still runs."""

    def stop(self, timeout: float) -> bool:
        """Begin nothing more and finish what is under way; False when ``timeout`` seconds passed.

        What was not finished then is taken over by another instance, or after the next start.
        """


def open_engine(database: Database, clock: Clock, jobs: tuple[Job, ...]) -> Engine:
    """The engine that fits the database; nothing runs before its ``start()``."""
    if database.dialect.name == "postgresql":
        from bot.jobs.queue_engine import QueueEngine  # noqa: PLC0415 - its import takes a second

        return QueueEngine(database, clock, jobs)
    return ThreadEngine(database, clock, jobs)
