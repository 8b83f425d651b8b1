"""What drop the bot could notice at all in a rep's numbers, from the chart that watches them."""

from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence.cusum import smallest_drop
from bot.coaching.evidence.expectation import WEEKS_OF_GAP, rates_from
from bot.coaching.evidence.state import EvidenceState
from bot.domain.ids import MetricKey, RepId

WITHIN_WEEKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticeable:
    #: What a usual week of the rep holds; the chart rests on this many facts.
    weekly: float
    #: The smallest drop, as a share of it, that is noticed within ``weeks`` in four of five cases;
    #: None: too few events to tell, even if they stopped.
    drop: float | None
    weeks: int = WITHIN_WEEKS


def noticeable(
    state: EvidenceState, *, metric: MetricKey, rep: RepId, is_share: bool = False
) -> Noticeable | None:
    """None where the metric is not watched, or nothing of the rep is known yet."""
    if metric not in state.metrics or rep not in state.reps:
        return None
    at, place = state.metrics.index(metric), state.reps.index(rep)
    exposures = state.exposures[at, place]
    if not (exposures > 0).any():
        return None
    noise = np.zeros(1) if is_share else state.dispersion.noise[at : at + 1]
    taught = slice(None, -WEEKS_OF_GAP) if exposures[:-WEEKS_OF_GAP].any() else slice(None)
    rates = rates_from(
        state.counts[at : at + 1, :, taught].sum(axis=-1),
        state.exposures[at : at + 1, :, taught].sum(axis=-1),
        noise=noise,
        roles=state.roles,
    )
    weekly = float(rates.rate[0, place] * exposures[exposures > 0].mean())
    drop = smallest_drop(weekly, 1 + float(noise[0]) * weekly, WITHIN_WEEKS)
    return Noticeable(weekly=weekly, drop=drop)
