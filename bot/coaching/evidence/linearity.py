"""How bookings fall over the parts of a quarter, deal by deal."""

from collections.abc import Sequence

import numpy as np

from bot.coaching.evidence.intervals import Interval, bootstrap_ratio

#: Fewer deals, and nothing follows.
FEWEST_DEALS = 10


def shares_by_part(
    amounts: Sequence[float], parts: Sequence[int], count: int, *, rng: np.random.Generator
) -> tuple[Interval, ...] | None:
    """Each part's share of the amount (parts are 0 to ``count`` - 1), drawing deals anew.

    None with too few deals, or nothing to share.
    """
    won, at = np.asarray(amounts, dtype=float), np.asarray(parts)
    if won.size < FEWEST_DEALS or won.sum() <= 0:
        return None
    found = [bootstrap_ratio(np.where(at == part, won, 0.0), won, rng=rng) for part in range(count)]
    return tuple(each for each in found if each is not None)
