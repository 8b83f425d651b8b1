"""What the mirror holds against what the CRM holds, for whatever no log of changes told.

Counts are compared first, windows in which they differ are halved until they are small, and then
the ids and stamps of their records are compared. Whatever differs is read again by its id, so
nothing here depends on when exactly the two sides were looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Engine, Table, and_, func, select
from sqlmodel import Session, SQLModel

from bot.ports import Census
from bot.storage.cursors import read_cursor
from bot.storage.database import reading, transaction
from bot.storage.mirror import MIRROR_TABLES
from bot.storage.mirror.upsert import mark_deleted, refresh, upsert

RECONCILED_EVERY = timedelta(hours=24)
#: Equal counts may hide two mistakes, so every night the ids of one part in so many are compared.
PARTS = 28
#: Formulas of so many records are read again every night; of more, those of one part.
UNSTAMPED_AT_ONCE = 50_000
DAY = timedelta(days=1)
#: Before the first org there was nothing to count.
EARLIEST = datetime(1999, 1, 1, tzinfo=UTC)

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Reconciliation:
    """One table's comparison under way, and what it mended so far."""

    database: Engine
    table: str
    census: Census
    #: Windows with more records than this are halved before ids are compared.
    ids_at_once: int
    #: Asked before each question to the CRM; true ends the comparison unfinished.
    is_stopped: Callable[[], bool]
    rows: int = 0
    deleted: int = 0
    is_finished: bool = True

    def compare(self, *, now: datetime, everything: bool) -> None:
        """Count all, and compare ids where counts differ and in the part whose turn it is."""
        if not self.census.is_by_creation:
            self._compare_ids(None, None)
            return
        self._compare(EARLIEST, now + DAY, is_suspect=everything)
        if not everything:
            self._compare(*self._part(now), is_suspect=True)

    def read_unstamped(self, *, now: datetime, rows_at_once: int) -> None:
        """Read again what changes without a new stamp: all of a table, or tonight's part of it."""
        since: datetime | None = None
        until: datetime | None = None
        if self.census.is_by_creation and self._count_here(EARLIEST, now + DAY) > rows_at_once:
            since, until = self._part(now)
        for batch in self.census.unstamped(since=since, until=until):
            with transaction(self.database) as session:
                read_cursor(session, self.table, is_held=True)
                self.rows += refresh(session, self.table, batch)
            if self._stops():
                return

    def _part(self, now: datetime) -> tuple[datetime, datetime]:
        mirror = _mirror(self.table)
        with reading(self.database) as session:
            first = session.connection().execute(select(func.min(mirror.c.created_at))).scalar()
        first = first or now
        span = (now + DAY - first) / PARTS
        number = now.toordinal() % PARTS
        return first + number * span, first + (number + 1) * span + timedelta(seconds=1)

    def _compare(self, since: datetime, until: datetime, *, is_suspect: bool) -> None:
        if self._stops():
            return
        here = self._count_here(since, until)
        there = self.census.count(since=since, until=until)
        if here == there and not (is_suspect and here):
            return
        is_large = there is None or max(here, there) > self.ids_at_once
        is_short = until - since <= DAY
        if (is_short or not is_large) and (self._compare_ids(since, until) or is_short):
            return
        middle = (since + (until - since) / 2).replace(microsecond=0)
        self._compare(since, middle, is_suspect=is_suspect)
        self._compare(middle, until, is_suspect=is_suspect)

    def _stops(self) -> bool:
        self.is_finished = self.is_finished and not self.is_stopped()
        return not self.is_finished

    def _count_here(self, since: datetime, until: datetime) -> int:
        mirror = _mirror(self.table)
        with reading(self.database) as session:
            count = select(func.count()).select_from(mirror).where(_alive(mirror, since, until))
            return int(session.connection().execute(count).scalar() or 0)

    def _compare_ids(self, since: datetime | None, until: datetime | None) -> bool:
        """False where it takes the CRM too long to list so many."""
        if self._stops():
            return True
        there = self.census.stamps(since=since, until=until)
        if there is None:
            _log.warning("pull.listing_too_long", table=self.table, since=since, until=until)
            return False
        with reading(self.database) as session:
            here = _stamps_here(session, self.table, since, until)
        doubtful = sorted(
            {each for each in there.keys() | here.keys() if _differs(each, here, there)}
        )
        if not doubtful:
            return True
        found: set[str] = set()
        for batch in self.census.records(doubtful):
            found.update(str(row["id"]) for row in batch)
            with transaction(self.database) as session:
                cursor = read_cursor(session, self.table, is_held=True)
                changed = upsert(session, self.table, batch)
                cursor.rows += changed
            self.rows += changed
        with transaction(self.database) as session:
            read_cursor(session, self.table, is_held=True)
            self.deleted += mark_deleted(session, self.table, here.keys() & set(doubtful) - found)
        _log.info("pull.reconciled", table=self.table, doubtful=len(doubtful))
        return True


def _differs(
    record_id: str, here: Mapping[str, datetime], there: Mapping[str, datetime | None]
) -> bool:
    if record_id not in here or record_id not in there:
        return True
    stamp = there[record_id]
    return stamp is not None and stamp > here[record_id]


def _stamps_here(
    session: Session, table: str, since: datetime | None, until: datetime | None
) -> Mapping[str, datetime]:
    mirror = _mirror(table)
    statement = select(mirror.c.id, mirror.c.stamp).where(_alive(mirror, since, until))
    return {str(key): stamp for key, stamp in session.connection().execute(statement)}


def _alive(mirror: Table, since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [mirror.c.is_deleted.is_(False)]
    if since is not None:
        conditions.append(mirror.c.created_at >= since)
    if until is not None:
        conditions.append(mirror.c.created_at < until)
    return and_(*conditions)


def _mirror(table: str) -> Table:
    return SQLModel.metadata.tables[str(MIRROR_TABLES[table].__tablename__)]
