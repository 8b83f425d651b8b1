"""What a role's playbook says good looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.ids import MetricKey, RoleKey
from bot.domain.people import Role
from bot.domain.ramp import RampProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRange:
    """The band that sustained achievers live in, for one metric over ``weeks`` weeks.

    ``low`` and ``high`` are in the metric's unit: a share in 0..1, money in whole currency units.
    """

    metric: MetricKey
    low: float
    high: float
    weeks: int
    #: Expected change of won amount when the metric moves from short to the middle, 0..1; the
    #: expert's prior for ordering the focus, until the team's own data say better.
    leverage: float
    play: str | None

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"{self.metric}: low {self.low} lies above high {self.high}")

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedRange:
    """How sure the two ends of a learned range are; in the metric's unit."""

    grade: str
    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedFrom:
    """What ranges rest on that were learned from the team's own sustained achievers."""

    day: date
    reps: int
    quarters: int
    ranges: Mapping[MetricKey, LearnedRange]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessModel:
    role: Role
    title: str
    because: str
    ranges: Mapping[MetricKey, TargetRange]
    #: "expert" until learned from the team's own achievers.
    evidence: str
    #: What is fair to ask of somebody who is new in the role.
    ramp: RampProfile = field(default_factory=RampProfile)
    #: None while all ranges are an expert's.
    learned: LearnedFrom | None = None

    @property
    def key(self) -> RoleKey:
        return self.role.key
