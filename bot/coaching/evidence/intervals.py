"""What a small number of facts leaves open: exact intervals, false discoveries, the bootstrap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with the span that covers the truth in ``level`` of all such statements."""

    estimate: float
    low: float
    high: float
    level: float = 0.95

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval from {self.low} to {self.high} runs backwards")

    @property
    def width(self) -> float:
        return self.high - self.low

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def poisson_interval(count: int, *, exposure: float = 1.0, level: float = 0.95) -> Interval:
    """The exact interval of a rate (Garwood 1936): ``count`` facts over ``exposure``."""
    if count < 0 or exposure <= 0:
        raise ValueError(f"no rate follows from {count} facts over {exposure}")
    tail = (1 - level) / 2
    low = float(stats.gamma.ppf(tail, count)) if count else 0.0
    high = float(stats.gamma.isf(tail, count + 1))
    return Interval(
        estimate=count / exposure, low=low / exposure, high=high / exposure, level=level
    )


def wilson_interval(successes: int, trials: int, *, level: float = 0.95) -> Interval:
    """The score interval of a share (Wilson 1927); the one to show people."""
    _require_share(successes, trials)
    z = float(stats.norm.isf((1 - level) / 2))
    share = successes / trials
    shrunk = 1 + z**2 / trials
    middle = (share + z**2 / (2 * trials)) / shrunk
    half = z / shrunk * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return Interval(
        estimate=share,
        low=max(0.0, float(middle - half)) if successes else 0.0,
        high=min(1.0, float(middle + half)) if successes < trials else 1.0,
        level=level,
    )


def clopper_pearson_interval(successes: int, trials: int, *, level: float = 0.95) -> Interval:
    """The exact interval of a share (Clopper and Pearson 1934); never too narrow."""
    _require_share(successes, trials)
    tail, failures = (1 - level) / 2, trials - successes
    low = float(stats.beta.ppf(tail, successes, failures + 1)) if successes else 0.0
    high = float(stats.beta.isf(tail, successes + 1, failures)) if failures else 1.0
    return Interval(estimate=successes / trials, low=low, high=high, level=level)


def adjusted_for_many(p_values: Sequence[float] | Floats) -> Floats:
    """Benjamini and Hochberg's adjusted p-values (1995), in the order given.

    Calling everything at or below q false leaves at most a share q of wrong calls on average.
    """
    raw = np.asarray(p_values, dtype=float)
    if raw.size == 0:
        return raw
    if np.isnan(raw).any() or raw.min() < 0 or raw.max() > 1:
        raise ValueError("a p-value lies in 0..1")
    order = np.argsort(raw)[::-1]
    ranks = np.arange(raw.size, 0, -1)
    stepped = np.minimum.accumulate(raw[order] * raw.size / ranks)
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def bootstrap_ratio(
    numerators: Sequence[float] | Floats,
    denominators: Sequence[float] | Floats,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    level: float = 0.95,
) -> Interval | None:
    """The percentile interval of a ratio of sums, drawing whole units (reps, deals) anew.

    None when there are fewer than two units or nothing to divide by.
    """
    above, below = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    if above.shape != below.shape:
        raise ValueError("each numerator needs its denominator")
    if above.size < 2 or below.sum() <= 0:  # noqa: PLR2004 - one unit cannot vary
        return None
    picks = rng.integers(0, above.size, size=(draws, above.size))
    sums = below[picks].sum(axis=1)
    ratios = above[picks].sum(axis=1)[sums > 0] / sums[sums > 0]
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return Interval(
        estimate=float(above.sum() / below.sum()), low=float(low), high=float(high), level=level
    )


def _require_share(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"{successes} of {trials} is no share")
