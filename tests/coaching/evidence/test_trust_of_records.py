"""Bursts, late entries and activity that leads to less: questions for the rep, no warnings."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.coaching.evidence.common_cause import (
    Cause,
    common_causes,
    factor_of_team_mates,
    unusual_weeks,
)
from bot.coaching.evidence.funnel import differences_in_share
from bot.coaching.evidence.gaming import (
    activity_without_yield,
    burst_share,
    count_tails,
    late_share,
    noise_of_yield,
)
from bot.coaching.evidence.intervals import Interval, bootstrap_ratio, poisson_interval

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(*minutes: float) -> list[datetime]:
    return [NOON + timedelta(minutes=each) for each in minutes]


def test_ten_records_in_ten_minutes_are_a_burst_and_nine_are_none() -> None:
    assert burst_share(after(*range(9))) == 0
    assert burst_share(after(*range(10))) == 1
    assert burst_share(after(*range(10), 300, 400, 500, 600, 700)) == pytest.approx(10 / 15)
    assert burst_share([]) is None


def test_what_is_entered_more_than_a_day_later_is_late() -> None:
    days = [(NOON, NOON + timedelta(hours=hours)) for hours in (1, 24, 25, 90)]
    assert late_share(days) == 0.5
    assert late_share([]) is None


def flagged(activity: float, yielded: float) -> bool:
    found = activity_without_yield(
        activity=np.asarray([activity]),
        activity_expected=np.asarray([200.0]),
        yielded=np.asarray([yielded]),
        yield_expected=np.asarray([32.0]),
        activity_noise=0.01,
        yield_noise=0.01,
        activity_doubt=np.asarray([0.05]),
        yield_doubt=np.asarray([0.08]),
    )
    return bool(found.flagged[0])


def test_twice_the_calls_with_as_few_meetings_are_doubted_and_honest_work_is_not() -> None:
    assert flagged(440.0, 32.0)
    assert not flagged(320.0, 51.0)
    assert not flagged(200.0, 10.0)
    assert not flagged(220.0, 20.0)


def test_tails_are_those_of_a_poisson_without_noise() -> None:
    low, high = count_tails(np.asarray([3.0]), np.asarray([5.0]), 0.0)
    assert low[0] == pytest.approx(0.2650, abs=5e-5)
    assert high[0] == pytest.approx(0.8753, abs=5e-5)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_the_noise_of_a_yield_is_learnt_given_the_activity(noise: float) -> None:
    rng = np.random.default_rng(8)
    activity = rng.poisson(50, (60, 40)).astype(float)
    own = rng.gamma(1 / noise, noise, activity.shape) if noise else 1.0
    yielded = rng.poisson(activity * 0.16 * own).astype(float)
    assert noise_of_yield(activity, yielded) == pytest.approx(noise, abs=0.02)


def test_one_metric_at_a_third_while_others_go_on_is_missing_data() -> None:
    z = np.asarray([-8.0, 0.1, -0.3])
    assert common_causes(np.asarray([0.5, 1.0, 0.95]), z) == (Cause.MAYBE_INCOMPLETE, None, None)
    assert common_causes(np.asarray([0.5, 0.5, 0.55]), np.full(3, -8.0)) == (Cause.COMMON,) * 3
    assert common_causes(np.asarray([0.9, 1.0, 1.0]), np.full(3, -8.0)) == (None,) * 3
    assert common_causes(np.asarray([0.5]), np.asarray([np.nan])) == (None,)


def test_a_week_of_everybody_is_judged_by_the_weeks_before_it() -> None:
    past = np.exp(np.random.default_rng(3).normal(0, 0.1, (1, 20)))
    expected = np.full((1, 30), 10.0)
    usual, low = (
        unusual_weeks(expected * factor, expected, np.asarray([factor]), past, np.ones(1))[0]
        for factor in (1.0, 0.5)
    )
    assert abs(usual) < 1.5
    assert low < -4
    few = unusual_weeks(expected, expected, np.ones(1), past[:, :3], np.ones(1))
    assert np.isnan(few[0])


def test_members_of_a_fallen_team_are_measured_against_their_mates() -> None:
    members = np.asarray([True, True, True, False])
    counts, expected = np.asarray([40.0, 50.0, 10.0, 100.0]), np.full(4, 100.0)
    factors = factor_of_team_mates(counts, expected, members, facts_assumed=5)
    assert factors[3] == 1
    assert factors[0] == pytest.approx((60 + 5) / 205)


def test_differences_that_noise_explains_are_reported_as_not_shown() -> None:
    few = differences_in_share([1, 2, 3], [8, 8, 8])
    assert few is not None
    assert not few.are_shown
    assert few.sentence.startswith("No difference between the 3 reps is shown")
    many = differences_in_share([10, 80, 50], [100, 100, 100])
    assert many is not None
    assert many.are_shown
    assert "by more than chance" in many.sentence
    assert differences_in_share([3], [9]) is None


def test_the_bootstrap_of_a_ratio_covers_it() -> None:
    rng = np.random.default_rng(5)
    held = []
    for _ in range(200):
        below = rng.integers(5, 20, 40).astype(float)
        found = bootstrap_ratio(
            rng.binomial(below.astype(int), 0.3).astype(float), below, rng=rng, draws=300
        )
        assert found is not None
        held.append(found.holds(0.3))
    assert np.mean(held) == pytest.approx(0.95, abs=0.04)
    assert bootstrap_ratio([1.0], [2.0], rng=rng) is None


def test_intervals_that_run_backwards_or_rest_on_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Interval(estimate=1, low=2, high=1)
    with pytest.raises(ValueError, match="no rate"):
        poisson_interval(-1)
