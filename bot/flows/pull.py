"""Salesforce into the mirror: what changed since the last pull, and what is gone for good.

Every batch of rows is stored in one transaction with the cursor that says so, and rows are
upserted by id, so a pull may be killed at any moment: the next one loses and doubles nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from bot.domain.errors import CoachingError, CredentialsRefused, MissingField, PermanentError
from bot.flows.reconcile import RECONCILED_EVERY, Reconciliation
from bot.ports import CallBudget, Clock, Crm, MirrorRow
from bot.storage.cursors import (
    CursorRow,
    PullRow,
    begin_cursors,
    longest_waiting_first,
    mirrored_at,
    read_cursor,
    record_pull,
)
from bot.storage.database import reading, transaction
from bot.storage.mirror.upsert import mark_deleted, upsert

#: Read again on every pull: stamps are given when a transaction starts, rows appear when it ends.
LOOK_BACK = timedelta(minutes=10)
#: A CRM whose longest open transaction is older than this is believed to be wrong.
LONGEST_TRANSACTION = timedelta(hours=24)
#: Salesforce forgets final deletions after 15 days; before that, all ids are compared.
DELETIONS_KEPT_FOR = timedelta(days=14)
SECOND = timedelta(seconds=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """Numbers by mirror table; a table that was not reached is absent."""

    #: Inserted or changed.
    rows: Mapping[str, int]
    #: Gone for good.
    deleted: Mapping[str, int]
    missing_columns: Mapping[str, Sequence[str]]
    #: Why a table could not be pulled.
    problems: Mapping[str, str]
    #: Why the pull ended before it was through; None when it was not.
    stopped: str | None
    calls: CallBudget
    #: The whole mirror is current as of this instant (UTC); None until it was filled once.
    as_of: datetime | None


@dataclass(slots=True, kw_only=True)
class _Pull:
    """One pull under way."""

    database: Engine
    crm: Crm
    now: datetime
    budget_share: float
    look_back: timedelta
    rows: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    missing_columns: dict[str, Sequence[str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None

    @property
    def until(self) -> datetime:
        """The end of the second that is under way: stamps are whole seconds."""
        return self.now.replace(microsecond=0) + SECOND


def pull(
    database: Engine,
    crm: Crm,
    *,
    clock: Clock,
    budget_share: float = 0.8,
    look_back: timedelta = LOOK_BACK,
) -> PullReport:
    """Bring the mirror up to date, table by table.

    Stops early, with a report that says so, once ``budget_share`` of the day's calls are used;
    the next pull goes on from there. A table that cannot be pulled for a lasting reason is
    reported and passed over. Any other CoachingError ends the pull: it is recorded and raised.
    """
    run = _Pull(
        database=database,
        crm=crm,
        now=clock.now(),
        budget_share=budget_share,
        look_back=look_back,
    )
    try:
        _pull_tables(run)
    except CoachingError as error:
        _record(run, clock.now(), problem=str(error))
        raise
    complaints = [f"{table}: {text}" for table, text in run.problems.items()]
    _record(run, clock.now(), problem=run.stopped or "\n".join(complaints) or None)
    with reading(database) as session:
        return PullReport(
            rows=run.rows,
            deleted=run.deleted,
            missing_columns=run.missing_columns,
            problems=run.problems,
            stopped=run.stopped,
            calls=crm.calls(),
            as_of=mirrored_at(session),
        )


def _pull_tables(run: _Pull) -> None:
    tables = run.crm.objects()
    with transaction(run.database) as session:
        begin_cursors(session, tables, now=run.now)
        tables = longest_waiting_first(session, tables)
    for table in tables:
        if _stop_when_spent(run):
            return
        _pull_table(run, table)


def _pull_table(run: _Pull, table: str) -> None:
    run.missing_columns[table] = missing = tuple(run.crm.missing_columns(table))
    run.rows[table] = run.deleted[table] = 0
    try:
        with transaction(run.database) as session:
            cursor = read_cursor(session, table)
            if set(cursor.missing_columns) - set(missing):
                # A field became visible: records that never change again have a value for it too.
                cursor.pulled_until = None
            cursor.missing_columns = list(missing)
        _delete(run, cursor)
        _read_changes(run, table)
    except CoachingError as error:
        with transaction(run.database) as session:
            cursor = read_cursor(session, table)
            cursor.problem = str(error)
            cursor.is_unavailable = cursor.is_unavailable or isinstance(error, MissingField)
        if isinstance(error, CredentialsRefused) or not isinstance(error, PermanentError):
            raise
        run.problems[table] = str(error)
    _log.info("pull.table", table=table, rows=run.rows[table], deleted=run.deleted[table])


def _delete(run: _Pull, cursor: CursorRow) -> None:
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
        cursor.deletions_until = found.covered_until
        if is_forgotten:
            cursor.reconciled_at = None
        if run.deleted[table] and cursor.pulled_until is not None:
            # A record that was deleted and restored since then is listed too, and only its newest
            # state tells that it lives.
            cursor.pulled_until = min(cursor.pulled_until, since)


def _read_changes(run: _Pull, table: str) -> None:
    safe = _safe_until(run, table)
    with reading(run.database) as session:
        pulled_until = read_cursor(session, table).pulled_until
    since = None if pulled_until is None else pulled_until - run.look_back
    for batch in run.crm.changes(table, since=since, until=run.until):
        _store(run, table, batch, safe=safe)
        if _stop_when_spent(run):
            return
    with reading(run.database) as session:
        cursor = read_cursor(session, table)
    is_forgotten = cursor.as_of is not None and cursor.reconciled_at is None
    if is_forgotten:
        _reconcile(run, table, everything=True)
        if run.stopped:
            return
    _finish(run, table, safe=safe)
    if cursor.reconciled_at and run.now - cursor.reconciled_at >= RECONCILED_EVERY:
        _reconcile(run, table, everything=False)


def _reconcile(run: _Pull, table: str, *, everything: bool) -> None:
    census = run.crm.census(table)
    if census is None:
        return
    comparison = Reconciliation(
        database=run.database,
        table=table,
        census=census,
        is_stopped=lambda: _stop_when_spent(run),
    )
    comparison.compare(now=run.now, everything=everything)
    run.rows[table] += comparison.rows
    run.deleted[table] += comparison.deleted
    if comparison.is_finished:
        with transaction(run.database) as session:
            cursor = read_cursor(session, table, is_held=True)
            cursor.reconciled_at = run.now


def _safe_until(run: _Pull, table: str) -> datetime:
    """How far the cursor may move; asked before reading, for later it might cover more."""
    safe = run.crm.safe_until(table)
    floor = run.now - LONGEST_TRANSACTION
    if safe < floor:
        _log.warning("pull.crm_vouches_for_little", table=table, safe_until=safe)
    return min(max(safe, floor), run.now)


def _store(run: _Pull, table: str, batch: Sequence[MirrorRow], *, safe: datetime) -> None:
    stamps = [stamp for row in batch if isinstance(stamp := row["stamp"], datetime)]
    with transaction(run.database) as session:
        cursor = read_cursor(session, table, is_held=True)
        changed = upsert(session, table, batch)
        # Batches come oldest first, so everything up to here is stored. A later stamp than the
        # safe one says nothing: its record may have changed after the question was asked.
        reached = [stamp for stamp in (cursor.pulled_until, *stamps) if stamp and stamp <= safe]
        cursor.pulled_until = max(reached, default=cursor.pulled_until)
        cursor.rows += changed
    run.rows[table] += changed


def _finish(run: _Pull, table: str, *, safe: datetime) -> None:
    with transaction(run.database) as session:
        cursor = read_cursor(session, table)
        cursor.pulled_until = safe
        if cursor.as_of is None:
            # All of it was just read, so there is nothing to compare before tomorrow.
            cursor.reconciled_at = run.now
        cursor.as_of = cursor.pulled_at = run.now
        cursor.problem, cursor.is_unavailable = None, False


def _stop_when_spent(run: _Pull) -> bool:
    calls = run.crm.calls()
    if calls.used is None or not calls.allowed:
        return False
    if calls.used >= run.budget_share * calls.allowed:
        run.stopped = (
            f"{calls.used} of today's {calls.allowed} Salesforce calls are used, and pulling may"
            f" use up to {run.budget_share:.0%}; the next pull goes on from here"
        )
        _log.warning("pull.stopped", calls_used=calls.used, calls_allowed=calls.allowed)
    return run.stopped is not None


def _record(run: _Pull, finished_at: datetime, *, problem: str | None) -> None:
    calls = run.crm.calls()
    with transaction(run.database) as session:
        record_pull(
            session,
            PullRow(
                started_at=run.now,
                finished_at=finished_at,
                rows=sum(run.rows.values()),
                deleted=sum(run.deleted.values()),
                problem=problem,
                calls_used=calls.used,
                calls_allowed=calls.allowed,
            ),
        )
