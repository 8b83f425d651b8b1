"""Dispersion, forecast error, linearity and attrition, against references that others made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint

from bot.coaching.evidence.attrition import attrition
from bot.coaching.evidence.dispersion import (
    dispersion,
    gini,
    gini_interval,
    share_reaching,
    spread_by_chance,
    spread_interval,
)
from bot.coaching.evidence.forecast_error import forecast_error
from bot.coaching.evidence.linearity import shares_by_part

amounts = st.lists(st.just(0.0) | st.floats(0.01, 1e7), min_size=2, max_size=40)


def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def by_pairs(values: list[float]) -> float:
    """Gini's mean difference by its definition: all pairs of different people."""
    count, mean = len(values), sum(values) / len(values)
    apart = sum(abs(one - other) for one in values for other in values)
    return apart / (count * (count - 1)) / (2 * mean) if mean else 0.0


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[float]) -> None:
    assert gini(values) == pytest.approx(by_pairs(values), abs=1e-9)


@given(amounts, st.floats(0.01, 1000))
def test_gini_knows_no_currency_and_no_order(values: list[float], rate: float) -> None:
    other = [value * rate for value in reversed(values)]
    assert gini(other) == pytest.approx(gini(values), abs=1e-6)
    assert 0 <= gini(values) <= 1 + 1e-9


def test_gini_of_equals_is_zero_and_of_one_who_has_it_all_one() -> None:
    assert gini([3, 3, 3, 3]) == 0
    assert gini([0, 0, 0, 5]) == 1
    assert gini([0, 0]) == 0
    with pytest.raises(ValueError, match="two people"):
        gini([1])


def test_the_intervals_bounds_are_those_of_scipys_bootstrap() -> None:
    values = np.random.default_rng(3).gamma(4, 0.25, size=24)
    ours = gini_interval(values, rng=generator(), draws=20_000)
    assert ours is not None
    theirs = scipy_stats.bootstrap(
        (values,),
        gini,
        vectorized=False,
        method="percentile",
        n_resamples=5_000,
        rng=np.random.default_rng(11),
    ).confidence_interval
    assert ours.low == pytest.approx(theirs.low, abs=0.01)
    assert ours.high == pytest.approx(theirs.high, abs=0.01)
    assert gini_interval(values[:7], rng=generator()) is None


def test_the_spread_has_the_chi_squared_interval() -> None:
    values = [0.6, 0.9, 1.1, 0.7, 1.3]
    found = spread_interval(values)
    variance = np.var(values, ddof=1)
    for q, bound in ((0.975, found.low), (0.025, found.high)):
        assert bound == pytest.approx(np.sqrt(4 * variance / scipy_stats.chi2.ppf(q, 4)))


@pytest.mark.parametrize("mark", [0.8, 1.0])
def test_the_share_that_reaches_quota_has_the_exact_interval(mark: float) -> None:
    values = [0.5, 0.79, 0.8, 0.95, 1.0, 1.4]
    found = share_reaching(values, mark)
    reached = sum(value >= mark for value in values)
    low, high = proportion_confint(reached, 6, method="beta")
    assert (found.estimate, found.low, found.high) == pytest.approx((reached / 6, low, high))


def test_chance_alone_spreads_as_a_compound_poisson_does() -> None:
    """Var(attainment) = count * E[size^2] / quota^2, an analytic formula that draws nothing."""
    sizes = np.random.default_rng(5).lognormal(9, 0.5, size=60)
    quotas = np.full(12, 60_000.0)
    found = spread_by_chance(np.full(12, 0.8), quotas, sizes, rng=generator(), draws=20_000)
    assert found is not None
    expected = np.sqrt(60 / 12 * np.mean(sizes**2)) / 60_000
    assert found.middle == pytest.approx(expected, rel=0.05)
    assert found.low < expected < found.high


def test_equal_reps_are_rarely_called_different_and_planted_ones_nearly_always() -> None:
    rng = generator()
    called = {"equal": 0, "planted": 0}
    for _ in range(120):
        for kind, skill in (("equal", np.ones(8)), ("planted", np.repeat([0.4, 1.6], 4))):
            counts = rng.poisson(9 * skill)
            deals = [rng.lognormal(9, 0.4, size=count) for count in counts]
            attained = np.array([each.sum() for each in deals]) / 80_000
            chance = spread_by_chance(
                attained, np.full(8, 80_000.0), np.concatenate(deals), rng=rng, draws=400
            )
            assert chance is not None
            called[kind] += not chance.explains_it
    assert called["equal"] <= 14
    assert called["planted"] >= 108


def test_too_few_reps_or_deals_say_nothing() -> None:
    assert dispersion([1.0, 0.5, 0.9], [1, 1, 1], [0.1] * 30, rng=generator()) is None
    few = dispersion([1.0, 0.5, 0.9, 0.7], [1, 1, 1, 1], [0.3] * 9, rng=generator())
    assert few is not None
    assert few.by_chance is None
    assert few.gini_interval is None
    enough = dispersion([1.0, 0.5, 0.9, 0.7], [1, 1, 1, 1], [0.3] * 10, rng=generator())
    assert enough is not None
    assert enough.by_chance is not None


def test_forecast_error_is_the_ratio_of_sums_and_refuses_below_six() -> None:
    told, came = [100, 80, 120, 90, 60, 110, 130], [80, 90, 100, 70, 60, 80, 100]
    found = forecast_error(told, came, rng=generator())
    assert found is not None
    assert found.bias.estimate == pytest.approx((sum(told) - sum(came)) / sum(came))
    apart = [abs(one - other) for one, other in zip(told, came, strict=True)]
    assert found.error.estimate == pytest.approx(sum(apart) / sum(came))
    assert found.leans == "high"
    assert forecast_error(told[:5], came[:5], rng=generator()) is None
    assert forecast_error(told, [0.0] * 7, rng=generator()) is None


@given(st.lists(st.floats(1, 1e6), min_size=6, max_size=24), st.floats(0.5, 2))
def test_a_forecast_that_is_always_off_by_the_same_share_has_that_bias(
    came: list[float], factor: float
) -> None:
    found = forecast_error([value * factor for value in came], came, rng=generator())
    assert found is not None
    assert found.bias.estimate == pytest.approx(factor - 1, abs=1e-9)
    assert found.error.estimate == pytest.approx(abs(factor - 1), abs=1e-9)
    assert abs(found.bias.estimate) <= found.error.estimate + 1e-9


@pytest.mark.parametrize(("factor", "leans"), [(1.3, "high"), (0.7, "low"), (1.0, "neither")])
def test_a_lean_is_named_only_where_it_is_one(factor: float, leans: str) -> None:
    came = [100.0, 140, 90, 120, 80, 110]
    found = forecast_error([value * factor for value in came], came, rng=generator())
    assert found is not None
    assert found.leans == leans


@given(st.lists(st.tuples(st.floats(1, 1e6), st.integers(0, 2)), min_size=10, max_size=60))
def test_the_parts_of_a_quarter_sum_to_all_of_it(deals: list[tuple[float, int]]) -> None:
    won, parts = [each[0] for each in deals], [each[1] for each in deals]
    found = shares_by_part(won, parts, 3, rng=generator())
    assert found is not None
    assert sum(each.estimate for each in found) == pytest.approx(1)
    for part, each in enumerate(found):
        mine = sum(amount for amount, at in deals if at == part)
        assert each.estimate == pytest.approx(mine / sum(won))
        assert each.low <= each.estimate + 1e-9
        assert each.high >= each.estimate - 1e-9


def test_nine_deals_have_no_linearity() -> None:
    assert shares_by_part([1.0] * 9, [0] * 9, 3, rng=generator()) is None
    assert shares_by_part([0.0] * 10, [0] * 10, 3, rng=generator()) is None


def test_attrition_has_garwoods_interval() -> None:
    found = attrition(2, 8.0)
    assert found is not None
    assert found.estimate == 0.25
    assert found.low == pytest.approx(scipy_stats.chi2.ppf(0.025, 4) / 2 / 8)
    assert found.high == pytest.approx(scipy_stats.chi2.ppf(0.975, 6) / 2 / 8)
    assert attrition(1, 2.9) is None
