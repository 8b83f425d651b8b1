"""Lasting levels against a target range."""

import numpy as np
import pytest

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.levels import Levels, probability_short, weigh_levels
from bot.coaching.evidence.shrinkage import Gamma


def weighed(counts: Floats, *, low: float = 8.0, high: float = 12.0) -> Levels:
    shape = counts.shape[:2]
    return weigh_levels(
        counts,
        np.ones_like(counts),
        low=np.full(shape, low),
        high=np.full(shape, high),
        noise=np.full(shape[0], 0.02),
        is_share=(False,) * shape[0],
    )


def reps(*weeks: tuple[int, ...]) -> Floats:
    return np.asarray([weeks], dtype=float)


STEADY = (9, 8, 10, 9, 8, 11, 9, 10)


def test_who_is_short_in_both_windows_is_short() -> None:
    counts = reps((3, 4, 2, 5, 3, 4, 3, 4), *[STEADY] * 7)
    levels = weighed(counts)
    assert levels.is_short[0].tolist() == [True] + [False] * 7
    assert levels.below[0, 0] > 0.8
    assert 3.5 < levels.estimate[0, 0] < 8


def test_one_bad_window_is_no_level() -> None:
    counts = reps((12, 11, 12, 12, 2, 2, 3, 2), *[STEADY] * 7)
    assert not weighed(counts).is_short[0, 0]


def test_who_is_beyond_in_both_windows_is_beyond() -> None:
    counts = reps((18, 17, 19, 16, 18, 20, 17, 18), *[STEADY] * 7)
    assert weighed(counts).is_beyond[0].tolist() == [True] + [False] * 7


def test_without_a_range_nobody_is_short() -> None:
    levels = weighed(reps((0,) * 8, *[STEADY] * 7), low=np.nan, high=np.nan)
    assert not levels.is_short.any()
    assert np.isnan(levels.below).all()


def test_a_level_is_drawn_towards_the_role_and_not_towards_everybody() -> None:
    # Two roles: one does ten a week, the other fifty. Somebody of the first with one week known
    # is taken for one of the first.
    low = reps(*[STEADY] * 6, (0,) * 7 + (9,))
    high = np.concatenate([5.0 * reps(*[STEADY] * 6), low], axis=1)
    exposures = np.ones_like(high)
    exposures[0, -1, :-1] = 0
    shape = high.shape[:2]
    levels = weigh_levels(
        high,
        exposures,
        low=np.full(shape, 8.0),
        high=np.full(shape, 60.0),
        noise=np.full(1, 0.02),
        is_share=(False,),
        roles=("many",) * 6 + ("few",) * 7,
    )
    assert levels.estimate[0, -1] == pytest.approx(9.4, abs=0.5)
    assert levels.estimate[0, 0] == pytest.approx(47, abs=3)


def test_shares_have_levels_as_well() -> None:
    trials = np.full((1, 6, 8), 10.0)
    won = np.full((1, 6, 8), 4.0)
    won[0, 0] = 1
    levels = weigh_levels(
        won,
        trials,
        low=np.full((1, 6), 0.35),
        high=np.full((1, 6), np.nan),
        noise=np.zeros(1),
        is_share=(True,),
    )
    assert levels.is_short[0].tolist() == [True] + [False] * 5


def test_the_one_sided_posterior_is_that_of_the_formula() -> None:
    # Gamma(4, 2) and 1 fact in 3 weeks: Gamma(5, 5), and P(rate < 1) = P(Poisson(5) >= 5).
    found = probability_short(1, 3, edge=1.0, prior=Gamma(shape=4, rate=2))
    assert found == pytest.approx(0.5595, abs=5e-5)
