"""Two groups of waits compared: published values, and lifelines as an independent reference."""

import csv
import random
from pathlib import Path
from statistics import fmean, pstdev

import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from pandas import DataFrame

from bot.metrics.log_rank import events_to_see, log_rank, mean_within, pace_of
from bot.metrics.survival import Wait, median_wait, steps, still_waiting

REFERENCE = Path(__file__).parent / "reference"


def freireich(group: str) -> list[Wait]:
    with (REFERENCE / "km_freireich_input.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Wait(days=float(row["t"]), has_happened=row["e"] == "1")
        for row in rows
        if row["g"] == group
    ]


def test_freireich_s_two_groups_are_as_published() -> None:
    treated, placebo = freireich("1"), freireich("0")
    assert (median_wait(steps(treated)), median_wait(steps(placebo))) == (23, 8)
    found = log_rank(treated, placebo)
    assert found is not None
    assert found.chi_square == pytest.approx(16.793, abs=5e-4)
    assert found.p == pytest.approx(4.17e-5, rel=1e-2)
    pace = pace_of(treated, placebo)
    assert pace is not None
    # Cox's beta is -1.572 with Efron's ties, its standard error .4124.
    assert pace.ratio == pytest.approx(2.718281828**-1.572, rel=1e-3)
    assert pace.low == pytest.approx(0.0925, abs=5e-4)
    assert pace.high == pytest.approx(0.466, abs=5e-4)
    assert mean_within(treated, 20).mean == pytest.approx(16.117, abs=5e-4)


def made_up(seed: int, people: int, mean: float) -> list[Wait]:
    """Whole days, so that there are ties; whoever has waited for half a year is still waiting."""
    draw = random.Random(seed)  # noqa: S311 - nothing is kept secret
    return [
        Wait(days=min(round(draw.expovariate(1 / mean)) + 1, last), has_happened=last >= 180)
        if (last := draw.choice((60, 120, 180))) < 180
        else Wait(days=round(draw.expovariate(1 / mean)) + 1, has_happened=True)
        for _ in range(people)
    ]


def columns(waits: list[Wait]) -> tuple[list[float], list[bool]]:
    return [wait.days for wait in waits], [wait.has_happened for wait in waits]


@pytest.mark.parametrize("seed", range(4))
def test_lifelines_says_the_same(seed: int) -> None:
    first, second = made_up(seed, 14, 50), made_up(seed + 100, 11, 90)
    (days, happened), (other_days, other_happened) = columns(first), columns(second)
    theirs = logrank_test(days, other_days, happened, other_happened)
    ours = log_rank(first, second)
    assert ours is not None
    assert ours.chi_square == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p == pytest.approx(theirs.p_value, rel=1e-9)
    frame = DataFrame(
        {
            "days": [*days, *other_days],
            "happened": [*happened, *other_happened],
            "is_first": [1.0] * len(days) + [0.0] * len(other_days),
        }
    )
    cox = CoxPHFitter().fit(frame, "days", "happened").summary.loc["is_first"]
    pace = pace_of(first, second)
    assert pace is not None
    named = ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")
    assert [pace.ratio, pace.low, pace.high] == pytest.approx(
        [float(cox[name]) for name in named], rel=1e-4
    )


@pytest.mark.parametrize("seed", range(4))
def test_lifelines_draws_the_same_curve(seed: int) -> None:
    waits = made_up(seed, 17, 70)
    days, happened = columns(waits)
    theirs = KaplanMeierFitter().fit(days, happened)
    curve = steps(waits)
    low, high = (theirs.confidence_interval_[name] for name in theirs.confidence_interval_)
    for step in curve:
        assert step.waiting == pytest.approx(float(theirs.predict(step.days)))
        if 0 < step.waiting < 1:
            assert step.low == pytest.approx(float(low[step.days]), abs=1e-9)
            assert step.high == pytest.approx(float(high[step.days]), abs=1e-9)
    median = median_wait(curve)
    assert (median or float("inf")) == theirs.median_survival_time_
    mean = restricted_mean_survival_time(theirs, t=90)
    assert mean_within(waits, 90).mean == pytest.approx(mean, rel=1e-6)


def test_where_nobody_still_waits_the_mean_is_as_sure_as_any_mean_is() -> None:
    days = [3, 8, 8, 20, 41, 77, 90]
    found = mean_within([Wait(days=each, has_happened=True) for each in days], 60)
    at_most = [min(each, 60) for each in days]
    assert found.mean == pytest.approx(fmean(at_most))
    width = 1.959964 * pstdev(at_most) / len(days) ** 0.5
    assert (found.low, found.high) == pytest.approx((found.mean - width, found.mean + width))


def test_groups_that_cannot_be_compared_are_not() -> None:
    waiting = [Wait(days=30, has_happened=False)] * 3
    quick = [Wait(days=days, has_happened=True) for days in (5, 6, 7)]
    slow = [Wait(days=days, has_happened=True) for days in (50, 60, 70)]
    assert log_rank(waiting, waiting) is None
    assert log_rank([], quick) is None
    # Whoever is quick is so without overlap: it is real, yet how much quicker nobody can tell.
    assert pace_of(quick, slow) is None
    assert log_rank(quick, slow) is not None
    assert still_waiting(steps(quick), 4) == 1


def test_how_many_must_have_happened_to_see_a_doubling() -> None:
    assert events_to_see(2.0) == 66
    assert events_to_see(3.0) == 27
