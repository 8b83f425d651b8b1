"""How much pipeline a person has made so far in the quarter, and by then in the quarters before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    Date,
    Float,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.domain.fiscal import Span
from bot.storage.facts.deals import holds, owner_at
from bot.storage.facts.expressions import Expression
from bot.storage.facts.persons import elapsed_share
from bot.storage.facts.roles import role_on
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import DealSpanRow, StartRow
from bot.storage.mirror.opportunity import OpportunityRow

EARLIER_QUARTERS = 4
PLACES = range(1, EARLIER_QUARTERS + 1)
#: One's own quarters are drawn to those of the role as if there were so many more of them, ...
QUARTERS_ASSUMED = 2
#: ... once others of the role had so many: two of them over a year, say.
FEWEST_OF_ROLE = 8
#: Shares of days are fractions; those that are equal may differ in the last place.
ROUNDING = 1e-9


def pipeline_pace(knowledge: Knowledge, choices: Choices) -> Source:
    now, *earlier = quarters_so_far(knowledge.day, choices)
    people = _people(knowledge, _made(knowledge, choices, (now, *earlier)), (now, *earlier))
    roles = _of_roles(people)
    count = sum((people.c[f"is_own_{n}"] for n in PLACES), literal(0))
    made = sum((people.c[f"made_{n}"] * people.c[f"is_own_{n}"] for n in PLACES), literal(0))
    # The own quarters are among the role's.
    others = func.coalesce(roles.c.quarters - count, 0)
    return Source(
        columns={
            "id": people.c.rep_id,
            "rep_id": people.c.rep_id,
            "as_of": literal(knowledge.day, Date()),
            "qualified_amount": people.c.made_0,
            "usual_qualified_amount": _drawn(made, count, roles.c.made - made, others),
            "earlier_quarters": count,
            "role_quarters": others,
            "elapsed_share": literal(elapsed_share(knowledge.day, *_quarter(knowledge, choices))),
        },
        clause=people.outerjoin(
            roles, and_(roles.c.role == people.c.role, people.c.is_here_all_along)
        ),
        conditions=[
            people.c.started_on <= knowledge.day,
            or_(people.c.has_made, people.c.role.is_not(None)),
        ],
        flawed=_flawed(knowledge, choices, (now, *earlier)),
    )


def _drawn(
    made: Expression, count: Expression, others_made: Expression, others: Expression
) -> Expression:
    """The mean of one's own quarters, drawn to that of the others' where these are enough."""
    theirs = cast(others_made, Float()) / cast(others, Float())
    drawn = (made + QUARTERS_ASSUMED * theirs) / (count + QUARTERS_ASSUMED)
    own = cast(made, Float()) / cast(count, Float())
    return case((others >= FEWEST_OF_ROLE, drawn), (count > 0, own))


def _people(knowledge: Knowledge, made: Subquery, quarters: Sequence[Span]) -> CTE:
    """What each person made, and in which role they were in each quarter so far."""
    start: Any = StartRow
    role = role_on(start.rep_id, knowledge.day)
    columns: list[Expression] = [
        func.coalesce(made.c[f"quarter_{n}"], 0).label(f"made_{n}") for n in (0, *PLACES)
    ]
    for n in PLACES:
        first, until = quarters[n]
        was_here, held = start.started_on <= first, role_on(start.rep_id, until)
        is_own = and_(was_here, or_(role.is_(None), _held(start, role, first, until)))
        is_steady = and_(was_here, role_on(start.rep_id, first) == held)
        columns.append(case((is_own, 1), else_=0).label(f"is_own_{n}"))
        columns.append(case((is_steady, held)).label(f"role_{n}"))
    begun = quarters[0][0]
    is_here = and_(start.started_on <= begun, role_on(start.rep_id, begun) == role)
    return (
        select(
            start.rep_id,
            start.started_on,
            role.label("role"),
            case((is_here, true()), else_=false()).label("is_here_all_along"),
            made.c.rep_id.is_not(None).label("has_made"),
            *columns,
        )
        .select_from(start.__table__.outerjoin(made, made.c.rep_id == start.rep_id))
        .cte("pace_of")
    )


def _held(start: Any, role: Expression, *days: date) -> Expression:  # noqa: ANN401 - a table class
    return and_(*(role_on(start.rep_id, day) == role for day in days))


def _of_roles(people: CTE) -> Subquery:
    """What those in each role made in the quarters before, and in how many of them."""
    each = union_all(
        *(
            select(people.c[f"role_{n}"].label("role"), people.c[f"made_{n}"].label("made"))
            for n in PLACES
        )
    ).subquery("quarter_in_role")
    return (
        select(each.c.role, func.sum(each.c.made).label("made"), func.count().label("quarters"))
        .where(each.c.role.is_not(None))
        .group_by(each.c.role)
        .subquery("pace_of_role")
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
