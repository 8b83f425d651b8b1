"""Whether one group waits longer than another, when some still wait; pure.

The log-rank test says how easily chance alone makes such a difference; the ratio of the pace, by
Cox's model with Efron's way of ties, says how large it is and what else would fit.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from bot.metrics.survival import CERTAIN, Wait, steps

CLOSE_ENOUGH = 1e-10
MOST_ROUNDS = 50
#: A pace beyond e to the power of this is no number that a few people can tell.
BEYOND = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    chi_square: float
    #: How often chance alone makes so large a difference.
    p: float
    #: How many more happened in the first group than if both were alike; negative for fewer.
    excess: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many times as fast things happen in the first group as in the second."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtOneTime:
    """What happened after so many days: in the first group, in both, and who might have."""

    happened: int
    all_happened: int
    at_risk: int
    all_at_risk: int


def log_rank(first: Iterable[Wait], second: Iterable[Wait]) -> LogRank | None:
    """None where nothing can be compared: in one group nobody, or nothing happened at all."""
    difference, variance = 0.0, 0.0
    for at in _times(list(first), list(second)):
        share = at.at_risk / at.all_at_risk
        difference += at.happened - at.all_happened * share
        if at.all_at_risk > 1:
            rest = (at.all_at_risk - at.all_happened) / (at.all_at_risk - 1)
            variance += at.all_happened * share * (1 - share) * rest
    if variance <= 0:
        return None
    chi_square = difference**2 / variance
    return LogRank(chi_square=chi_square, p=math.erfc(math.sqrt(chi_square / 2)), excess=difference)


def pace_of(
    first: Iterable[Wait], second: Iterable[Wait], *, confidence: float = CERTAIN
) -> Pace | None:
    """None where the groups do not overlap enough for a ratio to be told."""
    times = _times(list(first), list(second))
    beta, information = 0.0, 0.0
    for _ in range(MOST_ROUNDS):
        score, information = _score(times, beta)
        if information <= 0:
            return None
        step = score / information
        beta += step
        if abs(beta) > BEYOND:
            return None
        if abs(step) < CLOSE_ENOUGH:
            break
    else:
        return None
    width = NormalDist().inv_cdf((1 + confidence) / 2) / math.sqrt(information)
    return Pace(ratio=math.exp(beta), low=math.exp(beta - width), high=math.exp(beta + width))


def _score(times: Sequence[_AtOneTime], beta: float) -> tuple[float, float]:
    """Slope and curvature of the partial likelihood; of ties, each in turn has left by a share."""
    score, information, weight = 0.0, 0.0, math.exp(beta)
    for at in times:
        score += at.happened
        others, others_at_risk = at.all_happened - at.happened, at.all_at_risk - at.at_risk
        for turn in range(at.all_happened):
            gone = turn / at.all_happened
            mine = weight * (at.at_risk - gone * at.happened)
            share = mine / (mine + others_at_risk - gone * others)
            score -= share
            information += share * (1 - share)
    return score, information


def _times(first: Sequence[Wait], second: Sequence[Wait]) -> list[_AtOneTime]:
    both = [*first, *second]
    days = sorted({wait.days for wait in both if wait.has_happened})
    return [
        _AtOneTime(
            happened=sum(wait.has_happened and wait.days == day for wait in first),
            all_happened=sum(wait.has_happened and wait.days == day for wait in both),
            at_risk=sum(wait.days >= day for wait in first),
            all_at_risk=sum(wait.days >= day for wait in both),
        )
        for day in days
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Days waited on average, of at most ``horizon`` of each, with what else would fit."""

    horizon: float
    mean: float
    low: float
    high: float


def mean_within(waits: Iterable[Wait], horizon: float, *, confidence: float = CERTAIN) -> Within:
    """The restricted mean; its variance is Greenwood's, weighted by the area that is left."""
    curve = steps(waits)
    points = [(0.0, 1.0), *((step.days, step.waiting) for step in curve if step.days < horizon)]
    ends = [*(days for days, _ in points[1:]), horizon]
    areas = [(end - days) * level for (days, level), end in zip(points, ends, strict=True)]
    variance = 0.0
    for number, step in enumerate([each for each in curve if each.days < horizon], start=1):
        left = step.at_risk - step.happened
        if left:
            variance += sum(areas[number:]) ** 2 * step.happened / (step.at_risk * left)
    mean, width = sum(areas), NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(variance)
    return Within(horizon=horizon, mean=mean, low=max(0.0, mean - width), high=mean + width)


def events_to_see(ratio: float, *, share: float = 0.5, power: float = 0.8) -> int:
    """How many must have happened in both groups to see such a ratio that often (Schoenfeld)."""
    normal = NormalDist()
    wanted = (normal.inv_cdf((1 + CERTAIN) / 2) + normal.inv_cdf(power)) ** 2
    return math.ceil(wanted / (share * (1 - share) * math.log(ratio) ** 2))
