"""Who is doing well in a role, and who is finding their feet, by the last half year's outcome."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.rep_view import RepView, Touch
from bot.coaching.touch import touches
from bot.domain.ids import RepId, RoleKey
from bot.domain.metric import Aggregate
from bot.domain.people import Rep
from bot.domain.windows import Window, weeks_back
from bot.queries.role_quarters import LEAST_WITH_OUTCOME, OUTCOMES
from bot.queries.standing import working_share
from bot.queries.yardstick import Yardstick
from bot.storage.current import read_or_measure
from bot.storage.facts.select import Knowledge

WEEKS = 26
#: Whoever has come within this time is ramping.
RAMP_DAYS = 120
#: Somebody away for most of the half year has no outcome to speak of.
LEAST_PRESENT = 0.5


def read_touches(
    session: Session, yardstick: Yardstick, knowledge: Knowledge
) -> Mapping[RepId, Touch]:
    """Of every rep, each seen among all who hold the role."""
    window = weeks_back(knowledge.day - timedelta(days=1), WEEKS)
    by_role: dict[RoleKey, list[Rep]] = defaultdict(list)
    found: dict[RepId, Touch] = {}
    for rep in yardstick.everybody:
        if not rep.is_active:
            continue
        if _is_ramping(rep, knowledge.day):
            found[rep.id] = Touch.SIMPLE
        else:
            by_role[rep.role].append(rep)
    for reps in by_role.values():
        found.update(touches(_outcomes(session, reps, yardstick, knowledge, window)))
    return found


def with_touches(
    views: Mapping[RepId, RepView], found: Mapping[RepId, Touch]
) -> Mapping[RepId, RepView]:
    touch_of = {rep: found.get(rep, Touch.USUAL) for rep in views}
    return {
        rep: view if view.touch is touch_of[rep] else replace(view, touch=touch_of[rep])
        for rep, view in views.items()
    }


def _is_ramping(rep: Rep, today: date) -> bool:
    return (today - rep.joined_on).days < RAMP_DAYS


def _outcomes(
    session: Session,
    reps: Sequence[Rep],
    yardstick: Yardstick,
    knowledge: Knowledge,
    window: Window,
) -> Mapping[RepId, float | None]:
    """What the role is there for, for a full working time."""
    found: dict[RepId, float | None] = dict.fromkeys((rep.id for rep in reps), None)
    for key in OUTCOMES:
        if key not in yardstick.metrics:
            continue
        definition = yardstick.metrics[key]
        readings = read_or_measure(
            session,
            definition,
            reps=[rep.id for rep in reps],
            window=window,
            knowledge=knowledge,
            as_of=knowledge.now,
        )
        values = [readings[rep.id].value for rep in reps]
        if sum(bool(value) for value in values) < LEAST_WITH_OUTCOME * len(reps):
            continue
        adds_up = definition.metric.aggregate in {Aggregate.COUNT, Aggregate.SUM}
        for rep, value in zip(reps, values, strict=True):
            share = working_share(rep, window, yardstick)
            if value is not None and share >= LEAST_PRESENT:
                found[rep.id] = value / share if adds_up else value
        return found
    return found
