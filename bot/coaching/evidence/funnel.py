"""Whether people differ at all, or equal people would have looked just as different.

Limits on a transformed scale with over-dispersion after Spiegelhalter (Stat. Med. 2005), as the R
package FunnelPlotR computes them: z winsorised at 10 %, phi, and an additive tau squared
(DerSimonian and Laird 1986).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats, Whole

WINSORISED_SHARE = 0.1
FEWEST_UNITS = 2


class FunnelKind(StrEnum):
    #: Successes of trials; angles (arcsine of the root) have a variance that knows no mean.
    SHARE = "share of trials"
    #: Counts against expected counts; so have roots.
    COUNT = "count against expectation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """What a group of reps looks like against its common mean."""

    kind: FunnelKind
    #: The pooled share, or the pooled count over the pooled expectation.
    centre: float
    #: On the transformed scale, one a rep.
    z: Floats
    z_winsorised: Floats
    #: 1 when the group varies as much as chance does.
    phi: float
    #: How much the reps differ beyond chance, on the transformed scale.
    tau_squared: float
    #: Probability that equal reps would differ as much as these do.
    p_equal: float

    def limits(self, size: float, *, level: float = 0.95, dispersed: bool = True) -> Limits:
        """The span of a unit of ``size`` (trials, or expected count) that is as the others are."""
        spread = 1 / (4 * size) + (self.tau_squared if dispersed else 0.0)
        half = float(stats.norm.isf((1 - level) / 2) * np.sqrt(spread))
        if self.kind is FunnelKind.SHARE:
            angle = float(np.arcsin(np.sqrt(self.centre)))
            low, high = max(0.0, angle - half), min(np.pi / 2, angle + half)
            return Limits(low=float(np.sin(low) ** 2), high=float(np.sin(high) ** 2))
        root = float(np.sqrt(self.centre))
        return Limits(low=max(0.0, root - half) ** 2, high=(root + half) ** 2)


def share_funnel(successes: Sequence[int] | Whole, trials: Sequence[int] | Whole) -> Funnel:
    """A funnel of shares, for example won of closed; each rep needs at least one trial."""
    above, below = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    if below.size < FEWEST_UNITS or below.min() < 1 or (above > below).any() or above.min() < 0:
        raise ValueError("a funnel of shares needs two reps, each with trials")
    centre = float(above.sum() / below.sum())
    distance = np.arcsin(np.sqrt(above / below)) - np.arcsin(np.sqrt(centre))
    return _funnel(FunnelKind.SHARE, centre, distance, below, _p_equal_shares(above, below, centre))


def count_funnel(
    counts: Sequence[int] | Whole,
    expected: Sequence[float] | Floats,
    *,
    centre: float = 1.0,
    dispersion: float = 1.0,
) -> Funnel:
    """A funnel of counts against expected counts; ``centre`` 1 takes the expectation as given.

    ``dispersion`` is the phi of a rep's own weeks (C2.2); 1 for counts as from a Poisson.
    """
    above, below = np.asarray(counts, dtype=float), np.asarray(expected, dtype=float)
    if below.size < FEWEST_UNITS or below.min() <= 0 or above.min() < 0:
        raise ValueError("a funnel of counts needs two reps, each with an expectation")
    distance = np.sqrt(above / below) - np.sqrt(centre)
    pooled = below * above.sum() / below.sum() if above.sum() else below
    chi_squared = float(((above - pooled) ** 2 / pooled).sum()) / max(dispersion, 1.0)
    p_equal = float(stats.chi2.sf(chi_squared, below.size - 1))
    return _funnel(FunnelKind.COUNT, centre, distance, below, p_equal)


def poisson_limits(expected: float, *, level: float = 0.95) -> Limits:
    """The exact span of a Poisson count; of what is counted there are no halves."""
    tail = (1 - level) / 2
    low, high = stats.poisson.ppf([tail, 1 - tail], expected)
    return Limits(low=float(low), high=float(high))


def binomial_limits(share: float, trials: int, *, level: float = 0.95) -> Limits:
    """The exact span of a share of ``trials``."""
    tail = (1 - level) / 2
    low, high = stats.binom.ppf([tail, 1 - tail], trials, share)
    return Limits(low=float(low) / trials, high=float(high) / trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Whether the reps of a group differ, in a form that can be said aloud."""

    are_shown: bool
    reps: int
    facts: int
    p_equal: float
    #: The share that the middle rep of equal reps would show, at worst and at best, by chance.
    by_chance: Limits

    @property
    def sentence(self) -> str:
        if self.are_shown:
            return (
                f"The {self.reps} reps differ by more than chance "
                f"({self.facts} facts, p = {self.p_equal:.3f})."
            )
        return (
            f"No difference between the {self.reps} reps is shown: equal reps with as few facts "
            f"({self.facts}) would range from {self.by_chance.low:.0%} to "
            f"{self.by_chance.high:.0%} by chance (p = {self.p_equal:.2f})."
        )


def differences_in_share(
    successes: Sequence[int] | Whole, trials: Sequence[int] | Whole, *, alpha: float = 0.05
) -> Differences | None:
    """Whether shares such as win rates differ, or noise explains them.

    Reps without trials are left out; None when fewer than two remain.
    """
    above, below = np.asarray(successes), np.asarray(trials)
    above, below = above[below > 0], below[below > 0]
    if below.size < FEWEST_UNITS:
        return None
    funnel = share_funnel(above, below)
    # The lowest and the highest of n equal reps: the level at which one of n falls outside.
    extremes = (1 - 1 / below.size) if below.size > FEWEST_UNITS else 0.5
    middle = max(1, round(float(np.median(below))))
    return Differences(
        are_shown=funnel.p_equal < alpha,
        reps=int(below.size),
        facts=int(below.sum()),
        p_equal=funnel.p_equal,
        by_chance=binomial_limits(funnel.centre, middle, level=extremes),
    )


def _p_equal_shares(above: Floats, below: Floats, centre: float) -> float:
    """Pearson's chi squared over the two-by-n table."""
    if centre in (0.0, 1.0):
        return 1.0
    chi_squared = float((below * (above / below - centre) ** 2).sum() / (centre * (1 - centre)))
    return float(stats.chi2.sf(chi_squared, below.size - 1))


def _funnel(
    kind: FunnelKind, centre: float, distance: Floats, sizes: Floats, p_equal: float
) -> Funnel:
    weights = 4 * sizes
    z = distance * np.sqrt(weights)
    low, high = np.quantile(z, [WINSORISED_SHARE, 1 - WINSORISED_SHARE])
    winsorised = np.clip(z, low, high)
    phi = float(np.mean(winsorised**2))
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    excess = z.size * phi - (z.size - 1)
    return Funnel(
        kind=kind,
        centre=centre,
        z=z,
        z_winsorised=winsorised,
        phi=phi,
        tau_squared=max(0.0, excess / room) if room > 0 else 0.0,
        p_equal=p_equal,
    )
