"""What chance alone would make of it: permutations within roles, and partial pooling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.hiring.hires import Floats

Whole = NDArray[np.int64]

#: With fewer hires nothing is concluded, however good it looks.
FEWEST_HIRES = 8
PERMUTATIONS = 1999
#: All of a family's findings together are false in at most so many worlds.
FALSE_IN_FAMILY = 0.05
#: Of a true relation, so many searches of the needed size find it.
POWER_Z, CERTAIN_Z = 0.8416, 1.96
#: As near to 1 as a correlation is believed.
NEARLY_ONE = 0.999


def correlations(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """(C, K): how each column of x goes with each of y, and over how many hires.

    NaN is not known; where a column does not vary, nothing is known.
    """
    known_x, known_y = np.isfinite(x).astype(float), np.isfinite(y).astype(float)
    zero_x, zero_y = np.nan_to_num(x), np.nan_to_num(y)
    n = known_x.T @ known_y
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x, mean_y = zero_x.T @ known_y / n, known_x.T @ zero_y / n
        spread_x = (zero_x**2).T @ known_y / n - mean_x**2
        spread_y = known_x.T @ (zero_y**2) / n - mean_y**2
        covariance = zero_x.T @ zero_y / n - mean_x * mean_y
        found = covariance / np.sqrt(np.maximum(spread_x, 0) * np.maximum(spread_y, 0))
    is_flat = (spread_x < 1e-12) | (spread_y < 1e-12)  # noqa: PLR2004 -- rounding
    r = np.where(is_flat | ~np.isfinite(found), np.nan, found)
    return np.clip(r, -NEARLY_ONE, NEARLY_ONE), n


def shuffles(groups: Sequence[str], *, seed: int, many: int) -> Whole:
    """(many, n): orders that change places within a group only."""
    codes = np.unique(np.array(groups, dtype=str), return_inverse=True)[1]
    drawn = np.random.default_rng(seed).random((many, len(groups)))
    orders = np.empty((many, len(groups)), dtype=np.int64)
    orders[:, np.argsort(codes, kind="stable")] = np.argsort(codes[None, :] + drawn, axis=1)
    return orders


def chances(
    x: Floats, y: Floats, groups: Sequence[str], *, seed: int, draws: int = PERMUTATIONS
) -> Floats:
    """(C, K): how often the strongest of a whole family is by chance as strong as this one.

    Outcomes change hands within their role, all of a hire's together, so that whatever goes with
    one another in scores or in outcomes still does.
    """
    observed = _strength(*correlations(x, y))
    orders = shuffles(groups, seed=seed, many=draws)
    # All draws side by side, so that one multiplication of matrices does for all of them.
    drawn = y[orders].transpose(1, 0, 2).reshape(len(y), -1)
    by_chance = _strength(*correlations(x, drawn)).reshape(x.shape[1], len(orders), -1)
    strongest = by_chance.max(axis=(0, 2))
    reached = (strongest[:, None, None] >= observed[None] - 1e-12).sum(axis=0)
    return np.asarray(np.where(observed > 0, (1 + reached) / (1 + len(strongest)), 1.0))


def _strength(r: Floats, n: Floats) -> Floats:
    """In standard errors; too few hires have none."""
    scale = np.sqrt(np.maximum(n - 3, 0))
    is_enough = (n >= FEWEST_HIRES) & np.isfinite(r)
    return np.where(is_enough, np.abs(np.arctanh(np.nan_to_num(r))) * scale, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    estimate: float
    low: float
    high: float


def pooled(
    estimates: Sequence[float], variances: Sequence[float], *, spread: float
) -> list[Pooled]:
    """Each drawn towards what is common to all, the more the less is known of it.

    How far they truly differ is not known either: every spread is weighed by how well it explains
    what was seen, and beforehand by a half-normal of standard deviation ``spread``.
    """
    x, v = np.array(estimates), np.array(variances)
    if not x.size:
        return []
    tau = np.linspace(0.005, 4 * spread, 81)
    given = [given_spread(x, v, t) for t in tau]
    weight = np.array([each[2] for each in given]) - 0.5 * (tau / spread) ** 2
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    means, spreads = np.array([each[0] for each in given]), np.array([each[1] for each in given])
    mean = weight @ means
    deviation = np.sqrt(weight @ (spreads + (means - mean) ** 2))
    return [
        Pooled(estimate=float(m), low=float(m - CERTAIN_Z * d), high=float(m + CERTAIN_Z * d))
        for m, d in zip(mean, deviation, strict=True)
    ]


def given_spread(x: Floats, v: Floats, tau: float) -> tuple[Floats, Floats, float]:
    """Means, variances and log likelihood, if the true values differ by ``tau``."""
    total = v + tau**2
    weight = 1 / total
    common, doubt = float(weight @ x / weight.sum()), 1 / float(weight.sum())
    kept = tau**2 / total
    means = common + kept * (x - common)
    variances = kept * v + (1 - kept) ** 2 * doubt
    likelihood = -0.5 * (np.log(total) + (x - common) ** 2 * weight).sum() + 0.5 * np.log(doubt)
    return means, variances, float(likelihood)


def hires_needed(r: float) -> int:
    """How many hires tell a correlation of this size from none in four searches of five."""
    return int(np.ceil(((CERTAIN_Z + POWER_Z) / np.arctanh(min(abs(r), NEARLY_ONE))) ** 2 + 3))


def unrestricted(r: float, share: float) -> float:
    """What a correlation among the hired would be among all, whose scores spread wider.

    ``share`` is the spread of the hired as a share of that of all (Thorndike's second case).
    """
    wider = 1 / min(max(share, 0.05), 1.0)
    return float(r * wider / np.sqrt(1 - r**2 + (r * wider) ** 2))
