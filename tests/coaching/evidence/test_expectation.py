"""What was to be expected of a week, and how noisy weeks are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.evidence.expectation import (
    Dispersion,
    factor_of_all,
    factor_of_the_others,
    is_absent,
    rates_from,
)
from bot.coaching.evidence.shrinkage import (
    LARGEST_CV_SQUARED,
    SMALLEST_CV_SQUARED,
    Gamma,
    beta_prior,
    cv_squared_between,
    gamma_prior,
    log_normal_prior,
)


def test_a_rate_lies_between_the_reps_own_and_the_roles_by_the_formula() -> None:
    counts, weeks = np.asarray([[40.0, 80.0, 60.0, 60.0]]), np.full((1, 4), 10.0)
    rates = rates_from(counts, weeks, noise=np.zeros(1))
    weight = 1 / rates.cv_squared[0, 0]
    assert rates.pooled[0, 0] == pytest.approx(6)
    assert rates.rate[0, 0] == pytest.approx((weight + 40) / (weight / 6 + 10))
    assert 4 < rates.rate[0, 0] < 6 < rates.rate[0, 1] < 8


def test_who_was_never_there_is_expected_to_be_as_the_role_is() -> None:
    rates = rates_from(
        np.asarray([[0.0, 60.0, 66.0]]), np.asarray([[0.0, 10.0, 10.0]]), noise=np.zeros(1)
    )
    assert rates.rate[0, 0] == pytest.approx(rates.pooled[0, 0])
    assert rates.doubt[0, 0] > rates.doubt[0, 1]


def test_a_rate_is_drawn_towards_those_of_the_same_role_only() -> None:
    counts = np.asarray([[500.0, 520.0, 480.0, 20.0, 22.0, 0.0]])
    weeks = np.asarray([[10.0, 10.0, 10.0, 10.0, 10.0, 0.0]])
    roles = ("sdr", "sdr", "sdr", "ae", "ae", "ae")
    rates = rates_from(counts, weeks, noise=np.zeros(1), roles=roles)
    assert rates.pooled[0, :3] == pytest.approx(50, rel=0.01)
    # What all roles show is worth one fact against 42 of the account executives' own.
    assert rates.rate[0, 5] == pytest.approx(2.1, rel=0.03)
    alone = rates_from(counts[:, 3:], weeks[:, 3:], noise=np.zeros(1))
    assert rates.rate[0, 3:] == pytest.approx(alone.rate[0], rel=0.03)


def test_a_role_that_nobody_has_seen_yet_is_expected_to_be_like_all() -> None:
    counts, weeks = np.asarray([[60.0, 60.0, 0.0]]), np.asarray([[10.0, 10.0, 0.0]])
    rates = rates_from(counts, weeks, noise=np.zeros(1), roles=("sdr", "sdr", "ae"))
    assert rates.rate[0, 2] == pytest.approx(6)


def test_where_nothing_was_counted_nothing_is_expected() -> None:
    rates = rates_from(np.zeros((1, 3)), np.zeros((1, 3)), noise=np.zeros(1))
    assert rates.rate.tolist() == [[0, 0, 0]]


def test_ones_own_week_has_no_part_in_the_factor_of_the_others() -> None:
    expected = np.full((1, 3), 10.0)
    for own in (0.0, 50.0):
        factors = factor_of_the_others(np.asarray([[own, 5.0, 5.0]]), expected)
        assert factors[0, 0] == pytest.approx((10 + 5) / (20 + 5))


def test_the_factor_of_all_is_drawn_to_one_when_facts_are_few() -> None:
    assert factor_of_all(np.zeros((1, 2)), np.full((1, 2), 0.5))[0] > 0.8
    assert factor_of_all(np.zeros((1, 2)), np.full((1, 2), 500.0))[0] < 0.01


@pytest.mark.parametrize(("noise", "phi"), [(0.0, 1.0), (0.05, 1.4), (0.2, 2.6)])
def test_noise_is_learnt_from_what_weeks_did(noise: float, phi: float) -> None:
    rng = np.random.default_rng(2)
    seen, expected = Dispersion.unknown(1), np.full((1, 50), 8.0)
    for _ in range(60):
        effort = rng.gamma(1 / noise, noise, (1, 50)) if noise else np.ones((1, 50))
        counts = rng.poisson(8 * effort).astype(float)
        counted = np.ones((1, 50), dtype=bool)
        seen = seen.after(counts, expected, np.zeros((1, 50)), counted)
    assert seen.phi[0] == pytest.approx(phi, rel=0.06)
    assert seen.noise[0] == pytest.approx(noise, abs=0.015)


def test_what_is_not_counted_teaches_nothing() -> None:
    before = Dispersion.unknown(1)
    after = before.after(
        np.asarray([[99.0]]), np.asarray([[np.nan]]), np.zeros((1, 1)), np.zeros((1, 1), bool)
    )
    assert (after.rep_weeks[0], after.squares[0], after.means[0]) == (0, 0, 0)


EXPECTED = np.asarray([[50.0], [8.0], [2.0]])


def test_an_isolated_week_of_next_to_nothing_is_leave_and_a_second_one_is_not() -> None:
    little = np.asarray([[3.0], [0.0], [0.0]])
    assert is_absent(little, EXPECTED, np.asarray([False])).tolist() == [True]
    assert is_absent(little, EXPECTED, np.asarray([True])).tolist() == [False]


def test_a_bad_week_is_no_leave_and_a_week_of_few_facts_is_no_sign() -> None:
    assert not is_absent(np.asarray([[30.0], [0.0], [0.0]]), EXPECTED, np.asarray([False]))[0]
    assert not is_absent(np.zeros((1, 1)), np.asarray([[2.0]]), np.asarray([False]))[0]


@given(spread=st.floats(0.1, 0.8), seed=st.integers(0, 10_000))
def test_how_much_reps_differ_stays_within_reason(spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.gamma(1 / spread**2, spread**2, 6)
    found = float(cv_squared_between(rng.poisson(40 * truth).astype(float), np.full(6, 8.0)))
    assert SMALLEST_CV_SQUARED <= found <= LARGEST_CV_SQUARED


def test_with_many_reps_their_spread_is_found() -> None:
    rng = np.random.default_rng(1)
    truth = rng.gamma(16, 1 / 16, 2000)
    counts, weeks = rng.poisson(80 * truth).astype(float), np.full(2000, 10.0)
    assert float(cv_squared_between(counts, weeks)) == pytest.approx(1 / 16, rel=0.1)
    prior = gamma_prior(counts, weeks)
    assert prior.mean == pytest.approx(8, rel=0.03)


def test_credible_intervals_cover_what_the_prior_drew() -> None:
    rng = np.random.default_rng(4)
    prior = Gamma(shape=16, rate=2)
    truth = rng.gamma(16, 0.5, 600)
    held = [prior.after(float(rng.poisson(4 * rate)), 4.0).interval().holds(rate) for rate in truth]
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_effort_noise_makes_facts_worth_less() -> None:
    prior = Gamma(shape=16, rate=2)
    plain, noisy = prior.after(8, 4), prior.after(8, 4, noise=0.1)
    assert plain.mean < noisy.mean < prior.mean


def test_shares_are_drawn_to_the_roles() -> None:
    prior = beta_prior(np.asarray([10.0, 12.0, 8.0]), np.asarray([40.0, 40.0, 40.0]))
    assert prior.mean == pytest.approx(0.25, abs=0.01)
    assert prior.after(0, 3).mean > 0.15
    assert prior.after(0, 3000).mean < 0.05


def test_spans_are_drawn_to_the_roles_on_a_log_scale() -> None:
    prior = log_normal_prior(
        np.asarray([10.0, 14.0, 12.0]), np.asarray([20.0, 20.0, 20.0]), log_spread=0.6
    )
    assert prior.median == pytest.approx(12, rel=0.1)
    assert prior.median < prior.after(np.asarray([40.0]), log_spread=0.6).median < 40
    assert prior.after(np.asarray([]), log_spread=0.6) is prior
