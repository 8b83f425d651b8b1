"""How far the reps of a team lie apart, and how far equal reps would by chance alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.intervals import Interval, clopper_pearson_interval

#: With fewer reps, or fewer won deals in all, nothing is said.
FEWEST_REPS = 4
FEWEST_DEALS = 10
#: Of fewer reps than this the bootstrap draws the same few again and again.
FEWEST_FOR_BOOTSTRAP = 8
DRAWS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ByChance:
    """Equal reps, each selling in proportion to their quota, with deals of the sizes there were."""

    #: The standard deviations of 95 of 100 such teams, and the middle one.
    low: float
    middle: float
    high: float
    #: Of such teams, the share that lies apart at least as far as this one.
    p_as_far: float

    @property
    def explains_it(self) -> bool:
        return self.p_as_far >= 0.05  # noqa: PLR2004 - the usual level


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    reps: int
    middle: float
    #: The standard deviation, with the exact interval of a normal sample.
    spread: Interval
    #: 0 when all are alike, 1 when one has everything; its interval only of enough reps.
    gini: float
    gini_interval: Interval | None
    #: None with too few deals.
    by_chance: ByChance | None


def gini(values: Sequence[float] | Floats) -> float:
    """Gini's coefficient, corrected for a small number of people; 0 where nobody has anything.

    Half the mean difference between two of them, as a share of the mean.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    count = ordered.size
    if count < 2 or ordered[0] < 0:  # noqa: PLR2004 - two differ
        raise ValueError("a spread needs two people, and nobody below zero")
    total = ordered.sum()
    if total == 0:
        return 0.0
    ranks = np.arange(1, count + 1)
    return float(((2 * ranks - count - 1) * ordered).sum() / ((count - 1) * total))


def gini_interval(
    values: Sequence[float] | Floats, *, rng: np.random.Generator, draws: int = 2000
) -> Interval | None:
    """The percentile interval, drawing people anew; None with too few people."""
    sample = np.asarray(values, dtype=float)
    if sample.size < FEWEST_FOR_BOOTSTRAP:
        return None
    drawn = np.sort(sample[rng.integers(0, sample.size, size=(draws, sample.size))], axis=1)
    weights = 2 * np.arange(1, sample.size + 1) - sample.size - 1
    totals = drawn.sum(axis=1)
    found = (drawn * weights).sum(axis=1)[totals > 0] / ((sample.size - 1) * totals[totals > 0])
    if not found.size:
        return None
    estimate = gini(sample)
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(
        estimate=estimate, low=min(float(low), estimate), high=max(float(high), estimate)
    )


def spread_interval(values: Sequence[float] | Floats, *, level: float = 0.95) -> Interval:
    """The standard deviation with its chi-squared interval, exact where values are normal."""
    sample = np.asarray(values, dtype=float)
    if sample.size < 2:  # noqa: PLR2004 - two differ
        raise ValueError("a spread needs two people")
    freedom = sample.size - 1
    variance, tail = float(sample.var(ddof=1)), (1 - level) / 2
    # A chi squared with so many degrees of freedom is twice a gamma with half of them.
    low, high = (
        float(np.sqrt(freedom * variance / (2 * stats.gamma.ppf(q, freedom / 2))))
        for q in (1 - tail, tail)
    )
    return Interval(estimate=float(np.sqrt(variance)), low=low, high=high, level=level)


def share_reaching(values: Sequence[float] | Floats, mark: float) -> Interval:
    """How many of them reach a mark, with the exact interval of a share."""
    sample = np.asarray(values, dtype=float)
    return clopper_pearson_interval(int((sample >= mark).sum()), int(sample.size))


def spread_by_chance(
    attainments: Sequence[float] | Floats,
    quotas: Sequence[float] | Floats,
    amounts: Sequence[float] | Floats,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> ByChance | None:
    """What the team would look like had everybody the same chances for their quota.

    Deals come as from a Poisson, as many as the team's total makes of its mean deal, each rep's
    share of them in proportion to the quota; sizes are drawn from the deals that were won.
    """
    observed, asked = np.asarray(attainments, dtype=float), np.asarray(quotas, dtype=float)
    won = np.asarray(amounts, dtype=float)
    if observed.size < FEWEST_REPS or won.size < FEWEST_DEALS or asked.min() <= 0:
        return None
    expected = won.size * asked / asked.sum()
    counts = rng.poisson(expected, size=(draws, asked.size))
    sizes = rng.choice(won, size=int(counts.sum()))
    sold = _sums(sizes, counts.ravel()).reshape(counts.shape)
    spreads = (sold / asked).std(axis=1, ddof=1)
    low, middle, high = np.quantile(spreads, [0.025, 0.5, 0.975])
    as_far = int((spreads >= observed.std(ddof=1)).sum())
    return ByChance(
        low=float(low),
        middle=float(middle),
        high=float(high),
        p_as_far=(as_far + 1) / (draws + 1),
    )


def dispersion(
    attainments: Sequence[float] | Floats,
    quotas: Sequence[float] | Floats,
    amounts: Sequence[float] | Floats,
    *,
    rng: np.random.Generator,
) -> Dispersion | None:
    """None with too few reps."""
    observed = np.asarray(attainments, dtype=float)
    if observed.size < FEWEST_REPS or observed.min() < 0:
        return None
    return Dispersion(
        reps=int(observed.size),
        middle=float(np.median(observed)),
        spread=spread_interval(observed),
        gini=gini(observed),
        gini_interval=gini_interval(observed, rng=rng),
        by_chance=spread_by_chance(observed, quotas, amounts, rng=rng),
    )


def _sums(values: Floats, counts: np.ndarray) -> Floats:
    """The sums of consecutive runs of values, so many in each; a run may be empty."""
    ends = np.cumsum(counts)
    reached = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(reached[ends] - reached[ends - counts])
