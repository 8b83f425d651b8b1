"""How far forecasts lay from what came: bias (which way) and error (how far), with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence.intervals import Interval, bootstrap_ratio

#: Fewer forecasts, and nothing follows.
FEWEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastError:
    forecasts: int
    #: Sum of forecast minus actual, as a share of the actual: above zero it was too high.
    bias: Interval
    #: Sum of the distances, as a share of the actual (WAPE).
    error: Interval

    @property
    def leans(self) -> str:
        """One of high, low, neither, as far as chance leaves it open."""
        if self.bias.low > 0:
            return "high"
        return "low" if self.bias.high < 0 else "neither"


def forecast_error(
    forecasts: Sequence[float], actuals: Sequence[float], *, rng: np.random.Generator
) -> ForecastError | None:
    """None with too few forecasts, or where nothing came of any."""
    told, came = np.asarray(forecasts, dtype=float), np.asarray(actuals, dtype=float)
    if told.size < FEWEST:
        return None
    bias = bootstrap_ratio(told - came, came, rng=rng)
    error = bootstrap_ratio(np.abs(told - came), came, rng=rng)
    if bias is None or error is None:
        return None
    return ForecastError(forecasts=int(told.size), bias=bias, error=error)
