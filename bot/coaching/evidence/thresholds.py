"""The limit of a chart that alarms no more often than its budget, for any mean, noise and memory.

The run length of a count CUSUM is exact for a known mean (run_length.py). Nobody knows the mean:
it is estimated from some twenty weeks, and a chart around a mean that is 10 % too high alarms far
too often. So the alarm rate is averaged over what the estimate leaves open (Gauss-Hermite), and
the limit is where that average meets the budget. No simulation, no table typed by hand.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Flags, Floats, Whole

#: Weeks without a further alarm after one; they stretch the time between two alarms.
SILENT_WEEKS = 4
STATES, MOST_STATES = 120, 260
#: The lattice is fine enough for a week without any count to move the chart this many steps.
FEWEST_STEPS_A_WEEK = 3
#: The highest limit looked for, in units of the log-likelihood ratio.
HIGHEST_LIMIT = 9.0
MEANS_PER_DOUBLING = 2
#: Charts that never alarm are taken to alarm after a billion weeks, which keeps the algebra tame.
NEVER = 1e-9
#: Below the smallest mean a week there is nothing to chart: too few facts to tell.
SMALLEST_MEAN, LARGEST_MEAN = 0.25, 400.0
#: Weekly noise beyond Poisson as a squared coefficient of variation, and what is not known of the
#: mean as a coefficient of variation; between these points limits are interpolated.
NOISES = (0.0, 0.01, 0.02, 0.035, 0.06, 0.1, 0.17, 0.3, 0.5, 1.0)
DOUBTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
_OPEN, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a chart looks for: a mean that became ``factor`` of itself, below or above 1."""

    factor: float
    #: False alarms a rep-metric-week.
    budget: float

    def __post_init__(self) -> None:
        if self.factor <= 0 or self.factor == 1:
            raise ValueError("a chart looks for a change")
        if not 0 < self.budget < 1 / (1 + SILENT_WEEKS):
            raise ValueError(f"a budget of {self.budget} false alarms a week cannot be kept")


def limits(design: Design, means: Floats, *, noise: float, doubts: Floats) -> Floats:
    """The limit for each mean, in units of the log-likelihood ratio of C2.3.

    ``noise`` is 1/K of the negative binomial, ``doubts`` the coefficient of variation of each
    mean's estimate.
    """
    safe = np.clip(np.where(np.isnan(means), 1.0, means), SMALLEST_MEAN, LARGEST_MEAN)
    place = MEANS_PER_DOUBLING * np.log2(safe / SMALLEST_MEAN)
    mean_at = np.floor(place).astype(np.int64)
    mean_part = place - mean_at
    doubt_at, doubt_part = _between(np.where(np.isnan(doubts), DOUBTS[-1], doubts), DOUBTS)
    [noise_at], [noise_part] = _between(np.asarray([noise]), NOISES)
    corners = np.stack([(mean_at + up) * len(DOUBTS) + doubt_at + on for up, on in _CORNERS])
    mean_parts, doubt_parts = (1 - mean_part, mean_part), (1 - doubt_part, doubt_part)
    weights = np.stack([mean_parts[up] * doubt_parts[on] for up, on in _CORNERS])
    result = np.zeros_like(safe)
    for step, weight in ((0, 1 - float(noise_part)), (1, float(noise_part))):
        if weight > 0:
            found = _looked_up(design, corners, weights > 0, NOISES[int(noise_at) + step])
            result += weight * (weights * found).sum(axis=0)
    return result


def _between(values: Floats, grid: tuple[float, ...]) -> tuple[Whole, Floats]:
    """The grid point at or below each value, and how far it lies towards the next."""
    points = np.asarray(grid)
    inside = np.clip(values, points[0], points[-1])
    at = np.minimum(np.searchsorted(points, inside, side="right") - 1, points.size - 2)
    return at, (inside - points[at]) / (points[at + 1] - points[at])


def _looked_up(design: Design, corners: Whole, wanted: Flags, noise: float) -> Floats:
    """The limits at grid points; a point is worked out once, and only if it is wanted."""
    known = _table(design, noise)
    if (lacking := wanted & np.isnan(known[corners])).any():
        for code in np.unique(corners[lacking]):
            mean = SMALLEST_MEAN * 2 ** (int(code) // len(DOUBTS) / MEANS_PER_DOUBLING)
            known[code] = limit_at(design, mean, noise, DOUBTS[int(code) % len(DOUBTS)])
    return np.where(wanted, known[corners], 0.0)


@lru_cache(maxsize=256)
def _table(design: Design, noise: float) -> Floats:  # noqa: ARG001 - one each, by lru_cache
    """Every grid point of the means and doubts, still empty where nobody has asked yet."""
    doublings = np.log2(LARGEST_MEAN / SMALLEST_MEAN)
    return np.full((int(MEANS_PER_DOUBLING * doublings) + 2) * len(DOUBTS), np.nan)


@lru_cache(maxsize=4096)
def limit_at(design: Design, mean: float, noise: float, doubt: float) -> float:
    """The limit for one mean; HIGHEST_LIMIT where nothing lower keeps the budget."""
    heights, rates = _rates(design.factor, mean, noise, doubt)
    if rates[-1] >= design.budget:
        return HIGHEST_LIMIT
    first = int(np.argmax(rates < design.budget))
    if first == 0:
        return float(heights[0])
    pair = slice(first - 1, first + 1)
    return float(np.interp(-np.log(design.budget), -np.log(rates[pair]), heights[pair]))


@lru_cache(maxsize=2048)
def _rates(factor: float, mean: float, noise: float, doubt: float) -> tuple[Floats, Floats]:
    """The alarm rate a week for each limit on the lattice; limits in log-likelihood units."""
    slope, reference = slope_and_reference(mean, noise, factor)
    steps = max(
        1,
        int(STATES * abs(slope) / HIGHEST_LIMIT),
        int(np.ceil(FEWEST_STEPS_A_WEEK / reference)),
    )
    states = min(MOST_STATES, int(np.ceil(HIGHEST_LIMIT / abs(slope) * steps)))
    chances = np.stack(
        [count_probabilities(mean * max(0.05, 1 + doubt * x), noise, _most(mean)) for x in _OPEN]
    )
    jumps = round(reference * steps) - steps * np.arange(chances.shape[1])
    lengths = _run_lengths(jumps if factor < 1 else -jumps, chances, states)
    rates = (_WEIGHTS[:, None] / (lengths + SILENT_WEEKS)).sum(axis=0) / _WEIGHTS.sum()
    return np.arange(1, lengths.shape[1] + 1) * abs(slope) / steps, rates


def slope_and_reference(mean: float, noise: float, factor: float) -> tuple[float, float]:
    """C2.3's log-likelihood ratio is a line in the count: slope * (count - reference)."""
    if noise <= 0:
        slope = float(np.log(factor))
        return slope, float(mean * (factor - 1) / slope)
    size = 1 / noise
    apart = float(np.log((size + mean) / (size + factor * mean)))
    slope = float(np.log(factor)) + apart
    return slope, -size * apart / slope


def count_probabilities(mean: float, noise: float, most: int) -> Floats:
    """Of 0 .. most, Poisson or negative binomial with variance mean + noise * mean squared."""
    counts = np.arange(most + 1)
    if noise <= 0:
        return np.asarray(stats.poisson.pmf(counts, mean))
    size = 1 / noise
    return np.asarray(stats.nbinom.pmf(counts, size, size / (size + mean)))


def _most(mean: float) -> int:
    """Counts above this one do not matter: they end a lower chart at 0 and trip an upper one."""
    return int(4 * mean + 20)


def _run_lengths(jumps: Whole, chances: Floats, states: int) -> Floats:
    """Average run lengths from 0 for every limit at once, one row for each row of ``chances``.

    The chain of a lower limit is the upper left corner of the chain of a higher one, so a single
    elimination without pivoting solves them all: with A = L U, the run length of the first m
    states is the m-th partial sum of (U'^-1 e0) * (L^-1 1).
    """
    moves = _moves(jumps, chances, states)
    lengths = [_partial_sums(np.eye(states) - (1 - NEVER) * move) for move in moves]
    return np.asarray(lengths)


def _moves(jumps: Whole, chances: Floats, states: int) -> Floats:
    """The chances to come from each state to each; what falls below 0 stays at 0."""
    landing = np.arange(states)[:, None] + jumps[None, :]
    moves = np.zeros((chances.shape[0], states, states))
    rows, counts = np.nonzero((landing > 0) & (landing < states))
    moves[:, rows, landing[rows, counts]] = chances[:, counts]
    moves[:, :, 0] = chances @ (landing <= 0).T
    if jumps[0] > jumps[-1]:
        moves[:, :, 0] += np.maximum(0.0, 1 - chances.sum(axis=1))[:, None]
    return moves


def _partial_sums(matrix: Floats) -> Floats:
    # Rows are diagonally dominant, so LAPACK finds nothing to exchange in the columns of the
    # transpose, A' = U' L' with ones on the diagonal of U'.
    factors, exchanged, _ = scipy.linalg.lapack.dgetrf(matrix.T)
    if (exchanged != np.arange(len(matrix))).any():
        raise ValueError("a chart's chances are no chances: they exceed 1")
    first = np.eye(1, len(matrix))[0]
    before, _ = scipy.linalg.lapack.dtrtrs(factors, first, lower=1, unitdiag=1)
    after, _ = scipy.linalg.lapack.dtrtrs(factors, np.ones(len(matrix)), lower=0, trans=1)
    return np.asarray(np.cumsum(before * after))
