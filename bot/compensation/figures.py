"""What few people over few periods leave open: spans that are not too narrow."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from bot.coaching.evidence.distributions import norm, t
from bot.coaching.evidence.intervals import Interval

LEVEL = 0.90
WIDE_LEVEL = 0.98
#: Of the normal distribution, in standard deviations from the middle.
NINTH_DECILE = 1.2816
#: Whoever is paid nothing has no logarithm.
LEAST_TO_LOG = 0.05


def mean_over_people(values: Mapping[str, Sequence[float]]) -> Interval:
    """The mean of people's means; people differ, so they are the unit and not their periods."""
    means = [float(np.mean(each)) for each in values.values()]
    middle = float(np.mean(means))
    half = _half(means)
    return Interval(estimate=middle, low=middle - half, high=middle + half, level=LEVEL)


def share_over_people(hits: Mapping[str, Sequence[bool]]) -> Interval:
    """Of all periods, by Wilson's score over as many periods as theirs are worth.

    Periods of one person are alike, so they count for less by the design effect (Kish 1965): if a
    person's are all the same, for one.
    """
    told = [each for periods in hits.values() for each in periods]
    worth = len(told) / (1 + (len(told) / len(hits) - 1) * _likeness(list(hits.values())))
    share = sum(told) / len(told)
    z = float(norm.ppf((1 + LEVEL) / 2))
    shrunk = 1 + z**2 / worth
    middle = (share + z**2 / (2 * worth)) / shrunk
    half = z / shrunk * math.sqrt(share * (1 - share) / worth + z**2 / (4 * worth**2))
    return Interval(
        estimate=share,
        low=max(0.0, middle - half) if share else 0.0,
        high=min(1.0, middle + half) if share < 1 else 1.0,
        level=LEVEL,
    )


def _likeness(periods: Sequence[Sequence[bool]]) -> float:
    """The intraclass correlation, from the analysis of variance; 1 where nothing can be said."""
    many = sum(map(len, periods))
    people = len(periods)
    whole = sum(map(sum, periods)) / many
    means = [sum(each) / len(each) for each in periods]
    within = sum(
        (hit - mean) ** 2 for each, mean in zip(periods, means, strict=True) for hit in each
    )
    between = sum(
        len(each) * (mean - whole) ** 2 for each, mean in zip(periods, means, strict=True)
    )
    if people < 2 or many <= people or not within + between:  # noqa: PLR2004 - nothing to compare
        return 1.0
    of_people, of_periods = between / (people - 1), within / (many - people)
    size = (many - sum(len(each) ** 2 for each in periods) / many) / (people - 1)
    return min(1.0, max(0.0, (of_people - of_periods) / (of_people + (size - 1) * of_periods)))


def _half(means: Sequence[float]) -> float:
    many = len(means)
    if many < 2:  # noqa: PLR2004 - one person does not vary
        return math.inf
    spread = float(np.std(means, ddof=1))
    return float(t.isf((1 - LEVEL) / 2, many - 1)) * spread / math.sqrt(many)


def spread_of(values: Sequence[float], *, level: float = LEVEL) -> Interval:
    """A standard deviation, with the span that chi-square gives."""
    from scipy import stats  # noqa: PLC0415 - slow to import

    many = len(values)
    spread = float(np.std(values, ddof=1))
    low, high = (
        spread * math.sqrt((many - 1) / float(stats.chi2.ppf(tail, many - 1)))
        for tail in ((1 + level) / 2, (1 - level) / 2)
    )
    return Interval(estimate=spread, low=low, high=high, level=level)


def top_against_middle(values: Sequence[float]) -> Interval:
    """The ninth decile over the median, with its span.

    Of a dozen people nobody may stand in the best tenth, so the span follows from the spread of
    logarithms, as if they were normal.
    """
    logs = [math.log(max(each, LEAST_TO_LOG)) for each in values]
    # A plan that accelerates bends the upper half away from normal; a wider span makes up for it.
    spread = spread_of(logs, level=WIDE_LEVEL)
    middle = float(np.median(values))
    return Interval(
        estimate=float(np.quantile(values, 0.9)) / middle if middle else math.inf,
        low=math.exp(NINTH_DECILE * spread.low),
        high=math.exp(NINTH_DECILE * spread.high),
        level=WIDE_LEVEL,
    )


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> Interval:
    """Spearman's, with Fisher's span (Bonett and Wright 2000); order alone counts."""
    from scipy import stats  # noqa: PLC0415 - slow to import

    rho = float(stats.spearmanr(one, other).statistic)
    rho = max(-0.999, min(0.999, 0.0 if math.isnan(rho) else rho))
    reach = float(norm.ppf((1 + LEVEL) / 2)) * math.sqrt((1 + rho**2 / 2) / max(1, len(one) - 3))
    z = math.atanh(rho)
    return Interval(estimate=rho, low=math.tanh(z - reach), high=math.tanh(z + reach), level=LEVEL)


def rises_by_chance(values: Sequence[float]) -> float:
    """How likely values in random order rise as steadily (Kendall's tau, one-sided, exact)."""
    from scipy import stats  # noqa: PLC0415 - slow to import

    found = stats.kendalltau(range(len(values)), values, alternative="greater")
    return 1.0 if math.isnan(float(found.pvalue)) else float(found.pvalue)


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Total variation: the share that would have to move for both to be alike."""
    keys = set(one) | set(other)
    return sum(abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in keys) / 2


def shares(amounts: Mapping[str, float]) -> Mapping[str, float]:
    whole = sum(amounts.values())
    return {key: amount / whole for key, amount in amounts.items()} if whole else {}
