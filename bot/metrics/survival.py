"""How long until something happens, when for some it has not happened yet; pure.

Whoever is still waiting is *censored*: all we know is that it takes longer. Leaving them out would
make every wait look short, since those who wait longest are the ones that are still waiting.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import NormalDist

CERTAIN = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """``days`` until it happened, or so far."""

    days: float
    has_happened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The share still waiting just after ``days``, by Kaplan and Meier."""

    days: float
    at_risk: int
    happened: int
    waiting: float
    #: Greenwood's; 0 where nobody is left waiting.
    standard_error: float
    #: The log-log interval stays within 0 and 1.
    low: float
    high: float


def steps(waits: Iterable[Wait], *, confidence: float = CERTAIN) -> Sequence[Step]:
    """One step for each number of days on which something happened.

    Whoever is censored on such a day still counts as waiting on it. Raises ValueError for a
    negative wait: nothing happens before the waiting begins.
    """
    ordered = sorted(waits, key=lambda each: each.days)
    if ordered and ordered[0].days < 0:
        raise ValueError(f"a wait of {ordered[0].days} days ended before it began")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    at_risk, waiting, greenwood = len(ordered), 1.0, 0.0
    found: list[Step] = []
    for days, group in groupby(ordered, key=lambda each: each.days):
        those = list(group)
        happened = sum(each.has_happened for each in those)
        if happened:
            waiting *= 1 - happened / at_risk
            left = at_risk - happened
            greenwood = greenwood + happened / (at_risk * left) if left else 0.0
            low, high = _log_log(waiting, greenwood, z)
            found.append(
                Step(
                    days=days,
                    at_risk=at_risk,
                    happened=happened,
                    waiting=waiting,
                    standard_error=waiting * math.sqrt(greenwood),
                    low=low,
                    high=high,
                )
            )
        at_risk -= len(those)
    return found


def _log_log(waiting: float, greenwood: float, z: float) -> tuple[float, float]:
    if waiting <= 0 or waiting >= 1:
        return waiting, waiting
    width = z * math.sqrt(greenwood) / abs(math.log(waiting))
    return waiting ** math.exp(width), waiting ** math.exp(-width)


def still_waiting(curve: Sequence[Step], days: float) -> float:
    """The share still waiting after ``days``."""
    passed = [step.waiting for step in curve if step.days <= days]
    return passed[-1] if passed else 1.0


def median_wait(curve: Sequence[Step]) -> float | None:
    """The days after which at most half still wait; None while more than half do."""
    return next((step.days for step in curve if step.waiting <= _HALF), None)


#: Half, allowing for what rounding leaves of a product of fractions.
_HALF = 0.5 + 1e-12


def median_interval(curve: Sequence[Step]) -> tuple[float | None, float | None]:
    """Where the interval of the curve crosses one half; None where it never does."""
    low = next((step.days for step in curve if step.low <= _HALF), None)
    high = next((step.days for step in curve if step.high <= _HALF), None)
    return low, high


def mean_wait(curve: Sequence[Step], *, within: float) -> float:
    """The restricted mean: days waited on average, counting at most ``within`` of each."""
    days = [0.0, *(step.days for step in curve if step.days < within), within]
    return sum((end - begin) * still_waiting(curve, begin) for begin, end in pairwise(days))
