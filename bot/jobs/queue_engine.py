"""Works firings off through Procrastinate, a queue in PostgreSQL that all instances share.

A firing and its order in the queue are written in one transaction. A worker that is killed stops
beating, and whichever instance notices puts its order back. Which firing is still worth running,
and how it ended, is written in the firing's row; the queue only holds what is left to do.

That a job's firings run one at a time is seen to by an advisory lock. Procrastinate's own lock
would make a newer firing wait behind an older one that is to be repeated in an hour.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread
from time import monotonic

import structlog
from procrastinate import SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from sqlalchemy import Engine as Database
from sqlmodel import Session

from bot.jobs.attempt import GIVEN_UP, MOST_ATTEMPTS, attempt
from bot.jobs.catalog import Job
from bot.jobs.lanes import Lanes
from bot.jobs.queue_schema import prepare_queue, queue_address
from bot.jobs.queue_worker import QUEUE, WORK_OFF, serve
from bot.ports import Clock
from bot.storage.advisory_lock import held_alone
from bot.storage.database import transaction
from bot.storage.firings import (
    OPEN,
    FiringRow,
    FiringState,
    claim_firing,
    has_newer,
    settle_firing,
)

log = structlog.get_logger()

#: While an older firing of the same job is under way.
UNTIL_FREE = timedelta(seconds=2)


class QueueEngine:
    def __init__(self, database: Database, clock: Clock, jobs: tuple[Job, ...]) -> None:
        self._database = database
        self._clock = clock
        self._jobs: Mapping[str, Job] = {job.key: job for job in jobs if not job.runs_everywhere}
        self._lanes = Lanes()
        #: Never opened: it writes through the connections that it is handed.
        self._orders = JobManager(SyncPsycopgConnector())
        self._stopping = asyncio.Event()
        self._worker: tuple[Thread, asyncio.AbstractEventLoop] | None = None

    def start(self) -> None:
        prepare_queue(self._database)
        loop = asyncio.new_event_loop()
        thread = Thread(target=self._serve, args=(loop,), name="engine", daemon=True)
        self._worker = (thread, loop)
        thread.start()

    def submit(self, session: Session, firing: FiringRow) -> None:
        configure_task(
            name=WORK_OFF,
            job_manager=self._orders,
            queue=QUEUE,
            connection=session.connection().connection.driver_connection,
        ).defer(firing=firing.id)

    def wake(self) -> None:
        """Nothing to do: PostgreSQL notifies a worker of every new order."""

    def run_here(self, job: Job, due_at: datetime) -> None:
        if not self._stopping.is_set():
            self._lanes.run_here(job, due_at)

    def stop(self, timeout: float) -> bool:
        deadline = monotonic() + timeout
        if self._worker is None:
            return True
        thread, loop = self._worker
        with suppress(RuntimeError):  # the loop is closed: this is not the first stop
            loop.call_soon_threadsafe(self._stopping.set)
        all_ended = self._lanes.wait(deadline=deadline)
        thread.join(max(0.0, deadline - monotonic()))
        return all_ended and not thread.is_alive()

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        address = queue_address(self._database)
        work = serve(address, self._work_off, lanes=len(self._jobs), stopping=self._stopping)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(work)

    def _work_off(self, number: int) -> timedelta | None:
        """Run what a firing asks for; after how long to try it again, None when that is settled."""
        with transaction(self._database) as session:
            firing = session.get_one(FiringRow, number)
        job = self._jobs.get(firing.job)
        if job is None:
            log.warning("engine.unknown_job", job=firing.job)
            return None
        with held_alone(self._database, f"pacesetter job {job.key}") as is_ours:
            if not is_ours:
                return UNTIL_FREE
            with transaction(self._database) as session:
                session.add(firing)
                session.refresh(firing)
                if not self._claim(session, firing):
                    return None
            return self._attempt(job, firing)

    def _claim(self, session: Session, firing: FiringRow) -> bool:
        """A firing that is claimed already belongs to a worker that the queue found dead."""
        now = self._clock.now()
        if firing.state not in OPEN:
            return False
        if has_newer(session, firing):
            settle_firing(session, firing, FiringState.SUPERSEDED, now=now, error=firing.error)
            return False
        if firing.attempt >= MOST_ATTEMPTS:
            settle_firing(session, firing, FiringState.FAILED, now=now, error=GIVEN_UP)
            return False
        return claim_firing(session, firing, now=now)

    def _attempt(self, job: Job, firing: FiringRow) -> timedelta | None:
        ended = attempt(job, due_at=firing.due_at, number=firing.attempt)
        now = self._clock.now()
        with transaction(self._database) as session:
            settle_firing(
                session,
                firing,
                ended.state,
                now=now,
                error=ended.error,
                not_before=now + ended.retry_after,
            )
        return ended.retry_after if ended.state is FiringState.WAITING else None
