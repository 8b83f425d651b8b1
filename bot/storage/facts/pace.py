"""How much pipeline a person has made so far in the quarter, and by then in the quarters before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Float, Integer, Subquery, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.domain.fiscal import Span
from bot.storage.facts.deals import holds, owner_at
from bot.storage.facts.expressions import Expression
from bot.storage.facts.persons import elapsed_share
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import DealSpanRow, StartRow
from bot.storage.mirror.opportunity import OpportunityRow

EARLIER_QUARTERS = 4
#: Shares of days are fractions; those that are equal may differ in the last place.
ROUNDING = 1e-9


def pipeline_pace(knowledge: Knowledge, choices: Choices) -> Source:
    now, *earlier = quarters_so_far(knowledge.day, choices)
    made = _made(knowledge, choices, (now, *earlier))
    start: Any = StartRow
    was_here = [cast(start.started_on <= first, Integer()) for first, _ in earlier]
    total = sum(
        (made.c[f"quarter_{place}"] * here for place, here in enumerate(was_here, start=1)),
        start=literal(0),
    )
    count = sum(was_here, start=literal(0))
    return Source(
        columns={
            "id": start.rep_id,
            "rep_id": start.rep_id,
            "as_of": literal(knowledge.day, Date()),
            "qualified_amount": made.c.quarter_0,
            "usual_qualified_amount": case((count > 0, cast(total, Float()) / count)),
            "earlier_quarters": count,
            "elapsed_share": literal(elapsed_share(knowledge.day, *_quarter(knowledge, choices))),
        },
        clause=start.__table__.join(made, made.c.rep_id == start.rep_id),
        conditions=[start.started_on <= knowledge.day],
        flawed=_flawed(knowledge, choices, (now, *earlier)),
    )


def _quarter(knowledge: Knowledge, choices: Choices) -> Span:
    return choices.fiscal.quarter(knowledge.day)


def quarters_so_far(day: date, choices: Choices) -> Sequence[Span]:
    """The quarter until the day, and each before it until the same share of weekdays was over."""
    first, last = choices.fiscal.quarter(day)
    share = elapsed_share(day, first, last)
    spans = [(first, day)]
    for _ in range(EARLIER_QUARTERS):
        first, last = choices.fiscal.quarter(first - timedelta(days=1))
        until = last
        while until >= first and elapsed_share(until, first, last) > share + ROUNDING:
            until -= timedelta(days=1)
        spans.append((first, until))
    return spans


def _made(knowledge: Knowledge, choices: Choices, quarters: Sequence[Span]) -> Subquery:
    """One row for each person who made any, with what they made in each of the quarters."""
    span: Any = aliased(DealSpanRow, name="made")
    amounts = [
        func.coalesce(
            func.sum(case((span.qualified_on.between(*each), span.qualified_amount_cents))), 0
        ).label(f"quarter_{place}")
        for place, each in enumerate(quarters)
    ]
    rep = _rep(span, choices)
    return (
        select(rep.label("rep_id"), *amounts)
        .join(OpportunityRow, col(OpportunityRow.id) == span.opportunity_id)
        .where(*holds(span, knowledge), or_(*(span.qualified_on.between(*q) for q in quarters)))
        .group_by(rep)
        .subquery("made_by_quarter")
    )


def _rep(span: Any, choices: Choices) -> Expression:  # noqa: ANN401 - an alias
    if choices.deals_count_for == "owner_then":
        return owner_at(span, "qualified")
    return col(OpportunityRow.owner_id)


def _flawed(knowledge: Knowledge, choices: Choices, quarters: Sequence[Span]) -> Source:
    span: Any = DealSpanRow
    return Source(
        columns={
            "rep_id": _rep(span, choices),
            "as_of": literal(knowledge.day, Date()),
            "flaws": span.flaws,
        },
        clause=span.__table__.join(OpportunityRow, col(OpportunityRow.id) == span.opportunity_id),
        conditions=[
            *holds(span, knowledge),
            span.flaws != "",
            or_(*(span.qualified_on.between(*each) for each in quarters)),
        ],
    )
