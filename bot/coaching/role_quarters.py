"""What is learned from: a role's reps by quarters, their metrics and what came of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats
from bot.domain.ids import MetricKey, RepId, TeamId

#: Fewer can tell nothing apart from luck, however good the numbers look.
FEWEST_REPS, FEWEST_QUARTERS = 8, 3
#: A team needs so many reps before its quarters get a level of their own.
FEWEST_IN_A_TEAM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateMetric:
    """A metric that may lead to the outcome, as the role's playbook names it."""

    key: MetricKey
    is_higher_better: bool = True
    #: Counts, sums and spans differ by factors; shares do not.
    is_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleQuarters:
    """Shapes: M metrics, R reps, Q consecutive quarters, oldest first. NaN where nothing is known.

    Values are what a rep at full working time does in the playbook's window, so that leave and
    quarters of different length do not pass for habits. Quarters of ramp are NaN.
    """

    metrics: tuple[CandidateMetric, ...]
    reps: tuple[RepId, ...]
    teams: tuple[TeamId | None, ...]
    #: The first day of each quarter.
    quarters: tuple[date, ...]
    values: Floats
    #: (R, Q): what came of the quarter itself; it is held against the quarter before.
    outcome: Floats

    def __post_init__(self) -> None:
        shape = (len(self.metrics), len(self.reps), len(self.quarters))
        if self.values.shape != shape or self.outcome.shape != shape[1:]:
            raise ValueError(f"values {self.values.shape} and outcome do not fit {shape}")
        if len(self.teams) != shape[1]:
            raise ValueError("each rep has one team, or None")

    @property
    def seen(self) -> Flags:
        """(R, Q - 1): rep-quarters with a metric whose next quarter's outcome is known."""
        known = np.asarray(np.isfinite(self.values).any(axis=0))
        return np.asarray(known[:, :-1] & np.isfinite(self.outcome[:, 1:]))

    def groups(self) -> Sequence[int]:
        """A number for each rep: the team, where it is large enough to have a level of its own."""
        large = [
            team
            for team in dict.fromkeys(self.teams)
            if team is not None and self.teams.count(team) >= FEWEST_IN_A_TEAM
        ]
        return [large.index(team) + 1 if team in large else 0 for team in self.teams]


def on_one_scale(values: Floats, *, is_share: bool) -> tuple[Floats, float]:
    """Values on a scale on which equal steps mean the same, and the unit to go back with.

    log(1 + x / mean) for what differs by factors: it bears zeros and no single giant deal.
    """
    known = values[np.isfinite(values)]
    unit = float(np.abs(known).mean()) if known.size else 0.0
    if is_share or unit == 0:
        return values, 0.0
    return np.asarray(np.log1p(np.maximum(values, 0.0) / unit)), unit


def back_from_scale(scaled: Floats, unit: float) -> Floats:
    return np.asarray(np.expm1(scaled) * unit) if unit else scaled
