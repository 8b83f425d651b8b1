"""Charts that add up small evidence week by week until it is enough (C2.3).

A chart adds the log-likelihood ratio of "the mean became f of itself" against "nothing changed",
never falls below 0, alarms at its limit, begins anew and is silent for four weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats, Whole
from bot.coaching.evidence.thresholds import (
    LARGEST_MEAN,
    SILENT_WEEKS,
    SMALLEST_MEAN,
    Design,
    count_probabilities,
    limit_at,
    slope_and_reference,
)

DESIGN_FACTOR = 0.6
SOFT_BUDGET, ESCALATION_BUDGET = 0.01, 0.002
LOWER_SOFT = Design(factor=DESIGN_FACTOR, budget=SOFT_BUDGET)
LOWER_ESCALATION = Design(factor=DESIGN_FACTOR, budget=ESCALATION_BUDGET)
UPPER_SOFT = Design(factor=1 / DESIGN_FACTOR, budget=SOFT_BUDGET)
UPPER_ESCALATION = Design(factor=1 / DESIGN_FACTOR, budget=ESCALATION_BUDGET)
#: In facts.
LARGE_LIMIT = 60.0
DESIGNS = (LOWER_SOFT, LOWER_ESCALATION, UPPER_SOFT, UPPER_ESCALATION)


def log_likelihood_ratio(
    counts: Floats, expected: Floats, *, noise: Floats | float, factor: float
) -> Floats:
    """C2.3: by how much a week speaks for ``factor``; 0 where nothing is expected.

    Poisson x ln f + m (1 - f); with ``noise`` 1/K negative binomial
    x ln f + (x + K) (ln(K + m) - ln(K + f m)).
    """
    known = np.isfinite(expected) & (expected > 0)
    mean, seen = np.where(known, expected, 1.0), np.where(known, counts, 0.0)
    width = np.broadcast_to(np.asarray(noise, dtype=float), mean.shape)
    poisson = seen * np.log(factor) + mean * (1 - factor)
    size = 1 / np.where(width > 0, width, 1.0)
    apart = np.log((size + mean) / (size + factor * mean))
    negative_binomial = seen * np.log(factor) + (seen + size) * apart
    return np.asarray(np.where(known, np.where(width > 0, negative_binomial, poisson), 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """One chart for each place of the arrays, with what its present run rests on."""

    height: Floats
    silent_weeks: Whole
    #: Weeks, counts, exposures and expectation since the chart last stood at 0; and the calendar
    #: weeks from there on, those that said nothing (leave, missing data) included.
    run_weeks: Whole
    run_span: Whole
    run_exposures: Floats
    run_counts: Floats
    run_expected: Floats

    @classmethod
    def at_rest(cls, shape: tuple[int, ...]) -> "Charts":
        return cls(
            height=np.zeros(shape),
            silent_weeks=np.zeros(shape, dtype=np.int64),
            run_weeks=np.zeros(shape, dtype=np.int64),
            run_span=np.zeros(shape, dtype=np.int64),
            run_exposures=np.zeros(shape),
            run_counts=np.zeros(shape),
            run_expected=np.zeros(shape),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartStep:
    alarmed: Flags
    #: What each chart showed in this week, before an alarm put it back to rest.
    shown: Charts
    after: Charts


def step_charts(
    charts: Charts,
    ratios: Floats,
    limits: Floats,
    *,
    counts: Floats,
    exposures: Floats,
    expected: Floats,
    updated: Flags,
) -> ChartStep:
    """One week on: places that are not ``updated`` (leave, missing data) only grow less silent."""
    listening = charts.silent_weeks <= 0
    height = np.where(updated & listening, np.maximum(0.0, charts.height + ratios), charts.height)
    running = listening & (height > 0)
    fresh = updated & running
    shown = Charts(
        height=height,
        silent_weeks=charts.silent_weeks,
        run_weeks=np.where(running, charts.run_weeks + fresh, 0),
        run_span=np.where(running, charts.run_span + 1, 0),
        run_exposures=_added(charts.run_exposures, exposures, running, fresh),
        run_counts=_added(charts.run_counts, counts, running, fresh),
        run_expected=_added(charts.run_expected, expected, running, fresh),
    )
    alarmed = fresh & (height >= limits)
    after = Charts(
        height=np.where(alarmed, 0.0, height),
        silent_weeks=np.where(alarmed, SILENT_WEEKS, np.maximum(charts.silent_weeks - 1, 0)),
        run_weeks=np.where(alarmed, 0, shown.run_weeks),
        run_span=np.where(alarmed, 0, shown.run_span),
        run_exposures=np.where(alarmed, 0.0, shown.run_exposures),
        run_counts=np.where(alarmed, 0.0, shown.run_counts),
        run_expected=np.where(alarmed, 0.0, shown.run_expected),
    )
    return ChartStep(alarmed=alarmed, shown=shown, after=after)


def gone_on(step: ChartStep, places: Sequence[tuple[int, int, int]]) -> Charts:
    """The charts after a week, those at ``places`` as if they had not alarmed."""
    after, shown = step.after, step.shown
    held = np.zeros(after.height.shape, dtype=bool)
    for place in places:
        held[place] = True
    return Charts(
        height=np.where(held, shown.height, after.height),
        silent_weeks=np.where(held, 0, after.silent_weeks),
        run_weeks=np.where(held, shown.run_weeks, after.run_weeks),
        run_span=np.where(held, shown.run_span, after.run_span),
        run_exposures=np.where(held, shown.run_exposures, after.run_exposures),
        run_counts=np.where(held, shown.run_counts, after.run_counts),
        run_expected=np.where(held, shown.run_expected, after.run_expected),
    )


def _added(total: Floats, week: Floats, running: Flags, fresh: Flags) -> Floats:
    return np.asarray(np.where(running, total + np.where(fresh, week, 0.0), 0.0))


def smallest_drop(
    mean: float,
    phi: float,
    weeks: int = 4,
    *,
    probability: float = 0.8,
    budget: float = SOFT_BUDGET,
) -> float | None:
    """The smallest drop, as a share of a weekly ``mean``, noticed within ``weeks`` weeks.

    "Noticed" with ``probability`` by a chart that is at rest when the drop comes and keeps the
    budget. None means: too few facts to tell, even if they stopped altogether.
    """
    if not SMALLEST_MEAN <= mean <= LARGEST_MEAN or phi <= 0:
        return (
            None
            if mean < SMALLEST_MEAN
            else smallest_drop(
                LARGEST_MEAN,
                1 + (phi - 1) * LARGEST_MEAN / mean,
                weeks,
                probability=probability,
                budget=budget,
            )
        )
    noise = round(min(1.0, max(0.0, (phi - 1) / mean)), 3)
    return _smallest_drop(round(mean, 2), noise, weeks, probability, budget)


@lru_cache(maxsize=4096)
def _smallest_drop(
    mean: float, noise: float, weeks: int, probability: float, budget: float
) -> float | None:
    design = Design(factor=DESIGN_FACTOR, budget=budget)
    slope, reference = slope_and_reference(mean, noise, DESIGN_FACTOR)
    limit = limit_at(design, mean, noise, 0.0) / abs(slope)
    # More is left over of a smaller drop, so the shares that are noticed are the smallest ones.
    noticed, missed = 0, 100
    while missed - noticed > 1:
        left = (noticed + missed) // 2
        chance = _alarm_chance(mean * left / 100, noise, reference, limit, weeks)
        noticed, missed = (left, missed) if chance >= probability else (noticed, left)
    if noticed == 0 and _alarm_chance(0.0, noise, reference, limit, weeks) < probability:
        return None
    return (100 - noticed) / 100


def _alarm_chance(mean: float, noise: float, reference: float, limit: float, weeks: int) -> float:
    """The chance that C = max(0, C + reference - x) reaches ``limit`` within ``weeks``."""
    # Noisy weeks of many facts go far, and need no finer steps for it.
    steps = max(4, int(160 / max(limit, 1.0))) if limit <= LARGE_LIMIT else 160 / limit
    states = max(1, round(limit * steps))
    most = int(reference + limit) + 1
    chances = count_probabilities(mean, noise, most) if mean > 0 else np.eye(1, most + 1)[0]
    jumps: Whole = round(reference * steps) - np.rint(steps * np.arange(most + 1)).astype(np.int64)
    if limit > LARGE_LIMIT:
        jumps, places = np.unique(jumps, return_inverse=True)
        chances = np.bincount(places, weights=chances)
    landing = np.maximum(np.arange(states)[:, None] + jumps[None, :], 0)
    standing: Floats = np.zeros(states)
    standing[0] = 1.0
    for _ in range(weeks):
        mass = standing[:, None] * chances[None, :]
        stays = landing < states
        rest = standing.sum() - mass.sum()
        alarmed_mass = mass[~stays].sum()
        lost = 1 - standing.sum()
        standing = np.asarray(
            np.bincount(landing[stays], weights=mass[stays], minlength=states), dtype=np.float64
        )
        standing[0] += max(0.0, rest)
        if lost + alarmed_mass >= 1:
            return 1.0
    return float(1 - standing.sum())
