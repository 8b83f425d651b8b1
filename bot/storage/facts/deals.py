"""Opportunities as facts: created, qualified and closed ones."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import FromClause, Integer, and_, case, cast, extract, false, func, literal, or_
from sqlalchemy.types import Date
from sqlmodel import col

from bot.domain.choices import Choices
from bot.domain.fiscal import CalendarMonths, FiscalCalendar, Span, as_it_is_now
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import DaysBetween, Knowledge, Source
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import OpportunityRow

MONTHS_A_QUARTER = 3
A_MONDAY = date(1900, 1, 1)
DAYS_A_WEEK, WEEKDAYS = 7, 5


def holds(span: Any, knowledge: Knowledge) -> list[Expression]:  # noqa: ANN401 - a table class or an alias of one
    """The span that tells what was known on the day."""
    return [span.first_day <= knowledge.day, span.last_day >= knowledge.day]


def with_opportunity(span: Any) -> FromClause:  # noqa: ANN401 - a table class or an alias of one
    table: FromClause = span.__table__ if hasattr(span, "__table__") else span
    opportunity = OpportunityRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    return table.join(opportunity, col(OpportunityRow.id) == span.opportunity_id)


def days(choices: Choices, later: Expression, earlier: Expression) -> Expression:
    """Days from one date to another, as the team counts them."""
    if choices.days == "calendar":
        return DaysBetween(later, earlier)
    return weekdays(later, earlier)


def weekdays(later: Expression, earlier: Expression) -> Expression:
    return _weekdays_until(later) - _weekdays_until(earlier)


def _weekdays_until(day: Expression) -> Expression:
    """Weekdays since a Monday long ago; public holidays are weekdays here."""
    since = DaysBetween(day, literal(A_MONDAY, Date()))
    rest = since % DAYS_A_WEEK
    return since // DAYS_A_WEEK * WEEKDAYS + case((rest > WEEKDAYS, WEEKDAYS), else_=rest)


def owner_at(span: Any, event: str) -> Expression:  # noqa: ANN401 - a table class or an alias of one
    """Who owned it when it was created, qualified or closed, whoever owns it since."""
    return func.coalesce(getattr(span, f"{event}_rep_id"), span.rep_id)


def is_owner_at(span: Any, event: str, rep: Expression) -> Expression:  # noqa: ANN401 - an alias
    """The same as a condition that either index of owners can answer."""
    then = getattr(span, f"{event}_rep_id")
    return or_(then == rep, and_(then.is_(None), span.rep_id == rep))


def deal_columns(
    span: Any,  # noqa: ANN401 - a table class or an alias of one
    choices: Choices,
    *,
    event: str | None = None,
) -> dict[str, Expression]:
    """What every table of opportunities has, as the span tells it.

    It counts for its owner at the event, or at the time of the span, unless the team says: now.
    """
    opportunity = OpportunityRow
    owner = span.rep_id if event is None else owner_at(span, event)
    owner_now = col(opportunity.owner_id)
    return {
        "id": span.opportunity_id,
        "rep_id": owner if choices.deals_count_for == "owner_then" else owner_now,
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
        "long_pushes": span.long_pushes,
        "flaws": span.flaws,
    }


def created(knowledge: Knowledge, choices: Choices) -> Source:
    span: Any = DealSpanRow
    return _deals(
        knowledge,
        choices,
        event="created",
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
        event="qualified",
        qualified_on=span.qualified_on,
        qualified_amount=span.qualified_amount_cents,
        is_closed=span.is_closed,
        is_won=span.is_won,
        days_to_qualify=days(choices, span.qualified_on, span.created_on),
        days_since_qualified=days(choices, literal(knowledge.day, Date()), span.qualified_on),
        days_to_close=days(choices, until, span.qualified_on),
    )


def closed(knowledge: Knowledge, choices: Choices) -> Source:
    span: Any = DealSpanRow
    closed_on = span.closed_on
    if choices.lost_on == "close_date":
        as_planned = func.coalesce(span.close_on, span.closed_on)
        closed_on = case((span.is_won, span.closed_on), else_=as_planned)
    cycle_starts = span.created_on if choices.cycle_starts == "created" else span.qualified_on
    source = _deals(
        knowledge,
        choices,
        event="closed",
        closed_on=closed_on,
        is_won=span.is_won,
        loss_reason=col(OpportunityRow.loss_reason),
        is_lost_to_competitor=and_(span.is_won.is_(False), _is_competitive(choices)),
        amount_before_close=span.amount_before_close_cents,
        first_amount=span.first_amount_cents,
        furthest_progress=span.furthest_progress,
        cycle_days=case((closed_on >= cycle_starts, days(choices, closed_on, cycle_starts))),
        qualified_cycle_days=days(choices, closed_on, span.qualified_on),
        month_of_quarter=_month_of_quarter(closed_on, choices.fiscal, knowledge.day),
    )
    return Source(
        columns=source.columns,
        clause=source.clause,
        conditions=[*source.conditions, span.is_closed.is_(True)],
    )


def _is_competitive(choices: Choices) -> Expression:
    """Whether the loss reason, as it is now, has one of the words; false where there is none."""
    reason = func.lower(func.coalesce(col(OpportunityRow.loss_reason), ""))
    words = (word.lower() for word in choices.competitive_losses)
    return or_(false(), *(reason.contains(word, autoescape=True) for word in words))


def _month_of_quarter(day: Expression, fiscal: FiscalCalendar, today: date) -> Expression:
    if isinstance(months := as_it_is_now(fiscal), CalendarMonths):
        month = cast(extract("month", day), Integer())
        return (month - months.start_month + 12) % MONTHS_A_QUARTER + 1
    return case(*((day.between(*span), place) for span, place in _fiscal_months(fiscal, today)))


def _fiscal_months(fiscal: FiscalCalendar, today: date) -> Iterator[tuple[Span, int]]:
    """The months of the last three years, each with its place in the quarter."""
    day, place = fiscal.year(today - timedelta(days=3 * 365))[0], 0
    while day <= today:
        first, last = fiscal.month(day)
        place = 1 if first == fiscal.quarter(day)[0] else place + 1
        yield (first, last), place
        day = last + timedelta(days=1)


def _deals(knowledge: Knowledge, choices: Choices, *, event: str, **more: Expression) -> Source:
    span: Any = DealSpanRow
    columns: Mapping[str, Expression] = {**deal_columns(span, choices, event=event), **more}
    return Source(
        columns=columns,
        clause=with_opportunity(span),
        conditions=holds(span, knowledge),
    )
