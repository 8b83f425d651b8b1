"""Salesforce into the mirror: what changed since the last pull, and what is gone for good.

Every batch of rows is stored in one transaction with the cursor that says so, and rows are
upserted by id, so a pull may be killed at any moment: the next one loses and doubles nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog
from sqlalchemy import Engine

from bot.domain.errors import CoachingError
from bot.flows.pull_table import PullRun, pull_table, reconcile_table
from bot.ports import CallBudget, Clock, Crm
from bot.storage.cursors import (
    PullRow,
    begin_cursors,
    longest_waiting_first,
    mirrored_at,
    record_pull,
)
from bot.storage.database import reading, transaction

#: Read again on every pull: stamps are given when a transaction starts, rows appear when it ends.
LOOK_BACK = timedelta(minutes=10)
#: From so many records on, bulk jobs cost fewer calls than pages.
BULK_FROM = 50_000
#: So many ids are compared in memory; larger windows that differ are halved first.
IDS_AT_ONCE = 20_000
NOTHING: Mapping[str, Mapping[str, Collection[str]]] = MappingProxyType({})

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


def pull(
    database: Engine,
    crm: Crm,
    *,
    clock: Clock,
    budget_share: float = 0.8,
    look_back: timedelta = LOOK_BACK,
    bulk_from: int = BULK_FROM,
    ids_at_once: int = IDS_AT_ONCE,
    relied_on: Mapping[str, Mapping[str, Collection[str]]] = NOTHING,
) -> PullReport:
    """Bring the mirror up to date, table by table.

    Stops early, with a report that says so, once ``budget_share`` of the day's calls are used;
    the next pull goes on from there. A table that cannot be pulled for a lasting reason is
    reported and passed over. A table of ``bulk_from`` records or more is first loaded by bulk
    jobs. ``relied_on`` says which picklist values settings name, by table and column; what leaves
    its picklist is remembered by the cursor. Any other CoachingError ends the pull: it is recorded
    and raised.
    """
    run = PullRun(
        database=database,
        crm=crm,
        now=clock.now(),
        budget_share=budget_share,
        look_back=look_back,
        bulk_from=bulk_from,
        ids_at_once=ids_at_once,
        relied_on=relied_on,
    )
    try:
        _pull_tables(run)
    except CoachingError as error:
        _record(run, clock.now(), problem=str(error))
        raise
    complaints = [f"{table}: {text}" for table, text in run.problems.items()]
    _record(run, clock.now(), problem=run.stopped or "\n".join(complaints) or None)
    return _report(run)


def _report(run: PullRun) -> PullReport:
    with reading(run.database) as session:
        return PullReport(
            rows=run.rows,
            deleted=run.deleted,
            missing_columns=run.missing_columns,
            problems=run.problems,
            stopped=run.stopped,
            calls=run.crm.calls(),
            as_of=mirrored_at(session),
        )


def _pull_tables(run: PullRun) -> None:
    tables = run.crm.objects()
    with transaction(run.database) as session:
        begin_cursors(session, tables, now=run.now)
        tables = longest_waiting_first(session, tables)
    for table in tables:
        if run.stop_when_spent():
            return
        pull_table(run, table)
    for table in tables:
        if run.stop_when_spent():
            return
        reconcile_table(run, table)


def _record(run: PullRun, finished_at: datetime, *, problem: str | None) -> None:
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
