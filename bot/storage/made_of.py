"""What a fact about a person is made of, so that its number can be traced to records."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Float, Select, and_, cast, func, literal, or_, select
from sqlmodel import Session, col

from bot.domain.choices import Choices
from bot.domain.ids import RecordId, RepId
from bot.domain.metric import Fact
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.storage.facts.credited import is_credited
from bot.storage.facts.credits import DealCreditRow
from bot.storage.facts.days import Days
from bot.storage.facts.deals import holds, owner_at
from bot.storage.facts.expressions import Expression
from bot.storage.facts.pace import PLACES, quarters_so_far
from bot.storage.facts.persons import COMMITTED, period_of
from bot.storage.facts.source import Knowledge
from bot.storage.facts.starts import was_held
from bot.storage.facts.tables import ActivityRow, DealSpanRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.readings import CENTS, facts_behind

WON, DUE, COMMIT, AT_START = "won", "due", "commit", "at start"
#: Which deals the columns of a quota's period are sums of.
OF_QUOTA: Mapping[str, str] = {
    "won": WON,
    "gap": WON,
    "open_due": DUE,
    "weighted_due": DUE,
    "commit_due": COMMIT,
    "open_due_at_start": AT_START,
}
ABOUT_PEOPLE = frozenset({"quota_period", "pipeline_pace", "rep_start"})
FIRSTS: Mapping[str, str] = {"deal": "closed", "qualified": "qualified", "meeting": "meeting"}


def records_behind(
    session: Session,
    definition: Definition,
    *,
    rep: RepId,
    window: Window,
    knowledge: Knowledge,
    days: Sequence[Days] = (),
    most: int | None = None,
) -> Sequence[Fact]:
    """The facts, newest first; of a fact about the person, such as a quota, what it is made of."""
    within = made_of_records(session, definition, rep=rep, knowledge=knowledge)
    if within:
        return within[:most]
    return facts_behind(
        session,
        definition,
        rep=rep,
        window=window,
        knowledge=knowledge,
        days=days,
        most=most,
    )


def made_of_records(
    session: Session, definition: Definition, *, rep: RepId, knowledge: Knowledge
) -> Sequence[Fact]:
    """Newest first, money in whole currency units; none of a fact that is a record itself."""
    found: dict[tuple[str, date], float] = {}
    for wanted in _wanted(definition, rep, knowledge):
        for record, day, cents in session.connection().execute(wanted):
            if day is not None:
                found[str(record), day] = float(cents or 0) / CENTS
    ordered = sorted(found.items(), key=lambda each: each[0][0])
    ordered.sort(key=lambda each: each[0][1], reverse=True)
    return [
        Fact(record=RecordId(record), rep=rep, day=day, value=value, weight=1.0, label="")
        for (record, day), value in ordered
    ]


def _wanted(definition: Definition, rep: RepId, knowledge: Knowledge) -> Iterator[Select[Any]]:
    choices, columns = definition.choices, definition.columns
    match definition.table.name:
        case "quota_period":
            for which in sorted({OF_QUOTA[name] for name in columns & OF_QUOTA.keys()}):
                yield _of_quota(which, rep, knowledge, choices)
        case "pipeline_pace":
            yield _of_pace(rep, knowledge, choices)
        case "rep_start":
            for what, event in FIRSTS.items():
                if any(name.endswith(what) or f"_{what}_" in name for name in columns):
                    yield _first(event, rep, knowledge)


def _of_quota(which: str, rep: RepId, knowledge: Knowledge, choices: Choices) -> Select[Any]:
    span: Any = DealSpanRow
    first, last = period_of(knowledge, choices)
    known = Knowledge(day=first, now=knowledge.now) if which == AT_START else knowledge
    day, owner = span.close_on, span.rep_id
    only: tuple[Expression, ...] = (span.is_closed.is_(False), span.close_on.between(first, last))
    if which == WON:
        day, owner = span.closed_on, owner_at(span, "closed")
        only = (span.is_won.is_(True), span.closed_on.between(first, last))
    if which == COMMIT:
        only = (*only, span.forecast_category.in_(COMMITTED))
    if choices.deals_count_for == "owner_now":
        owner = col(OpportunityRow.owner_id)
    credit: Any = DealCreditRow
    shared = and_(is_credited(credit, span, known), literal(choices.split_credit == "shared"))
    amount = cast(span.amount_cents, Float()) * func.coalesce(credit.share, 1.0)
    return (
        select(span.opportunity_id, day, amount)
        .join_from(span, OpportunityRow, col(OpportunityRow.id) == span.opportunity_id)
        .outerjoin(credit, shared)
        .where(*holds(span, known), *only, func.coalesce(credit.rep_id, owner) == rep)
    )


def _of_pace(rep: RepId, knowledge: Knowledge, choices: Choices) -> Select[Any]:
    """The person's own, of this quarter so far and of the four before."""
    span: Any = DealSpanRow
    quarters = quarters_so_far(knowledge.day, choices)
    is_theirs = owner_at(span, "qualified") == rep
    if choices.deals_count_for == "owner_now":
        is_theirs = col(OpportunityRow.owner_id) == rep
    return (
        select(span.opportunity_id, span.qualified_on, span.qualified_amount_cents)
        .join_from(span, OpportunityRow, col(OpportunityRow.id) == span.opportunity_id)
        .where(
            *holds(span, knowledge),
            is_theirs,
            or_(*(span.qualified_on.between(*quarters[n]) for n in (0, *PLACES))),
        )
    )


def _first(event: str, rep: RepId, knowledge: Knowledge) -> Select[Any]:
    if event == "meeting":
        met: Any = ActivityRow
        held = select(met.id, met.done_on, literal(None)).where(
            met.rep_id == rep, *was_held(knowledge, met)
        )
        return held.order_by(met.done_on, met.id).limit(1)
    span: Any = DealSpanRow
    day = getattr(span, f"{event}_on")
    is_closed = event == "closed"
    only = (span.is_won.is_(True),) if is_closed else ()
    amount = span.amount_cents if is_closed else span.qualified_amount_cents
    return (
        select(span.opportunity_id, day, amount)
        .where(*holds(span, knowledge), owner_at(span, event) == rep, day.is_not(None), *only)
        .order_by(day, span.opportunity_id)
        .limit(1)
    )
