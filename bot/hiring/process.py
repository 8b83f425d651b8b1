"""The hiring process held against what hires became: what goes with what, and how sure that is.

Only those who were hired have become anything, and what goes together need not cause one another.
With few hires the honest answer is how many it would take.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.hiring.calibration import Agreement, Leniency, agreement, fair_scores, leniencies
from bot.hiring.chance import (
    FALSE_IN_FAMILY,
    FEWEST_HIRES,
    PERMUTATIONS,
    Pooled,
    chances,
    correlations,
    hires_needed,
    pooled,
    unrestricted,
)
from bot.hiring.hires import OUTCOMES, Floats, Hire, Outcome, Panel, outcome_numbers

#: A source of fewer hires is an anecdote.
FEWEST_FROM_A_SOURCE = 3
#: What is known beforehand of how far competencies, sources or interviewers differ.
USUAL_CORRELATION = 0.4
#: Where next to nothing is seen, what would still be worth knowing: a moderate relation.
WORTH_KNOWING = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How one competency, source or interviewer goes with one outcome, larger being better."""

    key: str
    outcome: Outcome
    hires: int
    #: A correlation, drawn towards that of the others of its kind.
    size: Pooled
    #: Of all of its kind together, at most one world in twenty finds any by chance.
    is_found: bool
    #: So many hires in all would tell a relation of this size, or one worth knowing.
    needed: int
    #: The spread of the hired as a share of that of all who were met; None where nobody knows.
    spread_share: float | None = None

    @property
    def among_all(self) -> float | None:
        """What it might be among all who were met, had they all been hired."""
        if self.spread_share is None:
            return None
        return unrestricted(self.size.estimate, self.spread_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessAnalysis:
    hires: int
    competencies: tuple[Relation, ...]
    sources: tuple[Relation, ...]
    interviewers: tuple[Relation, ...]
    leniencies: Mapping[str, Leniency]
    agreement: Agreement | None

    @property
    def says_anything(self) -> bool:
        return bool(self.competencies or self.sources or self.interviewers)


def analyse(
    hires: Sequence[Hire],
    panels: Sequence[Panel],
    *,
    seed: int,
    draws: int = PERMUTATIONS,
) -> ProcessAnalysis:
    """``panels`` are all who were met, hired or not; the same seed gives the same answer."""
    lenient = leniencies(panels)
    y = outcome_numbers(hires)
    roles = [hire.role for hire in hires]
    fair = [fair_scores(hire.panel, lenient) for hire in hires]
    names = sorted({name for scores in fair for name in scores})
    x = _within_roles(_table(fair, names), roles)
    by_interviewer = [_means(hire.panel) for hire in hires]
    people = sorted({who for scores in by_interviewer for who in scores})
    counts = Counter(hire.source for hire in hires)
    sources = sorted(source for source, many in counts.items() if many >= FEWEST_FROM_A_SOURCE)
    came_from = _table(
        [{each: float(hire.source == each) for each in sources} for hire in hires], sources
    )
    met = _within_roles(_table(by_interviewer, people), roles)
    shares = _spread_shares(hires, panels, lenient, names)
    return ProcessAnalysis(
        hires=len(hires),
        competencies=_relations(names, x, y, roles, seed=seed, draws=draws, shares=shares),
        sources=_relations(sources, came_from, y, roles, seed=seed + 1, draws=draws),
        interviewers=_relations(people, met, y, roles, seed=seed + 2, draws=draws),
        leniencies=lenient,
        agreement=agreement(panels),
    )


def _relations(
    names: Sequence[str],
    x: Floats,
    y: Floats,
    roles: Sequence[str],
    *,
    seed: int,
    draws: int,
    shares: Mapping[str, float] | None = None,
) -> tuple[Relation, ...]:
    """Every pair of which enough is known, in the order of the names and of the outcomes."""
    if not names or len(roles) < FEWEST_HIRES:
        return ()
    r, n = correlations(x, y)
    found = chances(x, y, roles, seed=seed, draws=draws) <= FALSE_IN_FAMILY
    sizes = {
        (c, k): size
        for k in range(len(OUTCOMES))
        for c, size in _sizes(r[:, k], n[:, k], lost=len(set(roles)) - 1).items()
    }
    return tuple(
        Relation(
            key=names[c],
            outcome=OUTCOMES[k],
            hires=int(n[c, k]),
            size=size,
            is_found=bool(found[c, k]),
            needed=hires_needed(max(abs(size.estimate), WORTH_KNOWING)),
            spread_share=(shares or {}).get(names[c]),
        )
        for (c, k), size in sorted(sizes.items())
    )


def _sizes(r: Floats, n: Floats, *, lost: int) -> Mapping[int, Pooled]:
    """The correlations of which enough is known, by place, drawn towards one another.

    ``lost`` is how much less is known for a level of its own in each role.
    """
    known = [c for c in range(len(r)) if np.isfinite(r[c]) and n[c] >= FEWEST_HIRES]
    variances = [1 / max(n[c] - 3 - lost, 1.0) for c in known]
    drawn = pooled([np.arctanh(r[c]) for c in known], variances, spread=USUAL_CORRELATION)
    return {
        c: Pooled(
            estimate=float(np.tanh(size.estimate)),
            low=float(np.tanh(size.low)),
            high=float(np.tanh(size.high)),
        )
        for c, size in zip(known, drawn, strict=True)
    }


def _table(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Floats:
    found = [[row.get(name, np.nan) for name in names] for row in rows]
    return np.array(found, dtype=float).reshape(len(rows), len(names))


def _within_roles(x: Floats, roles: Sequence[str]) -> Floats:
    """Scores against the mean of the role: what is asked for differs between roles."""
    found = x.copy()
    for role in set(roles):
        own = [n for n, each in enumerate(roles) if each == role]
        known = np.isfinite(x[own]).sum(axis=0)
        mean = np.nan_to_num(x[own]).sum(axis=0) / np.maximum(known, 1)
        found[own] = x[own] - mean
    return found


def _means(panel: Panel) -> Mapping[str, float]:
    """Interviewer → the mean of all scores they gave."""
    return {
        who: float(np.mean(list(scores.values()))) for who, scores in panel.scores.items() if scores
    }


def _spread_shares(
    hires: Sequence[Hire],
    panels: Sequence[Panel],
    lenient: Mapping[str, Leniency],
    names: Sequence[str],
) -> Mapping[str, float]:
    everybody = _table([fair_scores(panel, lenient) for panel in panels], names)
    hired = _table([fair_scores(hire.panel, lenient) for hire in hires], names)
    found = {}
    for place, name in enumerate(names):
        of_all, of_hired = (_deviation(table[:, place]) for table in (everybody, hired))
        if of_all > 0 and of_hired > 0 and len(panels) > len(hires):
            found[name] = min(of_hired / of_all, 1.0)
    return found


def _deviation(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.std(ddof=1)) if known.size > 1 else 0.0
