"""Where sustained achievers live: their range of each metric, and how sure its two ends are.

A *sustained achiever* stands in the upper third of the role's outcome in at least two thirds of
three or more quarters. One great quarter is mostly luck and is gone in the next (regression to the
mean); two thirds of three happen by luck to a quarter of all reps, of six to a tenth. What is read
off are the achievers' metrics, drawn to the role's mean by as much as their quarters vary, so that
the range is not that of whoever was lucky in the metric too.
"""

from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats, Whole
from bot.coaching.evidence.intervals import Interval
from bot.coaching.role_quarters import FEWEST_QUARTERS, RoleQuarters, back_from_scale, on_one_scale

UPPER_THIRD = 2 / 3
#: Achievers live between these shares of themselves: the middle one, and the better quarter.
MIDDLE, BETTER = 0.5, 0.75
FEWEST_ACHIEVERS = 3
BOOTSTRAPS = 300
LEVEL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class AchieverRange:
    """In the metric's own unit; ``low`` lies below ``high``."""

    low: Interval
    high: Interval
    #: Whether achievers stand better in the metric than the role's middle rep does.
    stands_out: bool


def sustained(outcome: Floats) -> Flags:
    """(..., R): who is a sustained achiever, from outcomes (..., R, Q)."""
    known = np.isfinite(outcome)
    # A quarter in which nobody is known has no upper third; nor is a rep without a sale in one.
    filled = np.where(known.any(axis=-2, keepdims=True), outcome, 0.0)
    top = known & (filled > np.nanquantile(filled, UPPER_THIRD, axis=-2, keepdims=True))
    top &= filled > 0
    quarters = known.sum(axis=-1)
    often = top.sum(axis=-1) >= UPPER_THIRD * quarters - 1e-9
    return np.asarray((quarters >= FEWEST_QUARTERS) & often)


def pooled(scaled: Floats) -> Floats:
    """Each rep's usual value over quarters, drawn to the role's mean; from (..., R, Q)."""
    known = np.isfinite(scaled)
    count = known.sum(axis=-1)
    level = np.where(known, scaled, 0.0)
    mean = level.sum(axis=-1) / np.maximum(count, 1)
    within = (np.where(known, scaled - mean[..., None], 0.0) ** 2).sum(axis=(-1, -2))
    free = np.maximum((count - 1) * (count > 0), 0).sum(axis=-1)
    chance = (within / np.maximum(free, 1))[..., None] / np.maximum(count, 1)
    seen = (count > 0).astype(float)
    reps = np.maximum(seen.sum(axis=-1), 2)
    centre = ((mean * seen).sum(axis=-1) / reps)[..., None]
    between = ((mean - centre) ** 2 * seen).sum(axis=-1) / (reps - 1)
    between = np.maximum(between - (chance * seen).sum(axis=-1) / reps, 0.0)[..., None]
    total = between + chance
    weight = np.divide(between, total, out=np.ones_like(total), where=total > 0)
    return np.asarray(np.where(count > 0, centre + weight * (mean - centre), np.nan))


def achiever_ranges(
    quarters: RoleQuarters, rng: np.random.Generator
) -> tuple[Flags, list[AchieverRange | None]]:
    """Who the achievers are, and the range of each metric; None where there is none to read."""
    achievers = sustained(quarters.outcome)
    reps = len(quarters.reps)
    draws = rng.integers(0, reps, (BOOTSTRAPS, reps))
    drawn = sustained(quarters.outcome[draws])
    enough = drawn.sum(axis=1) >= FEWEST_ACHIEVERS
    ranges = [
        _range(quarters, at, achievers, draws[enough], drawn[enough])
        if achievers.sum() >= FEWEST_ACHIEVERS and enough.any()
        else None
        for at in range(len(quarters.metrics))
    ]
    return achievers, ranges


def _range(
    quarters: RoleQuarters, at: int, achievers: Flags, draws: Whole, drawn: Flags
) -> AchieverRange | None:
    metric = quarters.metrics[at]
    scaled, unit = on_one_scale(quarters.values[at], is_share=metric.is_share)
    shares = (MIDDLE, BETTER) if metric.is_higher_better else (1 - BETTER, MIDDLE)
    usual = pooled(scaled)
    here = _ends(usual, achievers, shares)
    again = np.array(
        [_ends(own, top, shares) for own, top in zip(pooled(scaled[draws]), drawn, strict=True)]
    )
    again = again[np.isfinite(again).all(axis=1)]
    if not np.isfinite(here).all() or again.size == 0:
        return None
    ends = back_from_scale(here, unit)
    around = back_from_scale(np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0), unit)
    low, high = (
        Interval(
            estimate=float(ends[end]),
            low=float(min(around[0, end], ends[end])),
            high=float(max(around[1, end], ends[end])),
            level=LEVEL,
        )
        for end in (0, 1)
    )
    middle_end = here[0] if metric.is_higher_better else here[1]
    ahead = middle_end - np.nanmedian(usual)
    return AchieverRange(
        low=low, high=high, stands_out=bool(ahead > 0 if metric.is_higher_better else ahead < 0)
    )


def _ends(usual: Floats, achievers: Flags, shares: tuple[float, float]) -> Floats:
    own = usual[achievers & np.isfinite(usual)]
    return np.quantile(own, shares) if own.size else np.full(2, np.nan)
