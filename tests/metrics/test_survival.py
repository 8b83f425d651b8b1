"""Waits of which some are not over; the numbers are those of the 6-MP arm of Freireich (1963)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.survival import (
    Wait,
    mean_wait,
    median_interval,
    median_wait,
    steps,
    still_waiting,
)

HAPPENED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
CENSORED = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
FREIREICH = [
    *(Wait(days=days, has_happened=True) for days in HAPPENED),
    *(Wait(days=days, has_happened=False) for days in CENSORED),
]


@pytest.mark.parametrize(
    ("days", "at_risk", "waiting", "error", "low", "high"),
    [
        (6, 21, 0.857142857, 0.076360355, 0.619717955, 0.951551748),
        (7, 17, 0.806722689, 0.086935285, 0.563146565, 0.922809019),
        (10, 15, 0.752941176, 0.096349653, 0.503199511, 0.889361835),
    ],
)
def test_the_curve_is_the_published_one(
    days: int, at_risk: int, waiting: float, error: float, low: float, high: float
) -> None:
    [step] = [each for each in steps(FREIREICH) if each.days == days]
    assert step.at_risk == at_risk
    found = (step.waiting, step.standard_error, step.low, step.high)
    assert found == pytest.approx((waiting, error, low, high), abs=1e-8)


def test_the_rest_of_the_curve_its_median_and_restricted_mean() -> None:
    curve = steps(FREIREICH)
    rest = [still_waiting(curve, days) for days in (13, 16, 22, 23)]
    assert rest == pytest.approx([0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert curve[-1].standard_error == pytest.approx(0.1346, abs=5e-5)
    assert median_wait(curve) == 23
    assert mean_wait(curve, within=20) == pytest.approx(16.117, abs=5e-4)
    low, high = median_interval(curve)
    assert low is not None
    assert low <= 23
    assert high is None


def test_nobody_waiting_any_more_leaves_nothing_and_all_waiting_leaves_everything() -> None:
    over = steps([Wait(days=3, has_happened=True)])
    assert (over[0].waiting, over[0].standard_error, median_wait(over)) == (0, 0, 3)
    assert median_wait(steps([Wait(days=3, has_happened=False)])) is None
    assert median_wait(steps([])) is None


def test_a_wait_that_ended_before_it_began_is_refused() -> None:
    with pytest.raises(ValueError, match="before it began"):
        steps([Wait(days=-1, has_happened=True)])


WAITS = st.lists(
    st.builds(Wait, days=st.integers(0, 60).map(float), has_happened=st.booleans()), max_size=40
)


@given(WAITS)
def test_the_share_still_waiting_only_falls_and_lies_within_its_interval(
    waits: list[Wait],
) -> None:
    curve = steps(waits)
    assert all(before.waiting > after.waiting for before, after in pairwise(curve))
    assert all(step.low <= step.waiting <= step.high for step in curve)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_without_censoring_it_is_the_share_that_waited_longer(days: list[int]) -> None:
    curve = steps([Wait(days=each, has_happened=True) for each in days])
    for step in curve:
        longer = sum(each > step.days for each in days) / len(days)
        assert step.waiting == pytest.approx(longer)
