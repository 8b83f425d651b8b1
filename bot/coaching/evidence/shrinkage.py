"""What one rep's few facts say once it is known how reps of the role usually are.

Gamma-Poisson for counts, beta-binomial for shares, normal on the log scale for medians of spans.
Priors are fitted by moments. Effort that differs from week to week makes counts worth less than
they look; they are deflated by 1 + E v (C2.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats, Whole
from bot.coaching.evidence.intervals import Interval

#: What is assumed of a role of which nothing is known yet, and how many reps that is worth.
USUAL_CV_SQUARED = 0.0625
REPS_ASSUMED = 5
SMALLEST_CV_SQUARED, LARGEST_CV_SQUARED = 0.01, 1.0


def _tails(level: float) -> Floats:
    return np.array([(1 - level) / 2, (1 + level) / 2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma:
    """What is believed of a weekly rate: a gamma with mean shape / rate."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        return self.shape / self.rate

    def after(self, count: float, exposure: float, *, noise: float = 0.0) -> "Gamma":
        """Having seen ``count`` over ``exposure`` weeks.

        Weekly effort ``noise`` (a squared coefficient of variation) makes them worth less.
        """
        worth = 1 / (1 + self.mean * noise)
        return Gamma(shape=self.shape + count * worth, rate=self.rate + exposure * worth)

    def probability_below(self, rate: float) -> float:
        return float(stats.gamma.cdf(rate * self.rate, self.shape))

    def interval(self, *, level: float = 0.95) -> Interval:
        low, high = stats.gamma.ppf(_tails(level), self.shape) / self.rate
        return Interval(estimate=self.mean, low=float(low), high=float(high), level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta:
    """What is believed of a share."""

    successes: float
    failures: float

    @property
    def mean(self) -> float:
        return self.successes / (self.successes + self.failures)

    def after(self, successes: float, trials: float) -> "Beta":
        return Beta(
            successes=self.successes + successes, failures=self.failures + trials - successes
        )

    def probability_below(self, share: float) -> float:
        return float(stats.beta.cdf(share, self.successes, self.failures))

    def interval(self, *, level: float = 0.95) -> Interval:
        low, high = stats.beta.ppf(_tails(level), self.successes, self.failures)
        return Interval(estimate=self.mean, low=float(low), high=float(high), level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNormal:
    """What is believed of a typical span (days, minutes): normal on the log scale."""

    log_mean: float
    log_variance: float

    @property
    def median(self) -> float:
        return float(np.exp(self.log_mean))

    def after(self, spans: Floats, *, log_spread: float) -> "LogNormal":
        """Having seen ``spans``, each varying by ``log_spread`` (a deviation) around the rep's."""
        if spans.size == 0:
            return self
        precision = 1 / self.log_variance + spans.size / log_spread**2
        seen = float(np.log(spans).sum()) / log_spread**2
        return LogNormal(
            log_mean=(self.log_mean / self.log_variance + seen) / precision,
            log_variance=1 / precision,
        )

    def probability_below(self, span: float) -> float:
        return float(stats.norm.cdf((np.log(span) - self.log_mean) / np.sqrt(self.log_variance)))

    def interval(self, *, level: float = 0.95) -> Interval:
        half = float(stats.norm.ppf((1 + level) / 2) * np.sqrt(self.log_variance))
        low, high = np.exp([self.log_mean - half, self.log_mean + half])
        return Interval(estimate=self.median, low=float(low), high=float(high), level=level)


def places_by_role(roles: Sequence[str], reps: int) -> list[Whole]:
    """The places of the reps of each role; all of them together where no roles are told."""
    if not roles:
        return [np.arange(reps)]
    held = np.asarray(roles)
    return [np.flatnonzero(held == role) for role in sorted(set(roles))]


def cv_squared_between(counts: Floats, exposures: Floats, *, noise: Floats | float = 0.0) -> Floats:
    """How much reps' rates differ beyond their weeks' noise, as a squared coefficient of variation.

    By moments over the last axis: (sum of (x - m)^2 - variance expected) / sum of m^2, drawn
    towards what is usual while there are few reps.
    """
    totals = exposures.sum(axis=-1, keepdims=True)
    centre = np.divide(
        counts.sum(axis=-1, keepdims=True), totals, out=np.zeros_like(totals), where=totals > 0
    )
    means = centre * exposures
    chance = means + np.asarray(noise) * means * centre
    squares = np.sum(means**2, axis=-1)
    excess = np.sum((counts - means) ** 2 - chance, axis=-1)
    found = np.divide(
        excess, squares, out=np.full_like(excess, USUAL_CV_SQUARED), where=squares > 0
    )
    reps = np.sum(exposures > 0, axis=-1)
    drawn = (found * reps + USUAL_CV_SQUARED * REPS_ASSUMED) / (reps + REPS_ASSUMED)
    return np.asarray(np.clip(drawn, SMALLEST_CV_SQUARED, LARGEST_CV_SQUARED))


def gamma_prior(counts: Floats, exposures: Floats, *, noise: float = 0.0) -> Gamma:
    """The role's spread of weekly rates from its reps' counts over exposures (weeks)."""
    total = float(exposures.sum())
    mean = (float(counts.sum()) + 0.5) / (total + 0.5)
    shape = 1 / float(cv_squared_between(counts, exposures, noise=noise))
    return Gamma(shape=shape, rate=shape / mean)


def beta_prior(successes: Floats, trials: Floats) -> Beta:
    """The role's spread of shares by moments (Kleinman 1973)."""
    seen = trials > 0
    above, below = successes[seen], trials[seen]
    mean = (float(above.sum()) + 0.5) / (float(below.sum()) + 1.0)
    usual = USUAL_CV_SQUARED * mean**2
    if below.size > 1:
        chance = below * mean * (1 - mean)
        pairs = float((below * (below - 1)).sum())
        excess = float(((above - below * mean) ** 2 - chance).sum())
        found = excess / pairs if pairs > 0 else usual
        usual = (found * below.size + usual * REPS_ASSUMED) / (below.size + REPS_ASSUMED)
    most = mean * (1 - mean)
    variance = float(np.clip(usual, most / 400, most / 3))
    weight = most / variance - 1
    return Beta(successes=mean * weight, failures=(1 - mean) * weight)


def log_normal_prior(medians: Floats, facts: Floats, *, log_spread: float) -> LogNormal:
    """The role's spread of typical spans from its reps' medians, each over a number of facts."""
    seen = facts > 0
    if not seen.any():
        raise ValueError("no rep has a span yet")
    logs, chance = np.log(medians[seen]), log_spread**2 / facts[seen]
    found = float(np.var(logs, ddof=1) - chance.mean()) if logs.size > 1 else USUAL_CV_SQUARED
    drawn = (found * logs.size + USUAL_CV_SQUARED * REPS_ASSUMED) / (logs.size + REPS_ASSUMED)
    variance = float(np.clip(drawn, SMALLEST_CV_SQUARED, LARGEST_CV_SQUARED))
    weights = 1 / (variance + chance)
    return LogNormal(log_mean=float((weights * logs).sum() / weights.sum()), log_variance=variance)


def drawn_to_the_mean(values: Floats, variance: float) -> tuple[Floats, float]:
    """Efron and Morris (1975): values of equal known ``variance`` drawn to their mean.

    Gives the drawn values and the share c of each distance that is kept.
    """
    few = 4
    if values.size < few:
        raise ValueError("fewer than four values have no spread to learn from")
    mean = float(values.mean())
    spread = float(((values - mean) ** 2).sum())
    kept = max(0.0, 1 - (values.size - 3) * variance / spread) if spread > 0 else 0.0
    return mean + kept * (values - mean), kept


def worth_of_counts(weekly_mean: Floats | float, noise: float) -> Floats:
    """C2.5: what a count and its exposure are worth under weekly effort noise."""
    return np.asarray(1 / (1 + np.asarray(weekly_mean) * noise))
