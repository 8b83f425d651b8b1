"""What changed about opportunities from day to day, and what became of those due in a month."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    case,
    cast,
    extract,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from bot.domain.choices import Choices
from bot.storage.facts.deals import days, deal_columns, holds, with_opportunity
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import DaysBetween, Knowledge, Side, Source
from bot.storage.facts.tables import DealSpanRow


def changes(knowledge: Knowledge, choices: Choices) -> Source:
    """Each span begins with a change; ``now`` is the span that tells what is known by the day."""
    span: Any = DealSpanRow
    now: Any = aliased(DealSpanRow, name="now")
    moved = _surely(span.stage_before != span.stage_name)
    is_open = span.is_closed.is_(False)
    stay = days(choices, span.first_day, span.stage_before_since)
    came_further = span.stage_progress > span.progress_before
    left_on, today = _left_stage_on(span, knowledge), literal(knowledge.day, Date())
    columns = {
        **deal_columns(span, choices),
        "changed_on": span.first_day,
        "is_closed": span.is_closed,
        "is_won": span.is_won,
        "was_closed": _surely(span.was_closed),
        "stage_before": span.stage_before,
        "progress_before": span.progress_before,
        "amount_before": span.amount_before_cents,
        "close_before": span.close_before,
        "is_stage_move": moved,
        "is_forward": and_(moved, or_(span.is_won, and_(is_open, _surely(came_further)))),
        "is_backward": and_(moved, is_open, _surely(span.stage_progress < span.progress_before)),
        "is_first_entry": _is_first_entry(span),
        "days_in_stage_before": case((moved, stay)),
        "is_stage_entry": and_(is_open, or_(span.stage_before.is_(None), moved)),
        "has_left_stage": left_on.is_not(None),
        "days_in_stage": days(choices, func.coalesce(left_on, today), span.first_day),
        "moved_on": or_(now.is_won, now.furthest_progress > span.stage_progress),
        "is_closed_by_now": now.is_closed,
        "is_pushed": and_(is_open, _surely(_month(span.close_on) > _month(span.close_before))),
        "is_pulled_in": and_(is_open, _surely(_month(span.close_on) < _month(span.close_before))),
        "days_moved": DaysBetween(span.close_on, span.close_before),
    }
    return Source(
        columns=columns,
        clause=with_opportunity(span),
        conditions=[span.first_day <= knowledge.day],
        sides=[_by_now(span, now, knowledge, "moved_on", "is_closed_by_now")],
    )


def due(knowledge: Knowledge, choices: Choices) -> Source:
    """The span that held the first day of the month in which it was to close."""
    span: Any = DealSpanRow
    now: Any = aliased(DealSpanRow, name="now")
    ends = case((now.is_closed, now.closed_on), else_=now.close_on)
    in_time = _surely(now.closed_on <= span.due_until)
    columns = {
        **deal_columns(span, choices),
        "month_on": span.due_month_on,
        "is_slipped": _surely(ends > span.due_until),
        "is_won_in_month": and_(now.is_won, in_time),
        "is_lost_in_month": and_(now.is_closed, now.is_won.is_(False), in_time),
    }
    return Source(
        columns=columns,
        clause=with_opportunity(span),
        conditions=[
            span.first_day <= knowledge.day,
            span.due_month_on <= knowledge.day,
        ],
        sides=[_by_now(span, now, knowledge, "is_slipped", "is_won_in_month", "is_lost_in_month")],
        flawed=_due_with_flaws(knowledge, choices),
    )


def _due_with_flaws(knowledge: Knowledge, choices: Choices) -> Source:
    """Also the open deals of which nobody can tell when they are due."""
    span: Any = DealSpanRow
    is_due = span.due_month_on <= knowledge.day
    is_never = and_(
        *holds(span, knowledge),
        span.is_closed.is_(False),
        span.due_month_on.is_(None),
        span.close_on.is_(None),
    )
    return Source(
        columns={**deal_columns(span, choices), "month_on": span.due_month_on},
        clause=with_opportunity(span),
        conditions=[span.first_day <= knowledge.day, or_(is_due, is_never)],
    )


def _by_now(span: Any, now: Any, knowledge: Knowledge, *columns: str) -> Side:  # noqa: ANN401 - table classes or aliases
    return Side(
        columns=frozenset(columns),
        joined=now,
        on=and_(now.opportunity_id == span.opportunity_id, *holds(now, knowledge)),
        is_outer=False,
    )


def _left_stage_on(span: Any, knowledge: Knowledge) -> Expression:  # noqa: ANN401 - a table class
    """The day, known by then, on which the deal left the stage that it came to with this span."""
    later: Any = aliased(DealSpanRow, name="left_by")
    return (
        select(func.min(later.first_day))
        .where(
            later.opportunity_id == span.opportunity_id,
            later.stage_before_since == span.first_day,
            later.stage_before == span.stage_name,
            later.stage_name != later.stage_before,
            later.first_day <= knowledge.day,
        )
        .correlate(span)
        .scalar_subquery()
    )


def _is_first_entry(span: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a table class
    is_further = or_(span.furthest_before.is_(None), span.furthest_progress > span.furthest_before)
    return and_(span.is_closed.is_(False), is_further)


def _surely(condition: Expression) -> ColumnElement[bool]:
    """False where the condition cannot be told."""
    return func.coalesce(condition, false())


def _month(day: Expression) -> Expression:
    """A number that grows by one from month to month."""
    return cast(extract("year", day), Integer()) * 12 + cast(extract("month", day), Integer())
