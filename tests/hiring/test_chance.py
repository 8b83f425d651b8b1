"""Correlations, permutations and pooling, held against others' implementations and by hand."""

import numpy as np
import pytest
from scipy.stats import pearsonr
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.power import zt_ind_solve_power

from bot.hiring.chance import (
    chances,
    correlations,
    given_spread,
    hires_needed,
    pooled,
    shuffles,
    unrestricted,
)
from bot.hiring.hires import residuals
from bot.metrics.survival import Wait


def drawn(seed: int = 1, many: int = 40) -> np.random.Generator:
    return np.random.default_rng(seed + many)


def test_residuals_times_scores_are_the_score_of_a_cox_model() -> None:
    rng = drawn()
    days, happened = rng.integers(5, 60, 40).astype(float), rng.random(40) < 0.7
    scores = rng.normal(size=40)
    waits = [Wait(days=d, has_happened=bool(h)) for d, h in zip(days, happened, strict=True)]
    theirs = PHReg(days, scores[:, None], status=happened.astype(int), ties="breslow")
    [expected] = theirs.breslow_gradient(np.array([0.0]))
    assert float(scores @ residuals(waits)) == pytest.approx(float(expected), abs=1e-9)
    assert float(residuals(waits).sum()) == pytest.approx(0, abs=1e-9)


def test_a_wait_that_nobody_knows_stays_unknown_and_changes_nothing() -> None:
    waits = [Wait(days=10, has_happened=True), None, Wait(days=30, has_happened=False)]
    found = residuals(waits)
    assert np.isnan(found[1])
    assert list(found[[0, 2]]) == [0.5, -0.5]
    assert np.isnan(residuals([Wait(days=3, has_happened=False)])).all()


def test_correlations_are_those_of_scipy_over_what_is_known() -> None:
    rng = drawn()
    x, y = rng.normal(size=(40, 3)), rng.normal(size=(40, 2))
    x[:5, 0], y[30:, 1], x[:, 2] = np.nan, np.nan, 4.0
    r, n = correlations(x, y)
    assert r[0, 1] == pytest.approx(pearsonr(x[5:30, 0], y[5:30, 1]).statistic)
    assert r[1, 0] == pytest.approx(pearsonr(x[:, 1], y[:, 0]).statistic)
    assert n.tolist() == [[35, 25], [40, 30], [40, 30]]
    assert np.isnan(r[2]).all()


def test_outcomes_change_hands_within_their_role_only() -> None:
    groups = ["b", "a", "b", "a", "a"]
    for order in shuffles(groups, seed=3, many=50):
        assert [groups[n] for n in order] == groups
        assert sorted(order) == [0, 1, 2, 3, 4]
    assert (shuffles(groups, seed=3, many=5) == shuffles(groups, seed=3, many=5)).all()


def test_a_plain_relation_is_no_chance_and_too_few_hires_are_always_chance() -> None:
    rng = drawn()
    x = rng.normal(size=(30, 2))
    y = np.column_stack([x[:, 0] + 0.3 * rng.normal(size=30), rng.normal(size=30)])
    found = chances(x, y, ["ae"] * 30, seed=1, draws=499)
    assert found[0, 0] == pytest.approx(1 / 500)
    assert found[1].min() > 0.05
    few = chances(x[:7], y[:7], ["ae"] * 7, seed=1, draws=99)
    assert (few == 1).all()


def test_means_given_a_spread_are_those_of_a_random_effects_model() -> None:
    x, v = np.array([0.4, 0.1, -0.2, 0.6, 0.3]), np.array([0.02, 0.05, 0.04, 0.03, 0.08])
    theirs = combine_effects(x, v, method_re="dl")
    means, _, _ = given_spread(x, v, float(np.sqrt(theirs.tau2)))
    kept = theirs.tau2 / (theirs.tau2 + v)
    expected = theirs.mean_effect_re + kept * (x - theirs.mean_effect_re)
    assert means == pytest.approx(expected)


def test_the_less_is_known_the_nearer_it_is_drawn_to_the_others() -> None:
    sure, vague = pooled([0.6, 0.6], [0.01, 0.5], spread=0.25)
    [alone, *_] = pooled([0.6, 0.0, 0.0, 0.0], [0.01] * 4, spread=0.25)
    assert 0.2 < alone.estimate < 0.6
    assert vague.high - vague.low > sure.high - sure.low
    assert pooled([], [], spread=0.25) == []


def test_intervals_hold_the_truth_in_nineteen_of_twenty_cases() -> None:
    rng = drawn()
    held = []
    for _ in range(200):
        truth = rng.normal(0.1, 0.25, size=6)
        v = np.full(6, 1 / 20)
        found = pooled(list(truth + rng.normal(size=6) * np.sqrt(v)), list(v), spread=0.4)
        held += [each.low <= t <= each.high for each, t in zip(found, truth, strict=True)]
    assert 0.93 < np.mean(held) < 0.98


@pytest.mark.parametrize("r", [0.2, 0.3, 0.5])
def test_how_many_hires_it_takes_is_what_a_power_calculation_says(r: float) -> None:
    theirs = zt_ind_solve_power(effect_size=np.arctanh(r), alpha=0.05, power=0.8, ratio=0)
    assert hires_needed(r) == pytest.approx(theirs + 3, abs=1)


def test_a_narrow_spread_hides_a_relation() -> None:
    assert unrestricted(0.3, 1.0) == pytest.approx(0.3)
    # Thorndike's case 2 by hand: r u / sqrt(1 - r² + r² u²) with u = 2.
    assert unrestricted(0.3, 0.5) == pytest.approx(0.6 / np.sqrt(1 - 0.09 + 0.36))
