"""Opportunities open on a day, and what surrounds them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Float, Subquery, case, cast, false, func, literal, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.deal_activity import (
    DealActivityRow,
    contacts_engaged,
    last_activity,
    next_activity,
    with_somebody,
)
from bot.storage.facts.deals import days, deal_columns, holds, weekdays, with_opportunity
from bot.storage.facts.expressions import Expression
from bot.storage.facts.next_steps import written_last
from bot.storage.facts.source import Knowledge, Side, Source
from bot.storage.facts.tables import ActivityRow, DealSpanRow
from bot.storage.facts.usual_stays import FEWEST_WON, usual_stays
from bot.storage.mirror.account import AccountRow
from bot.storage.mirror.opportunity import OpportunityContactRoleRow, OpportunityRow

YEAR = timedelta(days=365)
#: Fewer closed deals than this do not tell how often a stage leads to a sale.
FEWEST_CLOSED = 30
CHANGED_SINCE = "(changed since)"
DECIDING_ROLES = ("decision", "economic", "executive", "sponsor")


def open_deals(knowledge: Knowledge, choices: Choices) -> Source:
    span: Any = DealSpanRow
    standing = _at_every_hour(knowledge.of_whole_day(), choices)
    day, done = literal(knowledge.day, Date()), _what_was_done(knowledge)
    last = func.coalesce(done["last_activity_on"], span.created_on)
    return Source(
        columns={
            **standing.columns,
            "days_untouched": days(choices, day, last),
            "next_step": _next_step(knowledge),
            **_with_whom(knowledge),
            **done,
        },
        clause=standing.clause,
        conditions=standing.conditions,
        sides=[*standing.sides, *_kept(knowledge, {*done, "days_untouched"})],
    )


@lru_cache(maxsize=64)
def _at_every_hour(knowledge: Knowledge, choices: Choices) -> Source:
    """What no activity tells; apart, since it is slow to put together."""
    span: Any = DealSpanRow
    day = literal(knowledge.day, Date())
    written = written_last(knowledge, span.opportunity_id)
    columns = deal_columns(span, choices)
    usual = usual_stays(knowledge, choices, rep=columns["rep_id"], column="usual_days_in_stage")
    rates, cycle = stage_win_rates(knowledge), _usual_cycle(knowledge, choices)
    return Source(
        columns={
            **columns,
            "as_of": day,
            "first_amount": span.first_amount_cents,
            "is_qualified": span.qualified_on.is_not(None),
            "days_open": days(choices, day, span.created_on),
            "days_in_stage": days(choices, day, span.entered_stage_on),
            "weekdays_in_stage": weekdays(day, span.entered_stage_on),
            "usual_days_in_stage": usual.days,
            "stage_win_rate": rates.c.rate,
            "day_of_cycle": cycle.c.a_day,
            "days_since_next_step": days(choices, day, written),
        },
        clause=with_opportunity(span),
        conditions=[*holds(span, knowledge), span.is_closed.is_(False)],
        sides=[
            *usual.sides,
            _of_stage(rates, "stage_win_rate"),
            Side(columns=frozenset({"day_of_cycle"}), joined=cycle, on=true()),
            Side(
                columns=frozenset({"is_person"}),
                joined=AccountRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
                on=col(AccountRow.id) == col(OpportunityRow.account_id),
            ),
        ],
    )


def _with_whom(knowledge: Knowledge) -> Mapping[str, Expression]:
    return {
        "contact_roles": _contact_roles(knowledge),
        "decision_makers": _contact_roles(knowledge, _decides()),
        "decision_makers_met": _contact_roles(knowledge, _decides(), _was_met(knowledge)),
        "is_person": func.coalesce(col(AccountRow.is_person), false()),
    }


def _what_was_done(knowledge: Knowledge) -> Mapping[str, Expression]:
    """As kept where that is of this day; else by index, since open deals are few."""
    kept: Any = DealActivityRow
    if knowledge.kept_on == knowledge.day:
        names = ("last_activity_on", "next_activity_on", "contacts_engaged")
        return {name: getattr(kept, name) for name in names}
    deal = col(DealSpanRow.opportunity_id)
    return {
        "last_activity_on": last_activity(knowledge, deal),
        "next_activity_on": next_activity(knowledge, deal),
        "contacts_engaged": contacts_engaged(knowledge, deal),
    }


def _kept(knowledge: Knowledge, names: Collection[str]) -> Sequence[Side]:
    if knowledge.kept_on != knowledge.day:
        return ()
    kept: Any = DealActivityRow
    on = kept.opportunity_id == col(DealSpanRow.opportunity_id)
    # Each open deal is kept, and an inner join lets the database begin with the deals.
    return (Side(columns=frozenset(names), joined=kept.__table__, on=on, is_outer=False),)


def _of_stage(side: Subquery, *columns: str) -> Side:
    on = side.c.stage_name == col(DealSpanRow.stage_name)
    return Side(columns=frozenset(columns), joined=side, on=on)


def _next_step(knowledge: Knowledge) -> Expression:
    """Its history is not kept, so where the record changed since, nobody is blamed for none."""
    opportunity = OpportunityRow
    return case(
        (col(opportunity.stamp) >= _tomorrow(knowledge), CHANGED_SINCE),
        else_=func.nullif(func.trim(col(opportunity.next_step)), ""),
    )


def _tomorrow(knowledge: Knowledge) -> datetime:
    day = knowledge.day + timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), tzinfo=knowledge.now.tzinfo)


def _decides() -> Expression:
    role = func.lower(col(OpportunityContactRoleRow.role))
    return or_(*(role.contains(word) for word in DECIDING_ROLES))


def _was_met(knowledge: Knowledge) -> Expression:
    """The contact of a role was met or talked to on the deal."""
    return (
        select(literal(1))
        .where(
            col(ActivityRow.opportunity_id) == col(OpportunityContactRoleRow.opportunity_id),
            col(ActivityRow.who_id) == col(OpportunityContactRoleRow.contact_id),
            *with_somebody(knowledge),
        )
        .correlate(OpportunityContactRoleRow)
        .exists()
    )


def _contact_roles(knowledge: Knowledge, *only: Expression) -> Expression:
    role = OpportunityContactRoleRow
    return (
        select(func.count(func.distinct(col(role.contact_id))))
        .where(
            col(role.opportunity_id) == col(DealSpanRow.opportunity_id),
            col(role.is_deleted).is_(False),
            or_(col(role.created_at).is_(None), col(role.created_at) < _tomorrow(knowledge)),
            *only,
        )
        .correlate(DealSpanRow)
        .scalar_subquery()
    )


def _usual_cycle(knowledge: Knowledge, choices: Choices) -> Subquery:
    """One row: what share a day is of the middle cycle of the deals won in the year before."""
    won: Any = aliased(DealSpanRow, name="won_lately")
    starts = won.created_on if choices.cycle_starts == "created" else won.qualified_on
    cycle = days(choices, won.closed_on, starts)
    cycles = (
        select(
            cycle.label("days"),
            func.row_number().over(order_by=(cycle, won.opportunity_id)).label("place"),
            func.count().over().label("count"),
        )
        .where(
            *holds(won, knowledge),
            won.is_won.is_(True),
            won.closed_on.between(knowledge.day - YEAR, knowledge.day),
            won.closed_on >= starts,
        )
        .subquery("cycle_of_won")
    )
    middle = func.avg(cast(cycles.c.days, Float()))
    a_day = case((middle > 1, 1.0 / middle), (middle.is_not(None), 1.0))
    return (
        select(a_day.label("a_day"))
        .where(
            cycles.c.count >= FEWEST_WON,
            (cycles.c.place * 2).between(cycles.c.count, cycles.c.count + 2),
        )
        .subquery("usual_cycle")
    )


def stage_win_rates(knowledge: Knowledge) -> Subquery:
    """For each stage, of the deals that were ever in it and are closed by the day, those won."""
    was: Any = aliased(DealSpanRow, name="was_in")
    now: Any = aliased(DealSpanRow, name="was_in_now")
    closed = func.count(func.distinct(was.opportunity_id))
    won = func.count(func.distinct(case((now.is_won, was.opportunity_id))))
    return (
        select(was.stage_name, (cast(won, Float()) / cast(closed, Float())).label("rate"))
        .join(now, now.opportunity_id == was.opportunity_id)
        .where(*holds(now, knowledge), now.is_closed.is_(True), was.first_day <= knowledge.day)
        .group_by(was.stage_name)
        .having(closed >= FEWEST_CLOSED)
        .subquery("stage_win_rate")
    )
