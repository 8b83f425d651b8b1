"""What few people over few periods leave open: spans that are not too narrow."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from bot.coaching.evidence.intervals import Interval, wilson_interval

LEVEL = 0.90


def mean_over_people(values: Mapping[str, Sequence[float]]) -> Interval:
    """The mean of people's means; people differ, so they are the unit and not their periods."""
    means = [float(np.mean(each)) for each in values.values()]
    middle = float(np.mean(means))
    half = _half(means)
    return Interval(estimate=middle, low=middle - half, high=middle + half, level=LEVEL)


def share_over_people(hits: Mapping[str, Sequence[bool]]) -> Interval:
    """Of all periods; the wider of the span over people and of that over periods."""
    told = [each for periods in hits.values() for each in periods]
    within = wilson_interval(sum(told), len(told), level=LEVEL)
    half = _half([float(np.mean(each)) for each in hits.values()])
    share = within.estimate
    return Interval(
        estimate=share,
        low=max(0.0, min(within.low, share - half)),
        high=min(1.0, max(within.high, share + half)),
        level=LEVEL,
    )


def _half(means: Sequence[float]) -> float:
    many = len(means)
    if many < 2:  # noqa: PLR2004 - one person does not vary
        return math.inf
    spread = float(np.std(means, ddof=1))
    return float(stats.t.ppf((1 + LEVEL) / 2, many - 1)) * spread / math.sqrt(many)


def spread_of(values: Sequence[float]) -> Interval:
    """A standard deviation, with the span that chi-square gives."""
    many = len(values)
    spread = float(np.std(values, ddof=1))
    low, high = (
        spread * math.sqrt((many - 1) / float(stats.chi2.ppf(tail, many - 1)))
        for tail in ((1 + LEVEL) / 2, (1 - LEVEL) / 2)
    )
    return Interval(estimate=spread, low=low, high=high, level=LEVEL)


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> Interval:
    """Spearman's, with Fisher's span (Bonett and Wright 2000); order alone counts."""
    rho = float(stats.spearmanr(one, other).statistic)
    rho = max(-0.999, min(0.999, 0.0 if math.isnan(rho) else rho))
    reach = float(stats.norm.ppf((1 + LEVEL) / 2)) * math.sqrt(
        (1 + rho**2 / 2) / max(1, len(one) - 3)
    )
    z = math.atanh(rho)
    return Interval(estimate=rho, low=math.tanh(z - reach), high=math.tanh(z + reach), level=LEVEL)


def rises_by_chance(values: Sequence[float]) -> float:
    """How likely values in random order rise as steadily (Kendall's tau, one-sided, exact)."""
    found = stats.kendalltau(range(len(values)), values, alternative="greater")
    return 1.0 if math.isnan(float(found.pvalue)) else float(found.pvalue)


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Total variation: the share that would have to move for both to be alike."""
    keys = set(one) | set(other)
    return sum(abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in keys) / 2


def shares(amounts: Mapping[str, float]) -> Mapping[str, float]:
    whole = sum(amounts.values())
    return {key: amount / whole for key, amount in amounts.items()} if whole else {}
