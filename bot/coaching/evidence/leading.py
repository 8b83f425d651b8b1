"""Which metrics go with the outcome of the next quarter (C2.7, C6).

Only a rep's own quarters are compared: level differences between reps (territory, talent) and what
all reps of a team share in a quarter (season, shock) are taken out first, then all metrics stand
next to one another. A rep's quarters count as one cluster. How good a metric looks by luck alone is
learned from the same rows with reps' outcomes turned round (sign_flips.py). It is association,
never cause.
"""

from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats, Whole
from bot.coaching.evidence.intervals import adjusted_for_many
from bot.coaching.evidence.sign_flips import chances_of_the_best, without_levels
from bot.coaching.role_quarters import RoleQuarters, on_one_scale

#: By how small a chance the best of as many metrics would look so good where none leads. What is
#: called must show skill as well, so that fewer than one role in twenty without anything to learn
#: is told something (tests/simulation measures it).
FALSE_CHANCE = 0.07
#: What the others are taken to show when one rep is left out: a tenth of it may be wrong.
FALSE_SHARE = 0.1
HALF_SAMPLES = 200
#: One half of the reps shows a metric when its one-sided p-value lies below this.
SHOWN_BELOW = 0.1
#: A metric is known in at least this share of rep-quarters, or not looked at.
LEAST_KNOWN = 2 / 3
#: What rounding leaves of a constant.
NEVER_MOVED = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """By metric (M); NaN, 1 and 0 where a metric is too little known to be looked at."""

    #: Change of the scaled outcome for one deviation of the metric within reps, in the good way.
    slope: Floats
    #: One-sided, in the metric's good direction; and the chance that by luck alone any of the
    #: metrics not yet called looks so good (Westfall and Young's step-down).
    p_value: Floats
    adjusted: Floats
    #: The share of half samples of reps that show the metric.
    stability: Floats
    #: Leave one rep out: the share of that rep's ups and downs that the others' metrics foretell.
    skill: float
    #: One-sided p-value that the skill is nothing but luck.
    skill_p: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rep-quarters with rep and quarter levels taken out: x (n, K), y (n), cluster numbers (n)."""

    x: Floats
    y: Floats
    rep: Whole
    #: Which quarter of which team.
    cell: Whole

    def without(self, rep: int) -> "_Rows":
        keep = self.rep != rep
        return _Rows(x=self.x[keep], y=self.y[keep], rep=self.rep[keep], cell=self.cell[keep])


def find_leading(quarters: RoleQuarters, rng: np.random.Generator) -> Leading:
    """Look at all metrics together; with few rows, at each alone."""
    rows, looked_at, free = _rows(quarters)
    many = len(quarters.metrics)
    slope, p_value = np.full(many, np.nan), np.ones(many)
    adjusted, stability = np.ones(many), np.zeros(many)
    skill, skill_p = 0.0, 1.0
    if looked_at.size:
        are_joint = free >= 2 * looked_at.size
        slopes, scores = _scores(rows, are_joint=are_joint)
        slope[looked_at], p_value[looked_at] = slopes, _p_values(scores)
        stability[looked_at] = _stability(scores, rng)
        own = _own_parts(rows.x) if are_joint else rows.x
        adjusted[looked_at] = chances_of_the_best(
            rows.x, rows.y, own, rep=rows.rep, cell=rows.cell, are_joint=are_joint, rng=rng
        )
        skill, skill_p = _skill(rows, are_joint=are_joint)
    return Leading(
        slope=slope,
        p_value=p_value,
        adjusted=adjusted,
        stability=stability,
        skill=skill,
        skill_p=skill_p,
        rows=rows.y.size,
    )


def _rows(quarters: RoleQuarters) -> tuple[_Rows, Whole, int]:
    """Rows, which metrics are looked at, and how many degrees of freedom the levels leave."""
    seen = quarters.seen
    rep, quarter = np.nonzero(seen)
    group = np.asarray(quarters.groups(), dtype=np.int64)[rep]
    levels = (rep, group * seen.shape[1] + quarter)
    outcome, _ = on_one_scale(quarters.outcome, is_share=False)
    y = without_levels(outcome[:, 1:][seen], levels)
    columns, looked_at = [], []
    for at, metric in enumerate(quarters.metrics):
        scaled, _ = on_one_scale(quarters.values[at], is_share=metric.is_share)
        x = scaled[:, :-1][seen]
        known = np.isfinite(x)
        if known.sum() < max(LEAST_KNOWN * x.size, 1):
            continue
        moved = np.zeros(x.size)
        moved[known] = without_levels(x[known], (levels[0][known], levels[1][known]))
        spread = float(moved.std())
        if spread > NEVER_MOVED:
            good = 1.0 if metric.is_higher_better else -1.0
            columns.append(good * moved / spread)
            looked_at.append(at)
    x = np.column_stack(columns) if columns else np.zeros((y.size, 0))
    taken = sum(np.unique(each).size for each in levels) - np.unique(group).size
    rows = _Rows(x=x, y=y, rep=rep.astype(np.int64), cell=levels[1])
    return rows, np.asarray(looked_at, dtype=np.int64), y.size - taken


def _scores(rows: _Rows, *, are_joint: bool) -> tuple[Floats, Floats]:
    """Slopes (K), and each rep's evidence for each metric (R, K), the other metrics taken out."""
    squares = rows.x.T @ rows.x
    if are_joint:
        own = _own_parts(rows.x)
        slopes = np.linalg.pinv(squares, hermitian=True) @ (rows.x.T @ rows.y)
        left = (rows.y - rows.x @ slopes)[:, None] + own * slopes
    else:
        own = rows.x
        slopes = (rows.x.T @ rows.y) / np.diag(squares)
        left = np.broadcast_to(rows.y[:, None], rows.x.shape)
    present = np.unique(rows.rep)
    is_of = (rows.rep[None, :] == present[:, None]).astype(float)
    return slopes, is_of @ (own * left)


def _own_parts(x: Floats) -> Floats:
    """What each metric has that the others do not tell."""
    inverse = np.linalg.pinv(x.T @ x, hermitian=True)
    return np.asarray(x @ inverse / np.maximum(np.diag(inverse), 1e-12))


def _p_values(scores: Floats) -> Floats:
    """One-sided, from a t-test over reps: many quarters of one rep are still one rep."""
    reps = scores.shape[0]
    return np.asarray(stats.t.sf(_t(scores.sum(axis=0), (scores**2).sum(axis=0), reps), reps - 1))


def _t(total: Floats, squares: Floats, reps: int) -> Floats:
    spread = np.maximum(squares - total**2 / reps, 1e-12)
    return np.asarray(total / np.sqrt(reps * spread / (reps - 1)))


def _stability(scores: Floats, rng: np.random.Generator) -> Floats:
    reps = scores.shape[0]
    half = reps // 2
    order = rng.random((HALF_SAMPLES, reps)).argsort(axis=1)
    chosen = (order < half).astype(float)
    found = stats.t.sf(_t(chosen @ scores, chosen @ scores**2, half), half - 1)
    return np.asarray((found < SHOWN_BELOW).mean(axis=0))


def _skill(rows: _Rows, *, are_joint: bool) -> tuple[float, float]:
    """Against the guess that nothing moves: 0 when the others teach nothing about a rep.

    With the one-sided p-value that it is no more than that, from a t-test over reps.
    """
    gains = []
    for rep in np.unique(rows.rep):
        others, own = rows.without(rep), rows.rep == rep
        _, scores = _scores(others, are_joint=are_joint)
        chosen = adjusted_for_many(_p_values(scores)) <= FALSE_SHARE
        foretold = np.zeros(int(own.sum()))
        if chosen.any():
            x = others.x[:, chosen]
            foretold = rows.x[own][:, chosen] @ np.linalg.lstsq(x, others.y, rcond=None)[0]
        gains.append(float((rows.y[own] ** 2 - (rows.y[own] - foretold) ** 2).sum()))
    gained, null = np.asarray(gains), float((rows.y**2).sum())
    if null == 0 or not gained.any():
        return 0.0, 1.0
    t = _t(gained.sum()[None], (gained**2).sum()[None], gained.size)
    return float(gained.sum() / null), float(stats.t.sf(t[0], gained.size - 1))
