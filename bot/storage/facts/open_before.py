"""Opportunities that were open four weeks before a day, and what was taken off them since."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Date, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from bot.domain.choices import Choices
from bot.storage.facts.deals import deal_columns, with_opportunity
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import DealSpanRow

FOUR_WEEKS = timedelta(weeks=4)


def open_before(knowledge: Knowledge, choices: Choices) -> Source:
    """The span that held the day four weeks before, whatever became of the deal since."""
    span: Any = DealSpanRow
    then = knowledge.day - FOUR_WEEKS
    return Source(
        columns={
            **deal_columns(span, choices),
            "as_of": literal(knowledge.day, Date()),
            "amount_taken_off": _taken_off(knowledge),
        },
        clause=with_opportunity(span),
        conditions=[span.first_day <= then, span.last_day >= then, span.is_closed.is_(False)],
    )


def _taken_off(knowledge: Knowledge) -> Expression:
    """Each decrease counts; what a lost deal is set to says nothing."""
    later: Any = aliased(DealSpanRow, name="taken_off_by")
    decrease = later.amount_before_cents - later.amount_cents
    return (
        select(func.coalesce(func.sum(case((decrease > 0, decrease), else_=0)), 0))
        .where(
            later.opportunity_id == DealSpanRow.opportunity_id,
            later.first_day > knowledge.day - FOUR_WEEKS,
            later.first_day <= knowledge.day,
            later.was_closed.is_(False),
            or_(later.is_closed.is_(False), later.is_won),
        )
        .correlate(DealSpanRow)
        .scalar_subquery()
    )
