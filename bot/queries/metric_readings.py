"""Readings of every rep over a window, as known on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session

from bot.domain.organisation import Organisation
from bot.domain.people import Rep
from bot.domain.windows import Window, parse_window
from bot.metrics.definition import Definition
from bot.metrics.flaws import LeftOut
from bot.storage.facts.select import Knowledge
from bot.storage.left_out import read_left_out_by_rep
from bot.storage.readings import measure
from bot.storage.roster import read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class RepReading:
    metric: str
    rep: str
    rep_name: str
    manager: str | None
    window: Window
    #: None when nothing could have counted.
    value: float | None
    facts: int
    #: What was known by the end of this day.
    as_of: date
    #: What is not in the value, and why.
    left_out: Sequence[LeftOut] = ()


def end_of(day: date) -> datetime:
    """An instant after every zone's end of that day."""
    return datetime.combine(day + timedelta(days=2), time(0), tzinfo=UTC)


def read_metric_readings(
    session: Session,
    definitions: Iterable[Definition],
    *,
    organisation: Organisation,
    day: date,
    words: str,
    now: datetime,
) -> Sequence[RepReading]:
    """Every rep's reading of each metric. Raises UnclearWords for a window nobody knows."""
    window = parse_window(words, today=day, fiscal=organisation.fiscal)
    knowledge = Knowledge(day=day, now=min(end_of(day), now))
    roster = read_roster(session, organisation)
    reps = sorted(roster.reps.values(), key=lambda rep: (rep.name, rep.id))
    return [
        each
        for definition in definitions
        for each in _readings_of(session, definition, reps, window, knowledge)
    ]


def _readings_of(
    session: Session,
    definition: Definition,
    reps: Sequence[Rep],
    window: Window,
    knowledge: Knowledge,
) -> Sequence[RepReading]:
    if definition.metric.is_state:
        window = Window(first=knowledge.day, last=knowledge.day, label=window.label)
    readings = measure(
        session,
        definition,
        reps=[rep.id for rep in reps],
        window=window,
        knowledge=knowledge,
        as_of=knowledge.now,
    )
    left_out = read_left_out_by_rep(
        session, definition, reps=[rep.id for rep in reps], window=window, knowledge=knowledge
    )
    return [
        RepReading(
            metric=definition.metric.key,
            rep=rep.id,
            rep_name=rep.name,
            manager=rep.team,
            window=window,
            value=readings[rep.id].value,
            facts=readings[rep.id].facts,
            as_of=knowledge.day,
            left_out=left_out.get(rep.id, ()),
        )
        for rep in reps
    ]
