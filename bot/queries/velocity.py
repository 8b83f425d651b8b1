"""What chance leaves open of a metric that multiplies shares won by the length of sales."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from bot.coaching.evidence.intervals import Interval
from bot.coaching.evidence.velocity import Rests, velocity_interval
from bot.domain.ids import RepId
from bot.domain.metric import Aggregate, Unit
from bot.metrics.definition import Definition
from bot.storage.facts.deals import holds
from bot.storage.facts.open_deals import YEAR
from bot.storage.facts.select import Knowledge, select_facts, source_of
from bot.storage.facts.tables import DealSpanRow
from bot.storage.readings import CENTS

MULTIPLIED = frozenset({"stage_win_rate", "day_of_cycle"})
CYCLE = ("is_won", "closed_on", "cycle_days")
SEED = 20_260_309


def velocity_intervals(
    session: Session, definition: Definition, *, reps: Collection[RepId], knowledge: Knowledge
) -> Mapping[RepId, Interval]:
    """Rep → the interval of their reading; none of metrics that are made otherwise."""
    is_sum = definition.metric.aggregate is Aggregate.SUM
    if not (is_sum and definition.columns >= MULTIPLIED):
        return {}
    open_now = _open_deals(session, definition, reps, knowledge)
    if not open_now:
        return {}
    rests = Rests(
        closed=_closed_deals(session, knowledge),
        cycles=np.asarray(list(_cycles(session, definition, knowledge)), dtype=float),
    )
    found = {}
    for rep, deals in open_now.items():
        rng = np.random.default_rng(SEED)
        values, stages = zip(*sorted(deals), strict=True)
        interval = velocity_interval(values, stages, rests, rng=rng)
        if interval is not None:
            found[rep] = interval
    return found


def _open_deals(
    session: Session, definition: Definition, reps: Collection[RepId], knowledge: Knowledge
) -> Mapping[RepId, list[tuple[float, str]]]:
    """What each deal adds to its rep's reading, and its stage."""
    span: Any = DealSpanRow
    facts = select_facts(definition, knowledge).subquery("facts")
    wanted = (
        select(facts.c.rep_id, facts.c.numerator, span.stage_name)
        .join(span, span.opportunity_id == facts.c.id)
        .where(*holds(span, knowledge), facts.c.numerator.is_not(None), facts.c.rep_id.in_(reps))
    )
    scale = CENTS if definition.metric.unit is Unit.MONEY else 1
    found: dict[RepId, list[tuple[float, str]]] = defaultdict(list)
    for rep, value, stage in session.connection().execute(wanted):
        found[RepId(rep)].append((float(value) / scale, str(stage)))
    return found


def _closed_deals(session: Session, knowledge: Knowledge) -> Counter[tuple[frozenset[str], bool]]:
    """As the shares won count them: every deal closed by the day, in each stage it ever was in."""
    was: Any = aliased(DealSpanRow, name="was_in")
    now: Any = aliased(DealSpanRow, name="was_in_now")
    wanted = (
        select(was.opportunity_id, was.stage_name, now.is_won)
        .join(now, now.opportunity_id == was.opportunity_id)
        .where(*holds(now, knowledge), now.is_closed.is_(True), was.first_day <= knowledge.day)
        .distinct()
    )
    stages: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for deal, stage, is_won in session.connection().execute(wanted):
        stages[deal, bool(is_won)].add(stage)
    return Counter((frozenset(names), is_won) for (_, is_won), names in stages.items())


def _cycles(session: Session, definition: Definition, knowledge: Knowledge) -> Iterable[float]:
    """Days that the deals took which were won in the year before."""
    source = source_of("closed_opportunity", knowledge, definition.choices)
    columns = source.columns
    wanted = (
        select(columns["cycle_days"])
        .select_from(source.clause_for(CYCLE))
        .where(
            *source.conditions,
            columns["is_won"].is_(True),
            columns["closed_on"].between(knowledge.day - YEAR, knowledge.day),
            columns["cycle_days"].is_not(None),
        )
    )
    return (float(days) for days in session.connection().execute(wanted).scalars())
