"""How strong a signal must be to be worth a person's time, and whose."""

from enum import StrEnum

import numpy as np

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.cusum import ESCALATION_BUDGET, SOFT_BUDGET
from bot.coaching.evidence.intervals import adjusted_for_many

#: False warnings a rep and week, over all metrics that are watched: less than one in half a year.
REP_BUDGET = 0.03
#: Among this week's escalations at most this share may be expected to be false (C2.5, BH).
FALSE_SHARE_OF_ESCALATIONS = 0.5


class Tier(StrEnum):
    #: Within the metric's own 1 %, but so many metrics are watched that it is likely chance. Shown
    #: to whoever asks, said to nobody; the chart goes on, and speaks when there is more.
    NOTED = "noted"
    #: A self-check for the rep alone.
    SOFT = "soft"
    #: Worth the manager's look as well, at most 0.2 % false a rep-metric-week.
    ESCALATE = "escalate"


def alarm_rates(heights: Floats, soft_limits: Floats, escalation_limits: Floats) -> Floats:
    """How often a week a chart would stand so high by chance.

    The rate of false alarms falls geometrically with the limit, so it is known at every height
    from the two limits that keep the two budgets. 1 where there is no limit.
    """
    known = np.isfinite(soft_limits)
    step = np.maximum(
        np.subtract(escalation_limits, soft_limits, out=np.ones_like(soft_limits), where=known), 0.1
    )
    over = np.subtract(heights, soft_limits, out=np.zeros_like(heights), where=known) / step
    fall = np.log(ESCALATION_BUDGET / SOFT_BUDGET)
    return np.asarray(np.where(known, np.clip(SOFT_BUDGET * np.exp(fall * over), 0.0, 1.0), 1.0))


def false_shares(rates: Floats, soft_limits: Floats) -> Floats:
    """Benjamini and Hochberg over all charts of all reps and metrics of the week."""
    known = np.isfinite(soft_limits)
    shares = np.ones_like(rates)
    shares[known] = adjusted_for_many(rates[known])
    return shares


def tier_of(*, rate: float, false_share: float, watched: int, escalates: bool) -> Tier:
    """``watched`` metrics share a rep's budget; each keeps to its own 1 % in any case."""
    if escalates and false_share <= FALSE_SHARE_OF_ESCALATIONS:
        return Tier.ESCALATE
    return Tier.SOFT if rate <= REP_BUDGET / max(watched, 1) else Tier.NOTED
