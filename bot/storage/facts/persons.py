"""Quotas with what was sold against them, and how people began."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Float, Subquery, case, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.deals import holds
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import DaysBetween, Knowledge, Source
from bot.storage.facts.tables import ActivityRow, DealSpanRow, StartRow
from bot.storage.facts.work import done_by
from bot.storage.mirror.opportunity import QuotaRow

SATURDAY = 5


def quota_period(knowledge: Knowledge, choices: Choices) -> Source:
    fiscal = choices.fiscal
    periods = {"month": fiscal.month, "quarter": fiscal.quarter, "year": fiscal.year}
    first, last = periods[choices.quota_period](knowledge.day)
    quotas = _quotas(first, last)
    span: Any = aliased(DealSpanRow, name="sold")
    won = _amounts(
        knowledge, quotas, span, span.is_won.is_(True), span.closed_on.between(first, last)
    )
    due = (span.is_closed.is_(False), span.close_on.between(first, last))
    missing = quotas.c.quota - won
    return Source(
        columns={
            "id": quotas.c.id,
            "rep_id": quotas.c.rep_id,
            "as_of": literal(knowledge.day, Date()),
            "quota": quotas.c.quota,
            "won": won,
            "open_due": _amounts(knowledge, quotas, span, *due),
            "commit_due": _amounts(
                knowledge, quotas, span, *due, span.forecast_category == "Commit"
            ),
            "gap": case((missing > 0, missing), else_=0),
            "elapsed_share": literal(_elapsed_share(knowledge.day, first, last), Float()),
        },
        clause=quotas,
        conditions=[],
    )


def _quotas(first: date, last: date) -> Subquery:
    row = QuotaRow
    return (
        select(
            col(row.owner_id).label("rep_id"),
            func.min(col(row.id)).label("id"),
            func.sum(col(row.amount_cents)).label("quota"),
        )
        .where(col(row.is_deleted).is_(False), col(row.starts_on).between(first, last))
        .group_by(col(row.owner_id))
        .having(func.sum(col(row.amount_cents)) > 0)
        .subquery("quota_of_period")
    )


def _amounts(knowledge: Knowledge, quotas: Any, span: Any, *only: Expression) -> Expression:  # noqa: ANN401 - a subquery and an alias
    return (
        select(func.coalesce(func.sum(span.amount_cents), 0))
        .where(span.rep_id == quotas.c.rep_id, *holds(span, knowledge), *only)
        .correlate(quotas)
        .scalar_subquery()
    )


def _elapsed_share(day: date, first: date, last: date) -> float:
    def weekdays(until: date) -> int:
        days = (first + timedelta(days=n) for n in range((until - first).days + 1))
        return sum(each.weekday() < SATURDAY for each in days)

    return weekdays(day) / weekdays(last)


def starts(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    span: Any = aliased(DealSpanRow, name="theirs")
    day = literal(knowledge.day, Date())
    start: Any = StartRow
    firsts = {
        "deal": _first_of(span, span.closed_on, *holds(span, knowledge), span.is_won.is_(True)),
        "qualified": _first_of(span, span.qualified_on, *holds(span, knowledge)),
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


def _first_of(span: Any, day: Expression, *only: Expression) -> Expression:  # noqa: ANN401 - an alias
    return (
        select(func.min(day))
        .where(span.rep_id == col(StartRow.rep_id), *only)
        .correlate(StartRow)
        .scalar_subquery()
    )


def _first_meeting(knowledge: Knowledge) -> Expression:
    met: Any = aliased(ActivityRow, name="met")
    return (
        select(func.min(met.done_on))
        .where(
            met.rep_id == col(StartRow.rep_id),
            met.kind == "meeting",
            met.is_external.is_(True),
            met.is_missed.is_(False),
            *done_by(knowledge, met),
        )
        .correlate(StartRow)
        .scalar_subquery()
    )
