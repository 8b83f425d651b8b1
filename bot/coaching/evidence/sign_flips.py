"""How good the best of many metrics looks by luck alone, learned from the data themselves.

Where nothing leads, a rep's ups and downs might as well have been downs and ups. So whole reps are
turned round, all their quarters together and against all metrics at once: what hangs together
within a rep, within a team's quarter and between metrics stays. That holds with few reps, where a t
table promises too much (Westfall and Young 1993; wild cluster bootstrap, Cameron and others 2008).
"""

import numpy as np

from bot.coaching.evidence.arrays import Floats, Whole

FLIPS = 499
#: What is left of levels that are taken out in turns, and how often that is done.
SETTLED, MOST_TURNS = 1e-9, 200
#: Smaller than this share of the largest singular value is rounding.
SMALLEST_OF_RANK = 1e-8


def without_levels(values: Floats, levels: tuple[Whole, Whole]) -> Floats:
    """What is left once each rep's mean and each team-quarter's mean are taken out, in turns."""
    left = values - values.mean() if values.size else values
    for _ in range(MOST_TURNS):
        before = left
        for numbers in levels:
            counts = np.maximum(np.bincount(numbers), 1)
            left = left - (np.bincount(numbers, weights=left) / counts)[numbers]
        if np.abs(left - before).max(initial=0.0) < SETTLED:
            break
    return np.asarray(left)


def chances_of_the_best(
    x: Floats,
    y: Floats,
    own: Floats,
    *,
    rep: Whole,
    cell: Whole,
    are_joint: bool,
    rng: np.random.Generator,
) -> Floats:
    """For each metric, how often luck alone makes it or a weaker one look as good as it does.

    ``x`` (n, K) and ``y`` (n) without levels, ``own`` what each metric has beside the others,
    ``cell`` the quarter of a team. Calling all at or below a calls anything false in at most a of
    all roles.
    """
    reps, of = np.unique(rep, return_inverse=True)
    signs = rng.choice([-1.0, 1.0], (reps.size, FLIPS))
    signs = np.concatenate([np.ones((reps.size, 1)), signs], axis=1)
    turned = _levels_out(y[:, None] * signs[of], of, np.unique(cell, return_inverse=True)[1])
    t = _t_of_each(x, turned, own, of, are_joint=are_joint)
    order = np.argsort(-t[:, 0])
    best_of_the_rest = np.maximum.accumulate(t[order][::-1], axis=0)[::-1]
    chances = (best_of_the_rest >= t[order, :1] - SETTLED).mean(axis=1)
    result = np.empty(chances.size)
    result[order] = np.maximum.accumulate(chances)
    return result


def _levels_out(values: Floats, rep: Whole, cell: Whole) -> Floats:
    """All columns at once: (n, B)."""
    is_of = np.concatenate([np.eye(rep.max() + 1)[rep], np.eye(cell.max() + 1)[cell]], axis=1)
    base, size, _ = np.linalg.svd(is_of, full_matrices=False)
    base = base[:, size > SMALLEST_OF_RANK * size[0]]
    return np.asarray(values - base @ (base.T @ values))


def _t_of_each(x: Floats, y: Floats, own: Floats, rep: Whole, *, are_joint: bool) -> Floats:
    """(K, B): each metric's t over reps, for each column of ``y``."""
    squares = x.T @ x
    if are_joint:
        slopes = np.linalg.pinv(squares, hermitian=True) @ (x.T @ y)
        left = y - x @ slopes
    else:
        slopes, left = np.zeros((x.shape[1], y.shape[1])), y
    reps = int(rep.max()) + 1
    is_of = np.eye(reps)[:, rep]
    t = np.empty_like(slopes)
    for at in range(x.shape[1]):
        part = own[:, at, None]
        scores = is_of @ (part * (left + part * slopes[at]))
        total = scores.sum(axis=0)
        spread = np.maximum((scores**2).sum(axis=0) - total**2 / reps, 1e-12)
        t[at] = total / np.sqrt(reps * spread / (reps - 1))
    return np.asarray(t)
