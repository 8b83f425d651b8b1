"""More activity that leads to less: whether the numbers can be trusted, never a warning to others.

D6: over four weeks calls are up (p < .01) *and* what they yield is down (p < .01). Volume alone
would flag honest surges, and a scoreboard of volume would praise the junk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Flags, Floats
from bot.coaching.evidence.expectation import MOST_NOISE, MOST_SQUARES, USUAL_NOISE
from bot.domain.ids import MetricKey, RepId

WEEKS_JUDGED = 4
ALPHA = 0.01
#: A smaller rise is not worth doubting.
LEAST_RISE = 1.25
FEWEST_REP_WEEKS = 40
BURST_OF, BURST_WITHIN = 10, timedelta(minutes=10)
LATE_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFlag:
    """A reason to look at the records before believing a rise. For the rep, and nobody else."""

    rep: RepId
    metric: MetricKey
    leads_to: MetricKey
    week: date
    #: Over the weeks judged: what was counted, and what its own past let expect.
    activity: float
    activity_expected: float
    yielded: float
    #: What the counted activity would have led to at the rep's own rate.
    yield_expected: float
    p_activity: float
    p_yield: float


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldTest:
    flagged: Flags
    p_activity: Floats
    p_yield: Floats
    yield_expected: Floats


def activity_without_yield(
    *,
    activity: Floats,
    activity_expected: Floats,
    yielded: Floats,
    yield_expected: Floats,
    activity_noise: float,
    yield_noise: float,
    activity_doubt: Floats,
    yield_doubt: Floats,
    alpha: float = ALPHA,
) -> YieldTest:
    """Sums over the weeks judged, one place a rep; noises are of such a sum.

    The yield is tested against what the *counted* activity should have led to. What is not known
    of the rep's own rates (the doubts, coefficients of variation) widens the tests.
    """
    known = (activity_expected > 0) & (yield_expected > 0)
    more = np.divide(activity, activity_expected, out=np.ones_like(activity), where=known)
    hoped = np.where(known, yield_expected * more, 1.0)
    own = activity_noise + activity_doubt**2
    p_activity = count_tails(activity, np.where(known, activity_expected, 1.0), own)[1]
    p_yield = count_tails(yielded, hoped, yield_noise + yield_doubt**2)[0]
    return YieldTest(
        flagged=known & (more >= LEAST_RISE) & (p_activity < alpha) & (p_yield < alpha),
        p_activity=np.asarray(np.where(known, p_activity, 1.0)),
        p_yield=np.asarray(np.where(known, p_yield, 1.0)),
        yield_expected=hoped,
    )


def noise_of_yield(activity: Floats, yielded: Floats) -> float:
    """How noisy a week's yield is given its activity, beyond chance, from past weeks.

    (reps, weeks) in, a squared coefficient of variation out. Effort that moves both alike leaves
    the yield quiet; effort that moves one of them does not.
    """
    worked = activity > 0
    done = activity.sum(axis=1, keepdims=True)
    rate = np.divide(
        yielded.sum(axis=1, keepdims=True), done, out=np.zeros_like(done), where=done > 0
    )
    hoped = rate * activity
    counted = worked & (hoped > 0)
    weeks = counted.sum(axis=1)
    freedom = float(np.maximum(weeks - 1, 0).sum())
    if freedom < FEWEST_REP_WEEKS:
        return USUAL_NOISE
    squares = (yielded[counted] - hoped[counted]) ** 2 / hoped[counted]
    squares = np.minimum(squares, MOST_SQUARES * max(1.0, float(squares.mean())))
    phi = float(squares.sum()) / freedom
    return float(np.clip((phi - 1) / hoped[counted].mean(), 0.0, MOST_NOISE))


def count_tails(counts: Floats, expected: Floats, noise: Floats | float) -> tuple[Floats, Floats]:
    """P(X <= x) and P(X >= x) of a count with variance m + noise m^2."""
    size = 1 / np.maximum(np.broadcast_to(np.asarray(noise, float), expected.shape), 1e-9)
    chance = size / (size + expected)
    lower = stats.nbinom.cdf(counts, size, chance)
    upper = stats.nbinom.sf(counts - 1, size, chance)
    return np.asarray(lower), np.asarray(upper)


def burst_share(logged_at: Sequence[datetime]) -> float | None:
    """The share of records that were logged in bursts of ten or more within ten minutes.

    None without records.
    """
    if not logged_at:
        return None
    instants = sorted(logged_at)
    in_burst = [False] * len(instants)
    for last in range(BURST_OF - 1, len(instants)):
        first = last - BURST_OF + 1
        if instants[last] - instants[first] <= BURST_WITHIN:
            in_burst[first : last + 1] = [True] * BURST_OF
    return sum(in_burst) / len(instants)


def late_share(happened_and_logged: Sequence[tuple[datetime, datetime]]) -> float | None:
    """The share of records that were logged more than a day after they happened."""
    if not happened_and_logged:
        return None
    late = sum(logged - happened > LATE_AFTER for happened, logged in happened_and_logged)
    return late / len(happened_and_logged)
