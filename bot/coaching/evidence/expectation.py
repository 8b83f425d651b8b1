"""What was to be expected of a rep in a week, from the past only (C2.1), and how noisy weeks are.

Arrays hold reps on their last axis (weeks before it are added up by the caller), metrics before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Flags, Floats
from bot.coaching.evidence.shrinkage import cv_squared_between, places_by_role

#: Weeks t-26 .. t-5 teach what to expect in week t; with the gap a drop does not teach itself.
WEEKS_REMEMBERED, WEEKS_OF_GAP = 26, 4
#: Facts by which a team factor is drawn towards 1.
FACTS_ASSUMED = 5.0
#: What all roles together say of one of them is worth one fact: roles differ by far more than reps.
FACTS_OF_ALL_ROLES = 1.0
#: How noisy weeks are before any was seen (squared coefficient of variation), worth this many.
USUAL_NOISE, REP_WEEKS_ASSUMED = 0.02, 20.0
MOST_NOISE = 1.0
#: Effort that is high stays high for some weeks, so that many weeks' noise does not average out as
#: that of independent ones: (1 + r) / (1 - r) for a memory r of 0.4 from week to week.
EFFORT_LASTS = 2.33
#: A single rep-week counts for the noise with at most this many times the usual square.
MOST_SQUARES = 9.0
#: How improbable a week of so little must be by chance to be taken for leave.
ODD_WEEK = 1e-4


def weeks_of_gap(weeks_known: int) -> int:
    """How many of the newest weeks do not teach: while there are few, most of them have to."""
    return min(WEEKS_OF_GAP, max(1, weeks_known // 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Each rep's weekly rate in a full week, and what is left open about it."""

    rate: Floats
    #: The coefficient of variation of what is not known about the rate.
    doubt: Floats
    #: Of the rep's role, (metrics, reps): how much rates differ between its reps (a squared
    #: coefficient of variation), and the rate of them all.
    cv_squared: Floats
    pooled: Floats


def rates_from(
    counts: Floats, exposures: Floats, *, noise: Floats, roles: Sequence[str] = ()
) -> Rates:
    """lambda_r = (a + sum x) / (a / lambda + sum E rho S), with a = 1 / cv^2 by moments.

    ``counts`` and ``exposures`` are sums over the remembered weeks, (metrics, reps); lambda and a
    are those of the rep's role.
    """
    everybody = _rate(counts.sum(axis=-1, keepdims=True), exposures.sum(axis=-1, keepdims=True))
    pooled, cv_squared = np.zeros_like(counts), np.zeros_like(counts)
    for places in places_by_role(roles, counts.shape[-1]):
        seen, shown = counts[:, places], exposures[:, places]
        pooled[:, places] = _of_the_role(seen, shown, everybody)
        cv_squared[:, places] = cv_squared_between(seen, shown, noise=noise[:, None])[:, None]
    weight = 1 / cv_squared
    rate = np.divide(
        (weight + counts) * pooled,
        weight + exposures * pooled,
        out=np.zeros_like(counts),
        where=pooled > 0,
    )
    facts = counts / (1 + EFFORT_LASTS * noise[:, None] * pooled)
    return Rates(rate=rate, doubt=1 / np.sqrt(weight + facts), cv_squared=cv_squared, pooled=pooled)


def _of_the_role(counts: Floats, exposures: Floats, everybody: Floats) -> Floats:
    assumed = np.divide(
        FACTS_OF_ALL_ROLES, everybody, out=np.zeros_like(everybody), where=everybody > 0
    )
    facts = counts.sum(axis=-1, keepdims=True) + FACTS_OF_ALL_ROLES * (everybody > 0)
    return _rate(facts, exposures.sum(axis=-1, keepdims=True) + assumed)


def _rate(facts: Floats, exposures: Floats) -> Floats:
    return np.divide(facts, exposures, out=np.zeros_like(exposures), where=exposures > 0)


def factor_of_the_others(counts: Floats, expected: Floats) -> Floats:
    """S_t^(-r): how the others' week compares with what was expected of them, for each rep."""
    others = counts.sum(axis=-1, keepdims=True) - counts
    of_others = expected.sum(axis=-1, keepdims=True) - expected
    return np.asarray((others + FACTS_ASSUMED) / (of_others + FACTS_ASSUMED))


def factor_of_all(counts: Floats, expected: Floats) -> Floats:
    """The week of everybody together against what was expected, one a metric."""
    return np.asarray(
        (counts.sum(axis=-1) + FACTS_ASSUMED) / (expected.sum(axis=-1) + FACTS_ASSUMED)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    """Running sums that say how noisy weeks are, one a metric (C2.2)."""

    rep_weeks: Floats
    #: Sum of (x - m)^2 / m, less what is due to not knowing the mean.
    squares: Floats
    means: Floats

    @classmethod
    def unknown(cls, metrics: int) -> "Dispersion":
        return cls(rep_weeks=np.zeros(metrics), squares=np.zeros(metrics), means=np.zeros(metrics))

    @property
    def phi(self) -> Floats:
        """Variance over mean of a typical rep's weeks; 1 for counts as from a Poisson."""
        weeks = np.maximum(self.rep_weeks, 1.0)
        return np.asarray(np.where(self.rep_weeks > 0, self.squares / weeks, 1.0))

    @property
    def noise(self) -> Floats:
        """1 / K = (phi - 1) / mean: weekly noise beyond Poisson, drawn to the usual at first."""
        mean = self.means / np.maximum(self.rep_weeks, 1.0)
        found = np.divide(self.phi - 1, mean, out=np.zeros_like(mean), where=mean > 0)
        weight = self.rep_weeks + REP_WEEKS_ASSUMED
        drawn = (found * self.rep_weeks + USUAL_NOISE * REP_WEEKS_ASSUMED) / weight
        return np.asarray(np.clip(drawn, 0.0, MOST_NOISE))

    def after(
        self, counts: Floats, expected: Floats, doubt: Floats, counted: Flags
    ) -> "Dispersion":
        """Having seen one more week of (metrics, reps); only where ``counted``."""
        safe = np.where(counted, expected, 1.0)
        usual = np.maximum(self.phi, 1.0) + USUAL_NOISE * safe.max(axis=-1, initial=0.0) * (
            self.rep_weeks == 0
        )
        squares = np.minimum((counts - safe) ** 2 / safe, MOST_SQUARES * usual[:, None])
        own = np.where(counted, squares - safe * doubt**2, 0.0)
        return Dispersion(
            rep_weeks=self.rep_weeks + counted.sum(axis=-1),
            squares=self.squares + own.sum(axis=-1),
            means=self.means + np.where(counted, expected, 0.0).sum(axis=-1),
        )


def is_absent(
    counts: Floats, expected: Floats, absent_before: Flags, *, share: float = 0.35
) -> Flags:
    """C2.4: an isolated week with under a third of everything is leave that nobody entered.

    (metrics, reps) in, one answer a rep; never for the second week in a row.
    """
    known = np.isfinite(expected) & (expected > 0)
    hoped = np.where(known, expected, 0.0).sum(axis=0)
    seen = np.where(known, counts, 0.0).sum(axis=0)
    # Where little is expected anyway, a week of nothing is a week like others.
    is_odd = stats.poisson.cdf(seen, np.maximum(hoped, 1e-9)) < ODD_WEEK
    return np.asarray((hoped > 0) & (seen < share * hoped) & is_odd & ~absent_before)
