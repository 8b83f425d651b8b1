"""How people began."""

from typing import Any

from sqlalchemy import Date, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.deals import holds, is_owner_at
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import DaysBetween, Knowledge, Source
from bot.storage.facts.tables import ActivityRow, DealSpanRow, StartRow
from bot.storage.facts.work import done_by


def starts(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    span: Any = aliased(DealSpanRow, name="theirs")
    day = literal(knowledge.day, Date())
    start: Any = StartRow
    firsts = {
        "deal": _first_of(span, "closed", *holds(span, knowledge), span.is_won.is_(True)),
        "qualified": _first_of(span, "qualified", *holds(span, knowledge)),
        "meeting": _first_meeting(knowledge),
    }
    columns: dict[str, Expression] = {
        "id": start.rep_id,
        "rep_id": start.rep_id,
        "as_of": day,
        "started_on": start.started_on,
        "days_so_far": DaysBetween(day, start.started_on),
    }
    for name, first in firsts.items():
        columns[f"first_{name}_on"] = first
        columns[f"days_to_first_{name}"] = DaysBetween(func.coalesce(first, day), start.started_on)
    columns["has_deal"] = firsts["deal"].is_not(None)
    columns["has_qualified"] = firsts["qualified"].is_not(None)
    columns["has_met"] = firsts["meeting"].is_not(None)
    return Source(
        columns=columns,
        clause=start.__table__,
        conditions=[start.started_on <= knowledge.day],
    )


def _first_of(span: Any, event: str, *only: Expression) -> Expression:  # noqa: ANN401 - an alias
    return (
        select(func.min(getattr(span, f"{event}_on")))
        .where(is_owner_at(span, event, col(StartRow.rep_id)), *only)
        .correlate(StartRow)
        .scalar_subquery()
    )


def _first_meeting(knowledge: Knowledge) -> Expression:
    met: Any = aliased(ActivityRow, name="met")
    theirs = met.rep_id == col(StartRow.rep_id)
    first = select(func.min(met.done_on)).where(theirs, *was_held(knowledge, met))
    return first.correlate(StartRow).scalar_subquery()


def was_held(knowledge: Knowledge, met: Any) -> tuple[Expression, ...]:  # noqa: ANN401 - an alias
    return (
        met.kind == "meeting",
        met.is_external.is_(True),
        met.is_missed.is_(False),
        *done_by(knowledge, met),
    )
