"""Limits keep their budgets: against the exact chain, and against drawn weeks."""

import tracemalloc

import numpy as np
import pytest

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.cusum import (
    DESIGN_FACTOR,
    LOWER_ESCALATION,
    LOWER_SOFT,
    UPPER_SOFT,
    Charts,
    log_likelihood_ratio,
    smallest_drop,
    step_charts,
)
from bot.coaching.evidence.thresholds import (
    DOUBTS,
    HIGHEST_LIMIT,
    SILENT_WEEKS,
    Design,
    limit_at,
    limits,
)


def false_rate(design: Design, mean: float, noise: float, *, seed: int) -> float:
    """Alarms a week of 400 charts over 250 weeks in which nothing changed."""
    rng = np.random.default_rng(seed)
    shape, weeks = 400, 250
    limit = np.full(shape, limit_at(design, mean, noise, 0.0))
    expected: Floats = np.full(shape, mean)
    charts, alarms = Charts.at_rest((shape,)), 0
    for _ in range(weeks):
        effort = rng.gamma(1 / noise, noise, shape) if noise else 1.0
        counts = rng.poisson(mean * effort, shape).astype(float)
        step = step_charts(
            charts,
            log_likelihood_ratio(counts, expected, noise=noise, factor=design.factor),
            limit,
            counts=counts,
            exposures=np.ones(shape),
            expected=expected,
            updated=np.ones(shape, dtype=bool),
        )
        charts, alarms = step.after, alarms + int(step.alarmed.sum())
    return alarms / (shape * weeks)


@pytest.mark.parametrize("design", [LOWER_SOFT, UPPER_SOFT, LOWER_ESCALATION], ids=str)
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_charts_alarm_as_often_as_their_budget_says(design: Design, noise: float) -> None:
    means = (1.5, 1.8, 2.0, 2.2, 2.5, 3.0, 8.0, 50.0)
    rates = [false_rate(design, mean, noise, seed=3) / design.budget for mean in means]
    # Few whole counts a week cannot hit a budget exactly: some means lie below it, some above.
    assert 0.8 <= np.mean(rates) <= 1.2
    assert max(rates) < 1.8


def test_a_smaller_budget_and_a_greater_doubt_ask_for_more() -> None:
    soft, hard = limit_at(LOWER_SOFT, 8, 0.02, 0.1), limit_at(LOWER_ESCALATION, 8, 0.02, 0.1)
    assert soft < hard
    climbing = [limit_at(LOWER_SOFT, 8, 0.02, doubt) for doubt in DOUBTS]
    assert climbing == sorted(climbing)


def test_between_the_points_of_the_grid_limits_lie_between_theirs() -> None:
    low, between, high = (
        float(limits(LOWER_SOFT, np.asarray([mean]), noise=0.02, doubts=np.asarray([0.1]))[0])
        for mean in (8.0, 9.0, 11.3)
    )
    assert min(low, high) <= between <= max(low, high)


def test_no_limit_is_looked_for_beyond_the_highest() -> None:
    assert limit_at(Design(factor=0.6, budget=1e-7), 2, 0.3, 0.3) == HIGHEST_LIMIT


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_a_chart_that_looks_for_no_change_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="change"):
        Design(factor=factor, budget=0.01)


def test_a_budget_that_silence_alone_would_break_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be kept"):
        Design(factor=0.6, budget=1 / (1 + SILENT_WEEKS))


def detected(mean: float, left: float, *, weeks: int = 4, noise: float = 0.0) -> float:
    """How often drawn weeks at ``left`` of a mean alarm a chart at rest within four weeks."""
    rng = np.random.default_rng(5)
    shape = 4000
    charts, expected = Charts.at_rest((shape,)), np.full(shape, mean)
    limit = np.full(shape, limit_at(LOWER_SOFT, mean, noise, 0.0))
    ever = np.zeros(shape, dtype=bool)
    for _ in range(weeks):
        effort = rng.gamma(1 / noise, noise, shape) if noise else 1.0
        counts = rng.poisson(mean * left * effort, shape).astype(float)
        step = step_charts(
            charts,
            log_likelihood_ratio(counts, expected, noise=noise, factor=DESIGN_FACTOR),
            limit,
            counts=counts,
            exposures=np.ones(shape),
            expected=expected,
            updated=np.ones(shape, dtype=bool),
        )
        charts, ever = step.after, ever | step.alarmed
    return float(ever.mean())


@pytest.mark.parametrize("mean", [3.0, 8.0, 50.0])
def test_the_smallest_drop_is_noticed_in_four_of_five_and_a_smaller_one_is_not(mean: float) -> None:
    drop = smallest_drop(mean, 1.0)
    assert drop is not None
    assert detected(mean, 1 - drop) == pytest.approx(0.8, abs=0.04)
    assert detected(mean, 1 - drop + 0.12) < 0.76


def test_the_more_facts_a_week_the_smaller_the_drop_and_noise_makes_it_greater() -> None:
    drops = [smallest_drop(mean, 1.0) or 1.0 for mean in (3, 8, 20, 50)]
    assert drops == sorted(drops, reverse=True)
    noisy, quiet = smallest_drop(50, 2.0), smallest_drop(50, 1.0)
    assert noisy is not None
    assert quiet is not None
    assert noisy > quiet


def test_noisy_weeks_of_many_facts_are_told_as_truly_and_take_no_more_room() -> None:
    tracemalloc.start()
    try:
        drop = smallest_drop(240, 1 + 0.2 * 240)
        # Weeks that vary by all of themselves hide even a stop.
        assert smallest_drop(400, 1 + 1.0 * 400) is None
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
    assert drop is not None
    assert detected(240, 1 - drop, noise=0.2) == pytest.approx(0.8, abs=0.04)


def test_too_few_facts_to_tell_says_so() -> None:
    assert smallest_drop(0.2, 1.0) is None
    assert smallest_drop(0.5, 1.0) is None
