"""A role's fiscal quarters: what its reps did in each and what came of it, as known at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlmodel import Session

from bot.coaching.evidence.arrays import Floats
from bot.coaching.role_quarters import CandidateMetric, RoleQuarters
from bot.domain.fiscal import FiscalCalendar
from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Reading, Timing, Unit, Valence
from bot.domain.people import Rep
from bot.domain.success_model import SuccessModel
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.queries.metric_readings import end_of
from bot.queries.standing import working_share
from bot.queries.yardstick import Yardstick
from bot.storage.facts.select import Knowledge
from bot.storage.readings import measure

#: How far back is looked: a role of three years ago is another role.
MOST_QUARTERS = 12
#: What a role is there for: the first of these that a quarter of its recent rep-quarters have.
OUTCOMES = tuple(
    MetricKey(key) for key in ("quota_attainment", "won_amount", "opportunities_created")
)
LEAST_WITH_OUTCOME = 0.25
#: A quarter counts when the rep was there for half of it and had learned the job.
LEAST_PRESENT = 0.5
RAMPED = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHistory:
    quarters: RoleQuarters
    outcome: MetricKey


def read_role_history(
    session: Session,
    model: SuccessModel,
    reps: Sequence[Rep],
    *,
    yardstick: Yardstick,
    knowledge: Knowledge,
    fiscal: FiscalCalendar,
) -> RoleHistory:
    """Everybody who holds the role, those who left too: who failed and went teaches as well."""
    people = sorted((rep for rep in reps if rep.role == model.key), key=lambda rep: rep.id)
    windows = complete_quarters(knowledge.day, fiscal)
    shares = _shares(people, windows, yardstick)
    outcome, results = _outcome(session, yardstick, people, windows, knowledge)
    chosen = [
        key
        for key in model.ranges
        if key != outcome and yardstick.metrics[key].metric.timing is not Timing.LAGGING
    ]
    values = np.full((len(chosen), len(people), len(windows)), np.nan)
    for at, key in enumerate(chosen):
        definition, weeks = yardstick.metrics[key], model.ranges[key].weeks
        for n, window in enumerate(windows):
            found = _values(session, definition, people, window, knowledge)
            scale = 7 * weeks / window.days / shares[:, n] if definition.adds_up_over_days else 1.0
            values[at, :, n] = found * scale
    was_there = _was_there(people, values, results) & np.isfinite(shares)
    values[:, ~was_there], results[~was_there] = np.nan, np.nan
    if outcome in yardstick.metrics and yardstick.metrics[outcome].adds_up_over_days:
        results = results / shares
    quarters = RoleQuarters(
        metrics=tuple(_candidate(yardstick.metrics[key]) for key in chosen),
        reps=tuple(rep.id for rep in people),
        teams=tuple(rep.team for rep in people),
        quarters=tuple(window.first for window in windows),
        values=values,
        outcome=results,
    )
    return RoleHistory(quarters=quarters, outcome=outcome)


def mean_attainment(
    session: Session,
    reps: Sequence[Rep],
    *,
    yardstick: Yardstick,
    knowledge: Knowledge,
    fiscal: FiscalCalendar,
) -> Mapping[RepId, float]:
    """Each rep's mean over their whole quarters after the ramp; who has none is not in it."""
    definition = yardstick.metrics.get(OUTCOMES[0])
    if definition is None or not reps:
        return {}
    windows = complete_quarters(knowledge.day, fiscal)
    shares = _shares(reps, windows, yardstick)
    found = np.full((len(reps), len(windows)), np.nan)
    for at, window in enumerate(windows):
        # A quarter in which nobody was past the ramp need not be read.
        if np.isfinite(shares[:, at]).any():
            found[:, at] = _values(session, definition, reps, window, knowledge)
    found[~np.isfinite(shares)] = np.nan
    return {
        rep.id: float(np.nanmean(row))
        for rep, row in zip(reps, found, strict=True)
        if np.isfinite(row).any()
    }


def complete_quarters(today: date, fiscal: FiscalCalendar) -> Sequence[Window]:
    """The fiscal quarters that ended before ``today``, oldest first."""
    found: list[Window] = []
    begin = fiscal.quarter(today)[0]
    while len(found) < MOST_QUARTERS:
        last = begin - timedelta(days=1)
        begin = fiscal.quarter(last)[0]
        found.append(Window(first=begin, last=last, label=f"quarter from {begin}"))
    return found[::-1]


def _candidate(definition: Definition) -> CandidateMetric:
    return CandidateMetric(
        key=definition.metric.key,
        is_higher_better=definition.metric.valence is Valence.HIGHER,
        is_share=definition.metric.unit is Unit.SHARE,
    )


def _shares(people: Sequence[Rep], windows: Sequence[Window], yardstick: Yardstick) -> Floats:
    """The working time of each rep and quarter; NaN while ramping, or away for most of it."""
    shares = np.full((len(people), len(windows)), np.nan)
    for place, rep in enumerate(people):
        clock, ramp = yardstick.clock_of(rep), yardstick.profile_of(rep.role)
        for at, window in enumerate(windows):
            share = working_share(rep, window, yardstick)
            is_ramped = ramp.share_over(clock, window.first, window.last) >= RAMPED
            if is_ramped and share >= LEAST_PRESENT:
                shares[place, at] = share
    return shares


def _outcome(
    session: Session,
    yardstick: Yardstick,
    people: Sequence[Rep],
    windows: Sequence[Window],
    knowledge: Knowledge,
) -> tuple[MetricKey, Floats]:
    found = np.full((len(people), len(windows)), np.nan)
    for key in OUTCOMES:
        if key not in yardstick.metrics:
            continue
        definition = yardstick.metrics[key]
        for at, window in enumerate(windows):
            found[:, at] = _values(session, definition, people, window, knowledge)
        recent = np.nan_to_num(found[:, -4:])
        if recent.size and np.count_nonzero(recent) >= LEAST_WITH_OUTCOME * recent.size:
            return key, found
    return OUTCOMES[-1], found


def _values(
    session: Session,
    definition: Definition,
    people: Sequence[Rep],
    window: Window,
    knowledge: Knowledge,
) -> Floats:
    """A flow over the quarter; a state as the mean of the ends of its three months."""
    days = _state_days(window) if definition.metric.is_state else [window.last]
    found = [
        _known(
            measure(
                session,
                definition,
                reps=[rep.id for rep in people],
                window=Window(first=day, last=day, label="day")
                if definition.metric.is_state
                else window,
                knowledge=Knowledge(day=day, now=min(end_of(day), knowledge.now)),
                as_of=knowledge.now,
            ),
            people,
            definition.metric.min_facts,
        )
        for day in days
    ]
    table = np.array(found)
    known = np.isfinite(table)
    total = np.where(known, table, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _state_days(window: Window) -> Sequence[date]:
    third = timedelta(days=window.days // 3)
    return [window.last - 2 * third, window.last - third, window.last]


def _known(
    readings: Mapping[RepId, Reading], people: Sequence[Rep], fewest_facts: int
) -> list[float]:
    found = []
    for rep in people:
        reading = readings[rep.id]
        is_known = reading.value is not None and reading.facts >= fewest_facts
        found.append(float(reading.value) if is_known and reading.value is not None else np.nan)
    return found


def _was_there(people: Sequence[Rep], values: Floats, results: Floats) -> np.ndarray:
    """Somebody who has left did nothing at all in later quarters; before the mirror begins, all."""
    did = (np.nan_to_num(values) != 0).any(axis=0) | (np.nan_to_num(results) != 0)
    is_active = np.array([rep.is_active for rep in people], dtype=bool)[:, None]
    began = np.maximum.accumulate(did.any(axis=0)) if did.size else did.any(axis=0)
    return np.asarray((did | is_active) & began[None, :])
