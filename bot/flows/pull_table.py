"""One table of a pull: what is gone, what changed, and now and then all of it compared.

Every batch of rows is stored in one transaction with the cursor that says so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot.domain.errors import (
    BulkJobLost,
    CoachingError,
    CredentialsRefused,
    MissingField,
    PermanentError,
    TooManyRecords,
)
from bot.flows.first_load import FirstLoad
from bot.flows.reconcile import RECONCILED_EVERY, UNSTAMPED_AT_ONCE, Reconciliation
from bot.ports import BulkReader, Crm, MirrorBatch, MirrorRow
from bot.storage.bulk_jobs import read_bulk_jobs
from bot.storage.crm_schema import lost_values, note_schema
from bot.storage.cursors import CursorRow, read_cursor
from bot.storage.database import reading, transaction
from bot.storage.mirror.upsert import mark_deleted, newest_stamp, upsert

#: A CRM that vouches for less is believed to be wrong, unless nothing that it holds is any newer.
LONGEST_TRANSACTION = timedelta(days=7)
#: Salesforce forgets final deletions after 15 days; before that, all ids are compared.
DELETIONS_KEPT_FOR = timedelta(days=14)
SECOND = timedelta(seconds=1)

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class PullRun:
    """One pull under way."""

    database: Engine
    crm: Crm
    now: datetime
    budget_share: float
    look_back: timedelta
    bulk_from: int
    ids_at_once: int
    #: Table → column → picklist values that settings rely on.
    relied_on: Mapping[str, Mapping[str, Collection[str]]]
    rows: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    missing_columns: dict[str, Sequence[str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None
    #: Whether the table at hand was never read in full; later changes lie all over it.
    is_filling: bool = False

    @property
    def until(self) -> datetime:
        """The end of the second that is under way: stamps are whole seconds."""
        return self.now.replace(microsecond=0) + SECOND

    def stop_when_spent(self) -> bool:
        calls = self.crm.calls()
        if calls.used is None or not calls.allowed:
            return False
        if calls.used >= self.budget_share * calls.allowed:
            self.stopped = (
                f"{calls.used} of today's {calls.allowed} Salesforce calls are used, and pulling"
                f" may use up to {self.budget_share:.0%}; the next pull goes on from here"
            )
            _log.warning("pull.stopped", calls_used=calls.used, calls_allowed=calls.allowed)
        return self.stopped is not None


def pull_table(run: PullRun, table: str) -> None:
    run.missing_columns[table] = missing = tuple(run.crm.missing_columns(table))
    run.rows[table] = run.deleted[table] = 0
    try:
        with transaction(run.database) as session:
            cursor = read_cursor(session, table, is_held=True)
            if set(cursor.missing_columns) - set(missing):
                # A field became visible: records that never change again have a value for it too.
                cursor.pulled_until = None
            cursor.missing_columns = list(missing)
            _note_schema(run, session, cursor)
        _delete(run, cursor)
        _read_changes(run, table)
        _note_what_was_found(run, table)
    except CoachingError as error:
        with transaction(run.database) as session:
            cursor = read_cursor(session, table)
            cursor.problem = str(error)
            cursor.is_unavailable = cursor.is_unavailable or isinstance(error, MissingField)
        if isinstance(error, CredentialsRefused) or not isinstance(error, PermanentError):
            raise
        run.problems[table] = str(error)
    _log.info("pull.table", table=table, rows=run.rows[table], deleted=run.deleted[table])


def _note_schema(run: PullRun, session: Session, cursor: CursorRow) -> None:
    """What was renamed, and which values that we rely on are no longer to be chosen."""
    table = cursor.table_name
    fields = run.crm.fields(table)
    if not fields:
        return
    schema = note_schema(session, table, fields, missing=cursor.missing_columns)
    lost = lost_values(schema, fields, run.relied_on.get(table, {}))
    if lost != cursor.lost_values or schema.renamed != cursor.renamed:
        _log.warning("pull.schema_changed", table=table, lost=lost, renamed=schema.renamed)
    cursor.lost_values, cursor.renamed = dict(lost), dict(schema.renamed)


def _note_what_was_found(run: PullRun, table: str) -> None:
    """Fields that were refused though they are described, and values that nobody can read."""
    missing, unusable = tuple(run.crm.missing_columns(table)), run.crm.take_unusable(table)
    if missing == run.missing_columns[table] and not unusable:
        return
    run.missing_columns[table] = missing
    with transaction(run.database) as session:
        cursor = read_cursor(session, table, is_held=True)
        cursor.missing_columns = list(missing)
        cursor.unusable = {**cursor.unusable, **{name: [*told] for name, told in unusable.items()}}


def reconcile_table(run: PullRun, table: str) -> None:
    """Once a day, when all that is new has been pulled: compare what nothing told us of."""
    with reading(run.database) as session:
        reconciled_at = read_cursor(session, table).reconciled_at
    if table in run.problems or reconciled_at is None:
        return
    if run.now - reconciled_at < RECONCILED_EVERY:
        return
    try:
        _reconcile(run, table, everything=False)
    except CredentialsRefused:
        raise
    except PermanentError as error:
        # What was pulled is pulled; other servers that speak like Salesforce may not count.
        _log.warning("pull.cannot_reconcile", table=table, problem=str(error))


def _delete(run: PullRun, cursor: CursorRow) -> None:
    """Mark what the CRM lists as deleted; what it no longer lists asks for a reconciliation."""
    table, since = cursor.table_name, cursor.deletions_until - run.look_back
    if cursor.deletions_until >= run.now:
        return
    found = run.crm.deletions(table, since=since, until=run.now)
    is_forgotten = run.now - since > DELETIONS_KEPT_FOR or (
        found.known_since is not None and found.known_since > since
    )
    with transaction(run.database) as session:
        cursor = read_cursor(session, table, is_held=True)
        run.deleted[table] = mark_deleted(session, table, found.ids)
        cursor.deletions_until = max(cursor.deletions_until, found.covered_until)
        if is_forgotten:
            cursor.reconciled_at = None
        if run.deleted[table] and cursor.pulled_until is not None:
            # A record that was deleted and restored since then is listed too, and only its newest
            # state tells that it lives.
            cursor.pulled_until = min(cursor.pulled_until, since)


def _read_changes(run: PullRun, table: str) -> None:
    safe = _safe_until(run, table)
    with reading(run.database) as session:
        cursor = read_cursor(session, table)
        is_under_way = bool(read_bulk_jobs(session, table))
    pulled_until, run.is_filling = cursor.pulled_until, cursor.as_of is None
    bulk = run.crm.bulk(table) if pulled_until is None else None
    at_most = None if bulk is None else run.bulk_from - 1
    is_big = is_under_way or not _read_pages(run, table, pulled_until, safe=safe, at_most=at_most)
    if bulk is not None and is_big:
        pulled_until = _load_at_once(run, table, bulk, safe=safe)
        if not run.stopped:
            _read_pages(run, table, pulled_until, safe=safe)
    if not run.stopped:
        _compare_what_was_forgotten(run, table, safe=safe)
    if not run.stopped:
        _finish(run, table, safe=safe)


def _read_pages(
    run: PullRun,
    table: str,
    pulled_until: datetime | None,
    *,
    safe: datetime,
    at_most: int | None = None,
) -> bool:
    """False where there are more than ``at_most``, of which nothing is read then."""
    since = None if pulled_until is None else pulled_until - run.look_back
    try:
        for batch in run.crm.changes(table, since=since, until=run.until, at_most=at_most):
            _store(run, table, batch, safe=safe)
            if run.stop_when_spent():
                break
    except TooManyRecords:
        return False
    return True


def _compare_what_was_forgotten(run: PullRun, table: str, *, safe: datetime) -> None:
    """Deletions that the CRM no longer lists are found only by comparing all ids."""
    with reading(run.database) as session:
        cursor = read_cursor(session, table)
    if cursor.as_of is None or cursor.reconciled_at is not None:
        return
    _reconcile(run, table, everything=True)
    if run.stopped:
        return
    with transaction(run.database) as session:
        cursor = read_cursor(session, table, is_held=True)
        cursor.deletions_until = max(cursor.deletions_until, safe)


def _load_at_once(run: PullRun, table: str, bulk: BulkReader, *, safe: datetime) -> datetime | None:
    """How far the table is pulled then; None when it is to be read by pages after all."""
    load = FirstLoad(database=run.database, table=table, bulk=bulk, is_stopped=run.stop_when_spent)
    try:
        is_through = load.run(now=run.now, until=run.until, safe_until=safe)
    except (BulkJobLost, PermanentError) as error:
        # Pages find out by themselves which fields are left, when one was just hidden, and whether
        # we may read at all or only lack the right to bulk jobs.
        _log.warning("pull.reads_by_pages", table=table, problem=str(error))
        load.give_up()
        is_through = False
    run.rows[table] += load.rows
    with reading(run.database) as session:
        cursor = read_cursor(session, table)
    if is_through:
        gone = run.deleted[table]
        _delete(run, cursor)
        run.deleted[table] += gone
    return cursor.pulled_until


def _reconcile(run: PullRun, table: str, *, everything: bool) -> None:
    census = run.crm.census(table)
    if census is None:
        return
    comparison = Reconciliation(
        database=run.database,
        table=table,
        census=census,
        ids_at_once=run.ids_at_once,
        is_stopped=run.stop_when_spent,
    )
    comparison.compare(now=run.now, everything=everything)
    if comparison.is_finished:
        comparison.read_unstamped(now=run.now, rows_at_once=UNSTAMPED_AT_ONCE)
    run.rows[table] += comparison.rows
    run.deleted[table] += comparison.deleted
    if comparison.is_finished:
        with transaction(run.database) as session:
            cursor = read_cursor(session, table, is_held=True)
            cursor.reconciled_at = run.now
    _note_what_was_found(run, table)


def _safe_until(run: PullRun, table: str) -> datetime:
    """How far the cursor may move; asked before reading, for later it might cover more."""
    safe = run.crm.safe_until(table)
    if safe < run.now - LONGEST_TRANSACTION:
        _log.warning("pull.crm_vouches_for_little", table=table, safe_until=safe)
    return min(safe, run.now)


def _store(run: PullRun, table: str, batch: Sequence[MirrorRow], *, safe: datetime) -> None:
    told = batch.columns["stamp"] if isinstance(batch, MirrorBatch) else [r["stamp"] for r in batch]
    stamps = [stamp for stamp in told if isinstance(stamp, datetime)]
    with transaction(run.database, in_little_memory=run.is_filling) as session:
        cursor = read_cursor(session, table, is_held=True)
        changed = upsert(session, table, batch)
        if cursor.unusable:
            usable = {row["id"] for row in batch}
            kept = {name: told for name, told in cursor.unusable.items() if told[0] not in usable}
            cursor.unusable = kept
        # Batches come oldest first, so everything up to here is stored. A later stamp than the
        # safe one says nothing: its record may have changed after the question was asked.
        reached = [stamp for stamp in (cursor.pulled_until, *stamps) if stamp and stamp <= safe]
        cursor.pulled_until = max(reached, default=cursor.pulled_until)
        cursor.rows += changed
    run.rows[table] += changed


def _finish(run: PullRun, table: str, *, safe: datetime) -> None:
    with transaction(run.database, in_little_memory=run.is_filling) as session:
        cursor = read_cursor(session, table)
        cursor.pulled_until = safe
        if safe < (floor := run.now - LONGEST_TRANSACTION):
            cursor.pulled_until = max(safe, min(floor, newest_stamp(session, table) or floor))
        if cursor.as_of is None:
            # All of it was just read, so there is nothing to compare before tomorrow.
            cursor.reconciled_at = run.now
        cursor.as_of = cursor.pulled_at = run.now
        cursor.problem, cursor.is_unavailable = None, False
