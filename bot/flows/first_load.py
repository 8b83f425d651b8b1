"""A first load of a big table through the CRM's bulk jobs, resumed at the page where it ended.

The ledger says which window is read from which job and at which locator; it moves in the
transaction that stored the page. Rows come in no order, so the cursor moves only at the end.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Engine

from bot.domain.errors import BulkJobLost, CoachingError
from bot.ports import BulkPage, BulkReader
from bot.storage.bulk_jobs import (
    BulkJobRow,
    drop_bulk_jobs,
    find_bulk_job,
    plan_bulk_jobs,
    read_bulk_jobs,
)
from bot.storage.cursors import read_cursor
from bot.storage.database import reading, transaction
from bot.storage.mirror.upsert import upsert

#: Windows that are read at once.
WINDOWS = 4
#: A window whose jobs are lost so often is left to the ordinary pages.
LOST_AT_MOST = 2

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class FirstLoad:
    """One table's load, begun anew or taken up where another process left it."""

    database: Engine
    table: str
    bulk: BulkReader
    #: Asked before each call; true ends the load unfinished.
    is_stopped: Callable[[], bool]
    rows: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ends: threading.Event = field(default_factory=threading.Event)

    def run(self, *, now: datetime, until: datetime, safe_until: datetime) -> bool:
        """Whether all of it is stored now, and the cursor with it. Raises BulkJobLost."""
        jobs = self._jobs() or self._plan(now=now, until=until, safe_until=safe_until)
        with ThreadPoolExecutor(WINDOWS, thread_name_prefix="bulk") as threads:
            loads = [threads.submit(self._load, job.id or 0) for job in jobs]
        for load in loads:
            load.result()
        return not self._ends.is_set() and self._finish()

    def give_up(self) -> None:
        """Forget the load; what it stored stays, and may be stored again."""
        for job in self._jobs():
            if job.job is not None:
                self._forget(job.job)
        with transaction(self.database) as session:
            drop_bulk_jobs(session, self.table)

    def _jobs(self) -> Sequence[BulkJobRow]:
        with reading(self.database) as session:
            return read_bulk_jobs(session, self.table)

    def _plan(
        self, *, now: datetime, until: datetime, safe_until: datetime
    ) -> Sequence[BulkJobRow]:
        """Windows of equal length between the oldest stamp and now."""
        oldest = self.bulk.oldest() or until
        step = (until - oldest) / WINDOWS
        edges = [(oldest + number * step).replace(microsecond=0) for number in range(1, WINDOWS)]
        with transaction(self.database) as session:
            plan_bulk_jobs(
                session,
                [
                    BulkJobRow(
                        table_name=self.table,
                        since=lower,
                        until=upper,
                        safe_until=safe_until,
                        begun_at=now,
                    )
                    for lower, upper in zip([None, *edges], [*edges, until], strict=True)
                ],
            )
        return self._jobs()

    def _load(self, row_id: int) -> None:
        try:
            while not self._ends.is_set():
                with self._lock, reading(self.database) as session:
                    row = find_bulk_job(session, row_id)
                if row is None or row.is_read:
                    return
                if self._stops():
                    return
                try:
                    self._advance(row)
                except BulkJobLost as error:
                    self._begin_anew(row, error)
        except BaseException:
            self._ends.set()
            raise

    def _stops(self) -> bool:
        with self._lock:
            if self.is_stopped():
                self._ends.set()
        return self._ends.is_set()

    def _advance(self, row: BulkJobRow) -> None:
        """The next small thing: begin the job, wait for it, or store one page of it."""
        if row.job is None:
            job = self.bulk.begin(since=row.since, until=row.until)
            self._note(row, job=job)
        elif row.size is None:
            self._note(row, size=self.bulk.finish(row.job, is_stopped=self._stops))
        else:
            self._store(row, self.bulk.page(row.job, row.locator))

    def _note(self, row: BulkJobRow, *, job: str | None = None, size: int | None = None) -> None:
        with self._lock, transaction(self.database) as session:
            current = find_bulk_job(session, row.id or 0)
            if current is not None and (current.job, current.size) == (row.job, row.size):
                current.job = job or current.job
                current.size = size if size is not None else current.size

    def _store(self, row: BulkJobRow, page: BulkPage) -> None:
        with self._lock, transaction(self.database, in_little_memory=True) as session:
            cursor = read_cursor(session, self.table, is_held=True)
            current = find_bulk_job(session, row.id or 0)
            if current is None or (current.job, current.rows) != (row.job, row.rows):
                # Another pull was faster.
                return
            changed = sum(upsert(session, self.table, batch) for batch in page.batches)
            cursor.rows += changed
            current.rows += page.size
            current.locator = page.locator
            current.is_read = page.locator is None
            if current.is_read and current.rows != current.size:
                raise BulkJobLost(f"{current.rows} of {current.size} records came from {row.job}")
        self.rows += changed

    def _begin_anew(self, row: BulkJobRow, error: BulkJobLost) -> None:
        _log.warning("pull.bulk_job_lost", table=self.table, problem=str(error))
        with self._lock, transaction(self.database) as session:
            current = find_bulk_job(session, row.id or 0)
            if current is None or current.job != row.job:
                return
            current.lost += 1
            lost = current.lost
            current.job = current.locator = current.size = None
            current.rows = 0
        if lost >= LOST_AT_MOST:
            raise error

    def _finish(self) -> bool:
        jobs = self._jobs()
        for each in jobs:
            if each.job is not None:
                self._forget(each.job)
        with transaction(self.database) as session:
            cursor = read_cursor(session, self.table, is_held=True)
            if jobs:
                cursor.pulled_until = min(each.safe_until for each in jobs)
                # Jobs tell how it was when they began; what went since then is to be heard again.
                begun_at = min(each.begun_at for each in jobs)
                cursor.deletions_until = min(cursor.deletions_until, begun_at)
            drop_bulk_jobs(session, self.table)
        return True

    def _forget(self, job: str) -> None:
        try:
            self.bulk.forget(job)
        except CoachingError as error:
            # It goes by itself after a week.
            _log.info("pull.bulk_job_left", job=job, problem=str(error))
