"""Works firings off in threads of this process; the rows themselves are the queue.

About once a second one transaction settles what has ended, beats for what is under way, looks
whether the owners of other claims still beat, and claims what is due. An owner counts as dead when
this process has looked PATIENCE times and seen no new beat. Looks are counted, not seconds: SQLite
has one writer at a time, so whatever keeps an owner from beating (a long transaction, a suspended
machine) keeps us from looking as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic

import structlog
from sqlalchemy import Engine as Database
from sqlmodel import Session

from bot.jobs.attempt import GIVEN_UP, MOST_ATTEMPTS, Ended, attempt
from bot.jobs.catalog import Job
from bot.jobs.lanes import Lanes
from bot.ports import Clock
from bot.storage.database import transaction
from bot.storage.firings import (
    FiringRow,
    FiringState,
    beat,
    claim_firing,
    has_newer,
    read_open_firings,
    settle_firing,
)

log = structlog.get_logger()

SECONDS_BETWEEN_LOOKS = 1.0
PATIENCE = 5


@dataclass(slots=True)
class _Looks:
    """How often a claim of another process was seen without a new beat."""

    counts: dict[tuple[int | None, int, int], int] = field(default_factory=dict)

    def take(self, rows: Sequence[FiringRow]) -> None:
        claims = [(row.id, row.fence, row.beats) for row in rows]
        self.counts = {claim: self.counts.get(claim, 0) + 1 for claim in claims}

    def found_dead(self, row: FiringRow) -> bool:
        return self.counts.get((row.id, row.fence, row.beats), 0) > PATIENCE


class ThreadEngine:
    def __init__(self, database: Database, clock: Clock, jobs: tuple[Job, ...]) -> None:
        self._database = database
        self._clock = clock
        self._jobs: Mapping[str, Job] = {job.key: job for job in jobs if not job.runs_everywhere}
        self._lanes = Lanes()
        self._looks = _Looks()
        self._held: dict[int | None, FiringRow] = {}
        #: Attempts that ended and are not written down yet, by firing.
        self._ended: dict[int | None, Ended] = {}
        self._lock = Lock()
        self._wake = Event()
        self._is_stopping = False
        self._thread = Thread(target=self._work, name="engine", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def submit(self, session: Session, firing: FiringRow) -> None:
        """Nothing to do: the row that was just inserted is the order."""

    def wake(self) -> None:
        self._wake.set()

    def run_here(self, job: Job, due_at: datetime) -> None:
        if not self._is_stopping:
            self._lanes.run_here(job, due_at)

    def stop(self, timeout: float) -> bool:
        deadline = monotonic() + timeout
        self._is_stopping = True
        self.wake()
        all_ended = self._lanes.wait(deadline=deadline)
        if self._thread.is_alive():
            self._thread.join(max(0.0, deadline - monotonic()))
        return all_ended and not self._thread.is_alive()

    def _work(self) -> None:
        while not (self._is_stopping and not self._held):
            self._wake.wait(SECONDS_BETWEEN_LOOKS)
            self._wake.clear()
            try:
                self._look()
            except Exception:  # whatever is wrong with the database, the next look may succeed
                log.exception("engine.look_failed")

    def _look(self) -> None:
        with self._lock:
            ended = dict(self._ended)
        with transaction(self._database) as session:
            now = self._clock.now()
            for number, result in ended.items():
                _settle(session, self._held[number], result, now)
            under_way = [row for number, row in self._held.items() if number not in ended]
            beat(session, under_way)
            claimed = [] if self._is_stopping else self._claim(session, now)
        with self._lock:
            for number in ended:
                del self._held[number], self._ended[number]
        for row in claimed:
            self._begin(row)

    def _claim(self, session: Session, now: datetime) -> list[FiringRow]:
        rows_by_job = read_open_firings(session, self._jobs)
        others = [
            row
            for rows in rows_by_job.values()
            for row in rows
            if row.state == FiringState.CLAIMED and row.id not in self._held
        ]
        self._looks.take(others)
        free = (rows for key, rows in rows_by_job.items() if not self._lanes.is_busy(key))
        claims = [self._claim_newest(session, rows, now) for rows in free]
        return [row for row in claims if row is not None]

    def _claim_newest(
        self, session: Session, rows: Sequence[FiringRow], now: datetime
    ) -> FiringRow | None:
        """The newest of a job's open firings, claimed, unless an older one is still under way."""
        if any(row.state == FiringState.CLAIMED and not self._is_dead(row) for row in rows):
            return None
        *older, newest = rows
        for row in older:
            settle_firing(session, row, FiringState.SUPERSEDED, now=now, error=row.error)
        if has_newer(session, newest):
            settle_firing(session, newest, FiringState.SUPERSEDED, now=now, error=newest.error)
        elif newest.attempt >= MOST_ATTEMPTS:
            settle_firing(session, newest, FiringState.FAILED, now=now, error=GIVEN_UP)
        elif newest.not_before <= now and claim_firing(session, newest, now=now):
            return newest
        return None

    def _is_dead(self, row: FiringRow) -> bool:
        return row.id not in self._held and self._looks.found_dead(row)

    def _begin(self, row: FiringRow) -> None:
        self._held[row.id] = row
        self._lanes.run(row.job, partial(self._attempt, row))

    def _attempt(self, row: FiringRow) -> None:
        ended = attempt(self._jobs[row.job], due_at=row.due_at, number=row.attempt)
        with self._lock:
            self._ended[row.id] = ended
        self.wake()


def _settle(session: Session, row: FiringRow, ended: Ended, now: datetime) -> None:
    is_ours = settle_firing(
        session,
        row,
        ended.state,
        now=now,
        error=ended.error,
        not_before=now + ended.retry_after,
    )
    if not is_ours:
        log.warning("engine.taken_over", job=row.job, firing=row.id)
