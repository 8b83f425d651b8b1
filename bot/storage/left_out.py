"""How many facts of a metric were left out, or taken with a grain of salt, and why."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from bot.domain.ids import RepId
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.metrics.flaws import Flaw, LeftOut, flaws_that_matter
from bot.storage.facts.select import Knowledge, source_of
from bot.storage.facts.tables import DealSpanRow


def read_left_out(
    session: Session,
    definition: Definition,
    *,
    reps: Collection[RepId],
    window: Window,
    knowledge: Knowledge,
) -> Sequence[LeftOut]:
    """Of the records of these people together; see ``read_left_out_by_rep``."""
    found: Counter[Flaw] = Counter()
    told = read_left_out_by_rep(session, definition, reps=reps, window=window, knowledge=knowledge)
    for of_rep in told.values():
        found.update({each.flaw: each.facts for each in of_rep})
    return [LeftOut(flaw=flaw, facts=found[flaw]) for flaw in Flaw if found[flaw]]


def read_left_out_by_rep(
    session: Session,
    definition: Definition,
    *,
    reps: Collection[RepId],
    window: Window,
    knowledge: Knowledge,
) -> Mapping[RepId, Sequence[LeftOut]]:
    """Of the records of these people in the window, those with a flaw that matters here.

    The metric's own condition is not asked, since a flaw may be why it does not hold.
    """
    source = source_of(definition.table.name, knowledge, definition.choices)
    source = source.flawed or source
    matter = flaws_that_matter(definition.columns)
    if not matter or "flaws" not in source.columns:
        return {}
    flaws: Any = source.columns["flaws"]
    day: Any = source.columns[definition.day]
    in_window = or_(
        day.between(window.first, window.last),
        and_(day.is_(None), or_(*_without_a_day(flaws, source.columns, window))),
    )
    counts = [func.count(case((flaws.contains(_told_as(flaw)), 1))) for flaw in matter]
    rep = source.columns["rep_id"]
    wanted = (
        select(rep, *counts)
        .select_from(source.clause_for({definition.day}))
        .where(rep.in_(reps), in_window, *source.conditions)
        .group_by(rep)
    )
    return {
        RepId(owner): [
            LeftOut(flaw=flaw, facts=int(facts))
            for flaw, facts in zip(matter, found, strict=True)
            if facts
        ]
        for owner, *found in session.connection().execute(wanted)
    }


def _without_a_day(
    flaws: Any,  # noqa: ANN401 - a column
    columns: Mapping[str, Any],
    window: Window,
) -> Iterator[Any]:
    """A close date that cannot be is in no window at all, and should be told in each.

    The day a deal may have become qualified lies somewhere between its creation and its end.
    """
    yield flaws.contains(_told_as(Flaw.IMPOSSIBLE_DATE))
    if "created_on" in columns:
        closed_on = col(DealSpanRow.closed_on)
        yield and_(
            flaws.contains(_told_as(Flaw.CAME_THROUGH_UNKNOWN)),
            columns["created_on"] <= window.last,
            or_(closed_on.is_(None), closed_on >= window.first),
        )


def _told_as(flaw: Flaw) -> str:
    return f"|{flaw}|"
