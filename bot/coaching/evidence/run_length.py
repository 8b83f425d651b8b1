"""How long a chart runs until it alarms: exact average run lengths.

Counts: the Markov chain of Brook and Evans (Biometrika 1972) as Lucas (Technometrics 1985) uses it.
Normal values: the integral equation of the run length, solved on Gauss-Legendre nodes (Nystrom),
as the R package spc does.
"""

from functools import lru_cache

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats, Whole

NODES = 60


def lower_count_run_length(
    probabilities: Floats, *, reference: float, limit: float, steps: int, head_start: float = 0.0
) -> float:
    """Run length of C = max(0, C + reference - x), alarm at C >= limit.

    ``probabilities[x]`` are those of the counts 0, 1, ...; ``reference`` and ``limit`` are taken
    on a lattice of 1/``steps``. What the probabilities lack to 1 lies above all counts given.
    """
    jumps = round(reference * steps) - steps * np.arange(probabilities.size)
    return _lattice_run_length(
        jumps, probabilities, round(limit * steps), round(head_start * steps), beyond=-1
    )


def upper_count_run_length(
    probabilities: Floats, *, reference: float, limit: float, steps: int, head_start: float = 0.0
) -> float:
    """Run length of C = max(0, C + x - reference), alarm at C >= limit."""
    jumps = steps * np.arange(probabilities.size) - round(reference * steps)
    return _lattice_run_length(
        jumps, probabilities, round(limit * steps), round(head_start * steps), beyond=1
    )


def _lattice_run_length(
    jumps: Whole, probabilities: Floats, states: int, start: int, *, beyond: int
) -> float:
    """Solve (I - Q) L = 1 over the states 0 .. states - 1 that do not alarm."""
    here = np.arange(states)
    landing = here[:, None] + jumps[None, :].astype(np.int64)
    floor = np.maximum(landing, 0)
    stays = floor < states
    moves = np.zeros((states, states))
    rows = np.broadcast_to(here[:, None], landing.shape)
    weights = np.broadcast_to(probabilities, landing.shape)
    np.add.at(moves, (rows[stays], floor[stays]), weights[stays])
    if beyond < 0:
        moves[:, 0] += max(0.0, 1.0 - float(probabilities.sum()))
    lengths = np.linalg.solve(np.eye(states) - moves, np.ones(states))
    return float(lengths[start])


@lru_cache(maxsize=8)
def _nodes(low: float, high: float) -> tuple[Floats, Floats]:
    points, weights = np.polynomial.legendre.leggauss(NODES)
    half = (high - low) / 2
    return np.asarray(low + half * (points + 1)), np.asarray(half * weights)


def normal_cusum_run_length(*, reference: float, limit: float, shift: float = 0.0) -> float:
    """Run length of the one-sided C = max(0, C + z - reference), z normal around ``shift``."""
    points, weights = _nodes(0.0, limit)
    starts = np.concatenate(([0.0], points))
    moves = np.zeros((NODES + 1, NODES + 1))
    moves[:, 0] = stats.norm.cdf(reference - starts - shift)
    moves[:, 1:] = weights * stats.norm.pdf(points[None, :] + reference - starts[:, None] - shift)
    return float(np.linalg.solve(np.eye(NODES + 1) - moves, np.ones(NODES + 1))[0])


def normal_cusum_run_length_both(*, reference: float, limit: float, shift: float = 0.0) -> float:
    """The two-sided chart from its sides: their rates add up (Lucas and Crosier 1982)."""
    sides = (
        normal_cusum_run_length(reference=reference, limit=limit, shift=way)
        for way in (shift, -shift)
    )
    return 1 / sum(1 / side for side in sides)


def normal_ewma_run_length(*, weight: float, width: float, shift: float = 0.0) -> float:
    """Run length of a two-sided EWMA with limits at ``width`` of its own long-run deviations."""
    edge = width * float(np.sqrt(weight / (2 - weight)))
    points, weights = _nodes(-edge, edge)
    starts = np.concatenate(([0.0], points))
    jumps = (points[None, :] - (1 - weight) * starts[:, None]) / weight - shift
    moves = weights * stats.norm.pdf(jumps) / weight
    inner = np.linalg.solve(np.eye(NODES) - moves[1:], np.ones(NODES))
    return float(1 + moves[0] @ inner)
