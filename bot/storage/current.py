"""Readings of today, from what was filled where that says the same, else from the facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Reading
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.storage.availability import unavailable_metrics
from bot.storage.facts.days import Days
from bot.storage.facts.deal_activity import kept_deals_on
from bot.storage.facts.roles import are_roles_told
from bot.storage.facts.select import Knowledge
from bot.storage.facts.tables import ACTIVITY_CHANGE, DirtyDayRow
from bot.storage.fill import FillStateRow, StateDayRow
from bot.storage.mirror.stale import StaleRecordRow
from bot.storage.readings import measure, read, read_each
from bot.storage.version import remembered

#: So long after the filling nothing but today can have changed by itself.
FRESH_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """How the daily readings were filled: the definition's version and the instant, by metric."""

    states: Mapping[MetricKey, tuple[str, datetime]]
    is_pending: bool


def _read_filled(session: Session) -> _Filled:
    stale = select(col(StaleRecordRow.record_id)).limit(1)
    dirty = select(col(DirtyDayRow.day)).where(col(DirtyDayRow.is_filled).is_(False)).limit(1)
    changed = select(ACTIVITY_CHANGE.c.number).limit(1)
    return _Filled(
        states={
            MetricKey(row.metric): (row.version, row.filled_at)
            for row in session.exec(select(FillStateRow))
        },
        is_pending=any(session.exec(each).first() is not None for each in (stale, dirty, changed))
        or not are_roles_told(session),
    )


def _filled(session: Session) -> _Filled:
    return remembered(session, "filled", lambda: _read_filled(session))


def as_filled(session: Session, knowledge: Knowledge) -> Knowledge:
    """The same knowledge, marked as that of the daily readings when these were filled just now.

    That is so when nothing that was pulled is pending; never in a replay, whose now is long past.
    """
    filled = _filled(session)
    ages = [knowledge.now - at for _, at in filled.states.values()]
    is_fresh = bool(ages) and timedelta(0) <= min(ages) and max(ages) <= FRESH_FOR
    is_current = is_fresh and not filled.is_pending
    return replace(
        knowledge,
        is_current=is_current,
        kept_on=kept_deals_on(session) if is_current else None,
    )


def is_filled(
    session: Session, definition: Definition, window: Window, knowledge: Knowledge
) -> bool:
    """Whether the daily readings say what ``knowledge`` knows of the window."""
    metric = definition.metric
    if not knowledge.is_current:
        return False
    version, _ = _filled(session).states.get(metric.key, (None, None))
    if version != definition.version:
        return False
    if metric.is_state:
        place = (metric.key, window.last)
        return remembered(
            session, ("state day", place), lambda: session.get(StateDayRow, place) is not None
        )
    # What is planned for later today has not come about yet, whenever today was filled.
    return window.last < knowledge.day


def read_or_measure(
    session: Session,
    definition: Definition,
    *,
    reps: Iterable[RepId],
    window: Window,
    knowledge: Knowledge,
    as_of: datetime,
    days: Sequence[Days] = (),
) -> dict[RepId, Reading]:
    if is_filled(session, definition, window, knowledge) and not unavailable_metrics(
        session, [definition]
    ):
        return read(session, definition, reps=reps, window=window, as_of=as_of, days=days)
    return measure(
        session,
        definition,
        reps=reps,
        window=window,
        knowledge=knowledge,
        as_of=as_of,
        days=days,
    )


def read_or_measure_each(
    session: Session,
    definition: Definition,
    *,
    rep: RepId,
    windows: Sequence[Window],
    knowledge: Knowledge,
    as_of: datetime,
    days: Sequence[Days] = (),
) -> list[Reading]:
    """The same of one rep, over several windows of a flow."""
    known = not unavailable_metrics(session, [definition])
    if (
        windows
        and known
        and all(is_filled(session, definition, window, knowledge) for window in windows)
    ):
        return read_each(session, definition, rep=rep, windows=windows, as_of=as_of, days=days)
    return [
        read_or_measure(
            session,
            definition,
            reps=[rep],
            window=window,
            knowledge=knowledge,
            as_of=as_of,
            days=days,
        )[rep]
        for window in windows
    ]
