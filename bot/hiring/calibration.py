"""How interviewers compare on the same prospects: leniency and agreement, and no order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from bot.hiring.chance import Pooled, pooled
from bot.hiring.hires import Panel
from bot.hiring.scorecard import HIGHEST, LOWEST

#: With fewer shared prospects it is about them, and not about the interviewer.
FEWEST_SHARED = 5
#: What is known beforehand of how far people differ in leniency, in points.
USUAL_DIFFERENCE = 0.5
ROUNDS, SETTLED = 30, 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """By how many points an interviewer gives more than others do to the same prospects."""

    interviewer: str
    shared: int
    points: Pooled

    @property
    def is_sure(self) -> bool:
        return self.points.low > 0 or self.points.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Over all pairs of scores of one competency of one prospect."""

    pairs: int
    #: The share of pairs that lie within a point of one another.
    within_a_point: float
    #: Cohen's kappa with quadratic weights: 1 is perfect, 0 what chance would agree on.
    kappa: float


def leniencies(panels: Iterable[Panel]) -> Mapping[str, Leniency]:
    """By interviewer, those with enough shared prospects; each held against the others' mean."""
    shared = [panel for panel in panels if len(panel.scores) > 1]
    points: dict[str, float] = defaultdict(float)
    gaps: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        gaps = defaultdict(list)
        for panel in shared:
            for interviewer, gap in _gaps(panel, points):
                gaps[interviewer].append(gap)
        # Half a step at a time: two who only met one another would change places for ever.
        told = {who: (points[who] + _mean(own)) / 2 for who, own in gaps.items()}
        level = _mean(list(told.values())) if told else 0.0
        change = max((abs(told[who] - level - points[who]) for who in told), default=0.0)
        points.update({who: each - level for who, each in told.items()})
        if change < SETTLED:
            break
    known = {who: own for who, own in sorted(gaps.items()) if len(own) >= FEWEST_SHARED}
    variances = [max(float(np.var(own, ddof=1)), 0.01) / len(own) for own in known.values()]
    found = pooled(
        [float(np.mean(own)) for own in known.values()], variances, spread=USUAL_DIFFERENCE
    )
    return {
        who: Leniency(interviewer=who, shared=len(known[who]), points=each)
        for who, each in zip(known, found, strict=True)
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _gaps(panel: Panel, points: Mapping[str, float]) -> Iterable[tuple[str, float]]:
    """One number a prospect: the mean gap to what the others gave, less their own leniency."""
    for interviewer, own in panel.scores.items():
        found = []
        for competency, score in own.items():
            others = [
                theirs[competency] - points.get(who, 0.0)
                for who, theirs in panel.scores.items()
                if who != interviewer and competency in theirs
            ]
            if others:
                found.append(score - _mean(others))
        if found:
            yield interviewer, _mean(found)


def fair_scores(panel: Panel, lenient: Mapping[str, Leniency]) -> Mapping[str, float]:
    """Competency → the mean of what was given, each less the giver's leniency."""
    found: dict[str, list[float]] = defaultdict(list)
    for interviewer, own in panel.scores.items():
        known = lenient.get(interviewer)
        for competency, score in own.items():
            found[competency].append(score - (known.points.estimate if known else 0.0))
    return {competency: _mean(scores) for competency, scores in found.items()}


def agreement(panels: Iterable[Panel], *, of: str | None = None) -> Agreement | None:
    """Of all interviewers, or of one with the others; None where nobody met whom another met."""
    pairs = [pair for panel in panels for pair in _pairs(panel, of)]
    if not pairs:
        return None
    table = np.zeros((HIGHEST, HIGHEST))
    for one, other in pairs:
        table[one - LOWEST, other - LOWEST] += 1
    gaps = np.array([abs(one - other) for one, other in pairs])
    return Agreement(
        pairs=len(pairs) if of is not None else len(pairs) // 2,
        within_a_point=float((gaps <= 1).mean()),
        kappa=weighted_kappa(table),
    )


def _pairs(panel: Panel, of: str | None) -> Sequence[tuple[int, int]]:
    return [
        (round(own[competency]), round(theirs[competency]))
        for (who, own), (_, theirs) in permutations(panel.scores.items(), 2)
        if of in {None, who}
        for competency in own
        if competency in theirs
    ]


def weighted_kappa(table: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    """Cohen's, with quadratic weights, of a square table of counts; 1 where nothing differs."""
    size = len(table)
    steps = (np.arange(size)[:, None] - np.arange(size)[None, :]) ** 2
    share = table / table.sum()
    by_chance = share.sum(axis=1)[:, None] * share.sum(axis=0)[None, :]
    expected = float((steps * by_chance).sum())
    return 1 - float((steps * share).sum()) / expected if expected else 1.0
