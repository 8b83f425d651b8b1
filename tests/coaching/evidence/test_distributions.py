"""Ours against scipy.stats, at the edges as well; there is nothing that they may differ in."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from bot.coaching.evidence import distributions

NAN = float("nan")
QUANTILES = (0.001, 0.025, 0.1, 0.5, 0.975, 0.999)
REALS = (-2.5, -1e-9, 0.0, 1e-9, 0.3, 1.0, 4.7, 60.0, NAN)
COUNTS = (-1.0, 0.0, 0.5, 1.0, 3.0, 12.0, 40.0, 41.0, 300.0)
MEANS = (1e-9, 0.25, 3.0, 50.0, 400.0)
SIZES = (0.7, 3.0, 25.5, 1e9)
CHANCES = (0.0, 0.02, 0.4, 0.97, 1.0)
SHARES = (-0.1, 0.0, 0.2, 0.77, 1.0, 1.1, NAN)
TRIALS = (0.0, 1.0, 12.0, 40.0)
FREEDOMS = (1, 2, 7, 60)
CASES: tuple[tuple[str, Sequence[Sequence[float]]], ...] = (
    ("norm.cdf", (REALS,)),
    ("norm.pdf", (REALS,)),
    ("norm.ppf", (QUANTILES,)),
    ("norm.isf", (QUANTILES,)),
    ("gamma.cdf", (REALS, SIZES)),
    ("gamma.sf", (REALS, SIZES)),
    ("gamma.ppf", (QUANTILES, SIZES)),
    ("gamma.isf", (QUANTILES, SIZES)),
    ("beta.cdf", (SHARES, SIZES[:3], SIZES[:3])),
    ("beta.sf", (SHARES, SIZES[:3], SIZES[:3])),
    ("beta.ppf", (QUANTILES, SIZES[:3], SIZES[:3])),
    ("beta.isf", (QUANTILES, SIZES[:3], SIZES[:3])),
    ("binom.cdf", (COUNTS, TRIALS, CHANCES)),
    ("binom.sf", (COUNTS, TRIALS, CHANCES)),
    ("binom.ppf", (QUANTILES, TRIALS[1:], CHANCES)),
    ("poisson.cdf", (COUNTS, MEANS)),
    ("poisson.pmf", (COUNTS[3:], MEANS)),
    ("poisson.ppf", (QUANTILES, MEANS)),
    ("nbinom.pmf", (COUNTS[3:], SIZES[:3], CHANCES[1:])),
    ("nbinom.cdf", (COUNTS, SIZES, CHANCES[1:])),
    ("nbinom.sf", (COUNTS, SIZES, CHANCES[1:])),
    ("t.sf", (REALS, FREEDOMS)),
    ("t.isf", (QUANTILES, FREEDOMS)),
    ("chi2.sf", (REALS, FREEDOMS)),
)


def named(module: Any, name: str) -> Callable[..., Any]:
    distribution, function = name.split(".")
    found: Callable[..., Any] = getattr(getattr(module, distribution), function)
    return found


@pytest.mark.parametrize(("name", "arguments"), CASES, ids=[name for name, _ in CASES])
def test_it_gives_what_scipy_gives(name: str, arguments: Sequence[Sequence[float]]) -> None:
    for given in product(*arguments):
        ours, theirs = named(distributions, name)(*given), named(stats, name)(*given)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-14, err_msg=str(given))


def test_it_takes_arrays_as_scipy_does() -> None:
    counts, expected = np.array([0.0, 3.0, 9.0]), np.array([[2.0], [5.0]])
    for name in ("poisson.cdf", "poisson.pmf"):
        ours, theirs = named(distributions, name), named(stats, name)
        np.testing.assert_allclose(ours(counts, expected), theirs(counts, expected), rtol=1e-12)


def test_the_names_of_the_cases_are_all_that_there_are() -> None:
    ours = {
        f"{name}.{function}"
        for name in ("norm", "gamma", "beta", "binom", "poisson", "nbinom", "t", "chi2")
        for function in ("cdf", "sf", "pdf", "pmf", "ppf", "isf")
        if hasattr(getattr(distributions, name), function)
    }
    assert ours == {name for name, _ in CASES}
