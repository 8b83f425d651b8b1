"""One chart, week by week."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.cusum import (
    DESIGN_FACTOR,
    Charts,
    ChartStep,
    log_likelihood_ratio,
    step_charts,
)
from bot.coaching.evidence.thresholds import SILENT_WEEKS

means = st.floats(0.3, 80)


@given(count=st.integers(0, 200), mean=means, factor=st.sampled_from([0.4, 0.6, 1.5]))
def test_without_noise_the_ratio_is_that_of_two_poissons(
    count: int, mean: float, factor: float
) -> None:
    found = log_likelihood_ratio(
        np.asarray([float(count)]), np.asarray([mean]), noise=0.0, factor=factor
    )
    wanted = stats.poisson.logpmf(count, factor * mean) - stats.poisson.logpmf(count, mean)
    assert found[0] == pytest.approx(wanted, abs=1e-6)


@given(count=st.integers(0, 200), mean=means, noise=st.floats(0.005, 1))
def test_with_noise_it_is_that_of_two_negative_binomials(
    count: int, mean: float, noise: float
) -> None:
    found = log_likelihood_ratio(
        np.asarray([float(count)]), np.asarray([mean]), noise=noise, factor=DESIGN_FACTOR
    )
    size = 1 / noise
    after, before = (
        stats.nbinom.logpmf(count, size, size / (size + m)) for m in (DESIGN_FACTOR * mean, mean)
    )
    assert found[0] == pytest.approx(after - before, abs=1e-5)


def test_where_nothing_is_expected_a_week_speaks_for_nothing() -> None:
    found = log_likelihood_ratio(
        np.asarray([3.0, 0.0]), np.asarray([0.0, np.nan]), noise=0.02, factor=DESIGN_FACTOR
    )
    assert found.tolist() == [0, 0]


def stepped(charts: Charts, ratio: float, *, updated: bool = True, limit: float = 3.0) -> ChartStep:
    return step_charts(
        charts,
        np.asarray([ratio]),
        np.asarray([limit]),
        counts=np.asarray([4.0]),
        exposures=np.asarray([80.0]),
        expected=np.asarray([8.0]),
        updated=np.asarray([updated]),
    )


def test_evidence_adds_up_and_alarms_at_the_limit_and_then_rests_for_four_weeks() -> None:
    first = stepped(Charts.at_rest((1,)), 2.0)
    assert not first.alarmed[0]
    second = stepped(first.after, 1.5)
    assert second.alarmed[0]
    assert (second.shown.height[0], second.after.height[0]) == (3.5, 0)
    assert (second.shown.run_weeks[0], second.shown.run_counts[0]) == (2, 8)
    charts, alarms = second.after, []
    for _ in range(SILENT_WEEKS + 1):
        step = stepped(charts, 5.0)
        charts = step.after
        alarms.append(bool(step.alarmed[0]))
    assert alarms == [False] * SILENT_WEEKS + [True]


def test_a_chart_never_sinks_below_nothing_and_its_run_begins_anew() -> None:
    high = stepped(Charts.at_rest((1,)), 2.0).after
    low = stepped(high, -5.0).after
    assert (low.height[0], low.run_weeks[0], low.run_expected[0]) == (0, 0, 0)


def test_a_week_away_changes_nothing_but_the_silence() -> None:
    high = stepped(Charts.at_rest((1,)), 2.0).after
    away = stepped(high, 9.0, updated=False)
    assert not away.alarmed[0]
    assert (away.after.height[0], away.after.run_weeks[0]) == (2.0, 1)


@given(ratios=st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_the_chart_is_the_highest_sum_of_any_newest_weeks(ratios: list[float]) -> None:
    charts = Charts.at_rest((1,))
    for ratio in ratios:
        charts = stepped(charts, ratio, limit=1e9).after
    sums: Floats = np.cumsum(ratios[::-1])
    assert charts.height[0] == pytest.approx(max(0.0, float(sums.max())), abs=1e-9)


def test_a_run_knows_its_trials_and_the_calendar_weeks_it_lies_in() -> None:
    first = stepped(Charts.at_rest((1,)), 2.0)
    away = stepped(first.after, 2.0, updated=False)
    second = stepped(away.after, 1.5)
    assert (second.shown.run_weeks[0], second.shown.run_span[0]) == (2, 3)
    assert (second.shown.run_counts[0], second.shown.run_exposures[0]) == (8.0, 160.0)
    assert (second.after.run_span[0], second.after.run_exposures[0]) == (0, 0.0)
