"""Says when: looks at the clock every second and writes down the firings that came due.

APScheduler is only the thread that looks. It could know the triggers too, but it would wait for
the machine's clock, whereas ours may be a sandbox's that is wound forward by hand; it fires twice
in the doubled hour of autumn; and two of them that share a job store were measured to fire half
of their jobs twice. So what is due follows from the clock and from the newest firing in the
database, and of all instances that see it the one that inserts the row fires it.

After downtime, as after winding, the newest missed firing of each job runs once, however late.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine as Database

from bot.jobs.catalog import Job
from bot.jobs.engine import Engine
from bot.jobs.triggers import Every, due_between
from bot.ports import Clock
from bot.storage.database import reading, transaction
from bot.storage.firings import insert_firing, newest_due_by_job, prune_firings

log = structlog.get_logger()

SECONDS_BETWEEN_LOOKS = 1.0


class Scheduler:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        engine: Engine,
        jobs: Sequence[Job],
        *,
        zone: ZoneInfo,
    ) -> None:
        """``zone`` is the organisation's, in which daily jobs are due."""
        self._database = database
        self._clock = clock
        self._engine = engine
        self._jobs = tuple(jobs)
        self._zone = zone
        #: Job → the newest due instant that was seen to.
        self._fired_until: dict[str, datetime] = {}
        self._waker = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Fire what was missed, and from now on what comes due. Raises when the database is away.

        A job that never ran before is due at once if it runs at fixed distances; a daily one waits
        for its hour.
        """
        self.look()
        self._waker.add_job(
            self._look_again,
            IntervalTrigger(seconds=SECONDS_BETWEEN_LOOKS, timezone=UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._waker.start()

    def stop(self) -> None:
        """Fire nothing more. Stop the engine afterwards: it finishes what was fired."""
        if self._waker.running:
            self._waker.shutdown(wait=True)

    def look(self) -> None:
        """Fire each job's newest due instant that nobody saw to yet."""
        if not self._fired_until:
            self._fired_until = self._remember()
        now = self._clock.now()
        for job in self._jobs:
            after = self._fired_until[job.key]
            due_at = next(due_between(job.trigger, after=after, until=now, zone=self._zone), None)
            if due_at is not None:
                self._fire(job, due_at, now)
                self._fired_until[job.key] = due_at

    def _look_again(self) -> None:
        try:
            self.look()
        except Exception:  # the database may be away for a while; what was missed is fired later
            log.exception("scheduler.look_failed")

    def _remember(self) -> dict[str, datetime]:
        now = self._clock.now()
        with reading(self._database) as session:
            newest = newest_due_by_job(session)
        return {job.key: newest.get(job.key, _before_first(job, now)) for job in self._jobs}

    def _fire(self, job: Job, due_at: datetime, now: datetime) -> None:
        if job.runs_everywhere:
            self._engine.run_here(job, due_at)
            return
        with transaction(self._database) as session:
            firing = insert_firing(session, job.key, due_at, now)
            if firing is not None:
                self._engine.submit(session, firing)
                prune_firings(session, job.key, before=due_at - job.kept_for)
        if firing is not None:
            log.info("job.fired", job=job.key, due_at=due_at.isoformat())
            self._engine.wake()


def _before_first(job: Job, now: datetime) -> datetime:
    return now - job.trigger.span if isinstance(job.trigger, Every) else now
