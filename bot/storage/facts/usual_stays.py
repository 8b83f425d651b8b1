"""How long deals that were won had stayed in each stage, in a role and in all roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Float, Subquery, and_, case, cast, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.deals import days, holds
from bot.storage.facts.expressions import Expression
from bot.storage.facts.roles import role_on
from bot.storage.facts.source import DaysBetween, Knowledge, Side
from bot.storage.facts.tables import DealSpanRow

#: Fewer deals than this that were won through a stage do not tell how long it takes.
FEWEST_WON = 10
MOST_STAY = 0.8
#: What a role's own stays say is drawn to what all say, as if that were so many stays more.
STAYS_ASSUMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualStays:
    """How long four of five deals that were won by the day had stayed in a deal's stage."""

    days: Expression
    sides: Sequence[Side]


def usual_stays(
    knowledge: Knowledge, choices: Choices, *, rep: Expression, column: str
) -> UsualStays:
    """Null where fewer than ten were won through the stage, whatever their role.

    A stay is of the role of whoever owned the deal at its end; a role with few stays is drawn to
    what all roles together say.
    """
    stays = _stays(knowledge, choices)
    of_all, of_role = _of_all(stays), _of_role(stays)
    count = cast(of_role.c.count, Float())
    drawn = (count * of_role.c.days + STAYS_ASSUMED * of_all.c.days) / (count + STAYS_ASSUMED)
    stage, columns = col(DealSpanRow.stage_name), frozenset({column})
    is_like = and_(of_role.c.stage_name == stage, of_role.c.role == role_on(rep, knowledge.day))
    return UsualStays(
        days=case((of_role.c.count.is_(None), cast(of_all.c.days, Float())), else_=drawn),
        sides=(
            Side(columns=columns, joined=of_all, on=of_all.c.stage_name == stage),
            Side(columns=columns, joined=of_role, on=is_like),
        ),
    )


def _stays(knowledge: Knowledge, choices: Choices) -> CTE:
    """Each stay of each deal won by the day, with its place among all and among its role's."""
    move: Any = aliased(DealSpanRow, name="stay")
    was: Any = aliased(DealSpanRow, name="stay_until")
    now: Any = aliased(DealSpanRow, name="stay_now")
    ended = DaysBetween(move.first_day, was.last_day) == 1
    of_won = (
        select(
            move.opportunity_id,
            move.stage_before.label("stage_name"),
            role_on(was.rep_id, was.last_day).label("role"),
            days(choices, move.first_day, move.stage_before_since).label("days"),
        )
        .join(now, now.opportunity_id == move.opportunity_id)
        .join(was, and_(was.opportunity_id == move.opportunity_id, ended))
        .where(
            *holds(now, knowledge),
            now.is_won.is_(True),
            move.first_day <= knowledge.day,
            move.was_closed.is_(False),
            move.stage_before != move.stage_name,
        )
        .subquery("stay_of_won")
    )
    stage, role = [of_won.c.stage_name], [of_won.c.stage_name, of_won.c.role]
    order = [of_won.c.days, of_won.c.opportunity_id]
    place, count = func.row_number(), func.count()
    return select(
        of_won.c.stage_name,
        of_won.c.role,
        of_won.c.days,
        place.over(partition_by=stage, order_by=order).label("place"),
        count.over(partition_by=stage).label("count"),
        place.over(partition_by=role, order_by=order).label("place_in_role"),
        count.over(partition_by=role).label("count_in_role"),
    ).cte("stay_in_place")


def _of_all(stays: CTE) -> Subquery:
    return (
        select(stays.c.stage_name, func.min(stays.c.days).label("days"))
        .where(stays.c.count >= FEWEST_WON, stays.c.place >= stays.c.count * MOST_STAY)
        .group_by(stays.c.stage_name)
        .subquery("usual_stay")
    )


def _of_role(stays: CTE) -> Subquery:
    return (
        select(
            stays.c.stage_name,
            stays.c.role,
            func.min(stays.c.days).label("days"),
            func.max(stays.c.count_in_role).label("count"),
        )
        .where(
            stays.c.role.is_not(None),
            stays.c.place_in_role >= stays.c.count_in_role * MOST_STAY,
        )
        .group_by(stays.c.stage_name, stays.c.role)
        .subquery("usual_stay_in_role")
    )
