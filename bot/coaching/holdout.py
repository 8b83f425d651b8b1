"""Did a nudge help? From decisions drawn at random, never from before and after.

A nudge goes out when a week was poor, and the week after a poor week is better by itself: of a
nudge without any effect, before and after "shows" a third more. So only what chance withheld is
compared with what chance sent. Each eligible decision has its probability of sending; effects
come from the centred treatment A - p (Boruvka and others, JASA 2018), clustered by rep, with
Student's t on R - 1 reps. Whoever looks each week needs an interval that holds at all times: the
normal mixture (Robbins 1970; Waudby-Smith and others 2021).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats, Whole
from bot.coaching.evidence.intervals import Interval

#: Fewer reps than these have no spread to speak of.
FEWEST_REPS = 3
#: Fewer decisions, sent or withheld, are not looked at: the spread of the effect is unknown yet.
FEWEST_OF_EACH = 10
#: The interval for looking all the time is narrowest at about this many decisions. Set once and for
#: all: chosen after the data it would hold no longer.
TUNED_FOR = 500.0

POWER = 0.8
#: Terms of the control model in Liao's formula (a curve over time), and its smallest trial.
CONTROLS, FEWEST_IN_A_TRIAL, MOST_IN_A_TRIAL = 3, 10, 100_000


class Verdict(StrEnum):
    HELPFUL = "helpful"
    HARMFUL = "harmful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One eligible decision about one rep, and what came of it."""

    rep: str
    was_sent: bool
    #: Of sending, as it was when the draw was made.
    probability: float
    #: What the nudge hoped for: 1 or 0, or a count of the days after.
    outcome: float

    def __post_init__(self) -> None:
        if not 0 < self.probability < 1:
            raise ValueError("nothing is learnt from a decision that chance had no part in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What sending changed, in units of the outcome."""

    decisions: int
    sent: int
    reps: int
    #: The mean outcome of the decisions that were withheld.
    without: float
    #: For one look at a time that was set beforehand.
    planned: Interval
    #: For looking as often as one likes.
    always: Interval

    @property
    def verdict(self) -> Verdict:
        """Taken from the interval that holds however often somebody looks."""
        if self.always.low > 0:
            return Verdict.HELPFUL
        return Verdict.HARMFUL if self.always.high < 0 else Verdict.UNKNOWN

    @property
    def relative(self) -> Interval | None:
        """As a share of what came without it; None where nothing came."""
        if self.without <= 0:
            return None
        return Interval(
            estimate=self.always.estimate / self.without,
            low=self.always.low / self.without,
            high=self.always.high / self.without,
            level=self.always.level,
        )


def nudge_effect(decisions: Sequence[Decision], *, level: float = 0.95) -> Effect | None:
    """None while there are too few decisions of either kind, or too few reps, to have a spread."""
    sent = np.asarray([one.was_sent for one in decisions], dtype=bool)
    reps, groups = np.unique([one.rep for one in decisions], return_inverse=True)
    withheld = int((~sent).sum())
    if min(int(sent.sum()), withheld) < FEWEST_OF_EACH or reps.size < FEWEST_REPS:
        return None
    probability = np.asarray([one.probability for one in decisions])
    outcome = np.asarray([one.outcome for one in decisions], dtype=float)
    estimate, deviation = _centred(sent - probability, outcome, groups, reps.size)
    planned = float(stats.t.isf((1 - level) / 2, reps.size - 1)) * deviation
    always = mixture_radius(deviation * np.sqrt(sent.size), sent.size, alpha=1 - level)
    return Effect(
        decisions=sent.size,
        sent=int(sent.sum()),
        reps=int(reps.size),
        without=float(outcome[~sent].mean()),
        planned=_around(estimate, planned, level),
        always=_around(estimate, max(always, planned), level),
    )


def _around(estimate: float, half: float, level: float) -> Interval:
    return Interval(estimate=estimate, low=estimate - half, high=estimate + half, level=level)


def mixture_radius(
    spread: float, count: int, *, alpha: float, tuned_for: float = TUNED_FOR
) -> float:
    """Half the width of an interval that holds at every count at once (C2.8).

    ``spread`` is the deviation of one value; 1 - alpha the probability that it always holds.
    """
    scale = (-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / tuned_for
    grown = count * scale + 1
    return float(spread * np.sqrt(2 * grown / (count**2 * scale) * np.log(np.sqrt(grown) / alpha)))


def _centred(treatment: Floats, outcome: Floats, groups: Whole, reps: int) -> tuple[float, float]:
    """The effect and its deviation: least squares on A - p, after the rep's usual is taken off.

    What is usual for a rep is taken from the rep's other decisions, and from everybody's as one
    more: a mean that knew the outcome itself would draw the effect towards nothing.
    """
    sums = np.bincount(groups, weights=outcome, minlength=reps)
    sizes = np.bincount(groups, minlength=reps).astype(float)
    overall = (outcome.sum() - outcome) / (outcome.size - 1)
    residual = outcome - (sums[groups] - outcome + overall) / sizes[groups]
    weight = float((treatment**2).sum())
    estimate = float((treatment * residual).sum()) / weight
    scores = np.bincount(groups, weights=treatment * (residual - estimate * treatment))
    return estimate, float(np.sqrt(reps / (reps - 1) * (scores**2).sum())) / weight


def decisions_needed(
    effect: float,
    *,
    spread: float,
    probability: float = 0.5,
    power: float = POWER,
    level: float = 0.95,
) -> int:
    """How many decisions show an ``effect`` on outcomes with a deviation of ``spread``."""
    if effect == 0 or spread <= 0:
        raise ValueError("no number of decisions shows that nothing happens")
    reach = stats.norm.isf((1 - level) / 2) + stats.norm.isf(1 - power)
    return int(np.ceil((reach * spread / effect) ** 2 / (probability * (1 - probability))))


def smallest_effect(
    decisions: int,
    *,
    spread: float,
    probability: float = 0.5,
    power: float = POWER,
    level: float = 0.95,
) -> float:
    """The smallest effect that so many decisions show with ``power``: what silence may hide."""
    reach = float(stats.norm.isf((1 - level) / 2) + stats.norm.isf(1 - power))
    return reach * spread / float(np.sqrt(decisions * probability * (1 - probability)))


def reps_needed(
    effect: float,
    *,
    occasions: int,
    availability: float,
    probability: float,
    power: float = POWER,
    level: float = 0.95,
) -> int:
    """Reps for a trial with so many occasions each (Liao and others, Stat. Med. 2016).

    ``effect`` is in deviations of the outcome, alike at all times; ``availability`` is the share
    of occasions at which there is something to decide.
    """
    from scipy import stats as all_distributions  # noqa: PLC0415 - slow to import

    each = occasions * availability * probability * (1 - probability) * effect**2
    for reps in range(FEWEST_IN_A_TRIAL, MOST_IN_A_TRIAL):
        freedom = reps - CONTROLS - 1
        critical = all_distributions.f.isf(1 - level, 1, freedom)
        if all_distributions.ncf.sf(critical, 1, freedom, reps * each) >= power:
            return reps
    raise ValueError(f"an effect of {effect} cannot be shown with {MOST_IN_A_TRIAL} reps")
