"""Opportunities as facts: created, qualified and closed ones."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import FromClause, Integer, cast, extract, func, literal
from sqlalchemy.types import Date
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import DaysBetween, Knowledge, Source
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import OpportunityRow

MONTHS_A_QUARTER = 3


def holds(span: Any, knowledge: Knowledge) -> list[Expression]:  # noqa: ANN401 - a table class or an alias of one
    """The span that tells what was known on the day."""
    return [span.first_day <= knowledge.day, span.last_day >= knowledge.day]


def with_opportunity(span: Any) -> FromClause:  # noqa: ANN401 - a table class or an alias of one
    table: FromClause = span.__table__ if hasattr(span, "__table__") else span
    opportunity = OpportunityRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    return table.join(opportunity, col(OpportunityRow.id) == span.opportunity_id)


def deal_columns(span: Any) -> dict[str, Expression]:  # noqa: ANN401 - a table class or an alias of one
    """What every table of opportunities has, as the span tells it."""
    opportunity = OpportunityRow
    return {
        "id": span.opportunity_id,
        "rep_id": span.rep_id,
        "name": col(opportunity.name),
        "account_id": col(opportunity.account_id),
        "amount": span.amount_cents,
        "stage": span.stage_name,
        "stage_progress": span.stage_progress,
        "forecast_category": span.forecast_category,
        "probability": span.probability,
        "type": col(opportunity.type),
        "lead_source": col(opportunity.lead_source),
        "created_on": span.created_on,
        "close_on": span.close_on,
        "pushes": span.pushes,
    }


def created(knowledge: Knowledge, choices: Choices) -> Source:
    span: Any = DealSpanRow
    return _deals(
        knowledge,
        choices,
        is_closed=span.is_closed,
        is_won=span.is_won,
        is_qualified=span.qualified_on.is_not(None),
        first_amount=span.first_amount_cents,
    )


def qualified(knowledge: Knowledge, choices: Choices) -> Source:
    span: Any = DealSpanRow
    until = func.coalesce(span.closed_on, literal(knowledge.day, Date()))
    return _deals(
        knowledge,
        choices,
        qualified_on=span.qualified_on,
        qualified_amount=span.qualified_amount_cents,
        is_closed=span.is_closed,
        is_won=span.is_won,
        days_to_qualify=DaysBetween(span.qualified_on, span.created_on),
        days_to_close=DaysBetween(until, span.qualified_on),
    )


def closed(knowledge: Knowledge, choices: Choices) -> Source:
    span: Any = DealSpanRow
    source = _deals(
        knowledge,
        choices,
        closed_on=span.closed_on,
        is_won=span.is_won,
        amount_before_close=span.amount_before_close_cents,
        first_amount=span.first_amount_cents,
        furthest_progress=span.furthest_progress,
        cycle_days=span.cycle_days,
        qualified_cycle_days=DaysBetween(span.closed_on, span.qualified_on),
        month_of_quarter=_month_of_quarter(span.closed_on, choices),
    )
    return Source(
        columns=source.columns,
        clause=source.clause,
        conditions=[*source.conditions, span.is_closed.is_(True)],
    )


def _month_of_quarter(day: Expression, choices: Choices) -> Expression:
    month = cast(extract("month", day), Integer())
    return (month - choices.fiscal_start_month + 12) % MONTHS_A_QUARTER + 1


def _deals(knowledge: Knowledge, choices: Choices, **more: Expression) -> Source:
    _ = choices
    span: Any = DealSpanRow
    columns: Mapping[str, Expression] = {**deal_columns(span), **more}
    return Source(columns=columns, clause=with_opportunity(span), conditions=holds(span, knowledge))
