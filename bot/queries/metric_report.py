"""One metric in full: every rep's reading, the records behind it, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from bot.coaching.evidence.intervals import Interval
from bot.domain.ids import RepId
from bot.domain.metric import Aggregate, Fact
from bot.domain.organisation import Organisation
from bot.metrics.definition import Definition
from bot.metrics.flaws import LeftOut
from bot.metrics.survival import Wait, median_interval, median_wait, steps
from bot.queries.metric_readings import RepReading, end_of, read_metric_readings
from bot.queries.record_names import name_records
from bot.queries.velocity import velocity_intervals
from bot.storage.facts.select import Knowledge
from bot.storage.left_out import read_left_out
from bot.storage.made_of import made_of_records
from bot.storage.readings import facts_behind

MOST_RECORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A record behind a reading, with what it adds."""

    record: str
    name: str
    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Everybody's waits as one; None where more than half are still waiting."""

    waits: int
    over: int
    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricReport:
    readings: Sequence[RepReading]
    #: By rep, newest first, at most MOST_RECORDS.
    behind: Mapping[str, Sequence[Behind]]
    #: How many there are.
    records: Mapping[str, int]
    left_out: Sequence[LeftOut]
    #: Only for waits.
    together: Together | None
    #: By rep, where a reading is a product of several numbers that are each known in part.
    intervals: Mapping[RepId, Interval] = field(default_factory=dict)


def read_metric_report(
    session: Session,
    definition: Definition,
    *,
    organisation: Organisation,
    day: date,
    words: str,
    now: datetime,
) -> MetricReport:
    """Raises UnclearWords for a window nobody knows."""
    readings = read_metric_readings(
        session, [definition], organisation=organisation, day=day, words=words, now=now
    )
    if not readings:
        return MetricReport(readings=(), behind={}, records={}, left_out=(), together=None)
    knowledge = Knowledge(day=day, now=min(end_of(day), now))
    window = readings[0].window
    reps = [RepId(each.rep) for each in readings]
    facts = {
        rep: facts_behind(session, definition, rep=rep, window=window, knowledge=knowledge)
        for rep in reps
    }
    made_of = {
        rep: made_of_records(session, definition, rep=rep, knowledge=knowledge) or facts[rep]
        for rep in reps
    }
    return MetricReport(
        readings=readings,
        behind={
            rep: _named(session, organisation, those[:MOST_RECORDS])
            for rep, those in made_of.items()
        },
        records={rep: len(those) for rep, those in made_of.items()},
        left_out=read_left_out(session, definition, reps=reps, window=window, knowledge=knowledge),
        together=_together(definition, [fact for those in facts.values() for fact in those]),
        intervals=velocity_intervals(session, definition, reps=reps, knowledge=knowledge),
    )


def _named(session: Session, organisation: Organisation, facts: Sequence[Fact]) -> Sequence[Behind]:
    names = name_records(session, organisation, [fact.record for fact in facts])
    return [
        Behind(record=fact.record, name=name, day=fact.day, value=fact.value)
        for fact, (name, _) in zip(facts, names, strict=True)
    ]


def _together(definition: Definition, facts: Sequence[Fact]) -> Together | None:
    if definition.metric.aggregate is not Aggregate.WAIT:
        return None
    waits = [
        Wait(days=fact.value, has_happened=bool(fact.weight)) for fact in facts if fact.value >= 0
    ]
    curve = steps(waits)
    low, high = median_interval(curve)
    return Together(
        waits=len(waits),
        over=sum(wait.has_happened for wait in waits),
        median=median_wait(curve),
        low=low,
        high=high,
    )
