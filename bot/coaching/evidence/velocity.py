"""What chance leaves open of the money that open deals bring a day.

It is a product of four numbers, each known from some deals only: how many are open and of what
size, how often their stages lead to a sale, and how long a sale takes. So all deals are drawn anew,
open, closed and won ones, and the product is made of each draw (the bootstrap).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.intervals import Interval

DRAWS = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """What the shares won and the usual cycle rest on; the same for everybody."""

    #: The stages that closed deals were in, and whether they were won → how many.
    closed: Counter[tuple[frozenset[str], bool]]
    #: Days that it took to win each.
    cycles: Floats


def velocity_interval(
    values: Sequence[float] | Floats,
    stages: Sequence[str],
    rests: Rests,
    *,
    rng: np.random.Generator,
) -> Interval | None:
    """Of the sum of ``values``: what each open deal brings a day, and the stage that it is in.

    None with fewer than two open deals, or where nothing was closed or won.
    """
    each = np.asarray(values, dtype=float)
    if each.size < 2 or not rests.closed or not rests.cycles.size:  # noqa: PLR2004 - one cannot vary
        return None
    names = sorted(set(stages))
    by_stage = np.asarray([[stage == name for name in names] for stage in stages]) * each[:, None]
    times = rng.multinomial(each.size, np.full(each.size, 1 / each.size), size=DRAWS)
    shares = _shares_against_told(names, rests, rng)
    a_day = _a_day(_medians_drawn(rests.cycles, rng)) / _a_day(np.asarray(np.median(rests.cycles)))
    drawn = (times @ by_stage * shares).sum(axis=1) * a_day
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    estimate = float(each.sum())
    return Interval(
        estimate=estimate,
        low=min(float(low), estimate),
        high=max(float(high), estimate),
        level=LEVEL,
    )


def _shares_against_told(names: Sequence[str], rests: Rests, rng: np.random.Generator) -> Floats:
    """(draws, stages): the share won of the deals drawn, against that of the deals there were."""
    counts = np.asarray(list(rests.closed.values()), dtype=float)
    inside = np.asarray([[name in was_in for name in names] for was_in, _ in rests.closed], float)
    won = np.asarray([float(is_won) for _, is_won in rests.closed])[:, None] * inside
    drawn = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=DRAWS)
    told = _part(counts @ won, counts @ inside)
    found = np.where(drawn @ inside > 0, _part(drawn @ won, drawn @ inside), told)
    return np.divide(found, told, out=np.ones_like(found), where=told > 0)


def _part(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(below), where=below > 0)


def _medians_drawn(values: Floats, rng: np.random.Generator) -> Floats:
    """The medians of samples drawn anew, by the ranks that they fall on, whatever the number."""
    ordered, count = np.sort(values), values.size
    middle = (count + 1) // 2
    rank = rng.beta(middle, count - middle + 1, size=DRAWS)
    lower = ordered[np.ceil(count * rank).astype(int) - 1]
    if count % 2:
        return np.asarray(lower)
    rank = rank + (1 - rank) * rng.beta(1, count - middle, size=DRAWS)
    return np.asarray((lower + ordered[np.ceil(count * rank).astype(int) - 1]) / 2)


def _a_day(cycle: Floats) -> Floats:
    """The part of a cycle that a day is; never more than all of it."""
    return np.asarray(1 / np.maximum(cycle, 1.0))
