"""A programme: what a new hire is to have reached by which working day; in versions, by role."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.domain.ids import MetricKey, RoleKey


class MilestoneKind(StrEnum):
    """Who tells that it was reached."""

    #: The CRM does, on the day of the record that completes it.
    MEASURED = "measured"
    #: The new hire does.
    TASK = "task"
    #: Their manager does, dimension by dimension.
    CERTIFICATION = "certification"
    #: Their manager does.
    SIGN_OFF = "sign_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """``at_least`` so much of a metric, in its unit, in the days since the start."""

    metric: MetricKey
    at_least: float
    #: Within so many weeks that follow one another; None: since the start.
    weeks: int | None = None
    #: Which of the metric's facts count, as a condition over its fact table; None: all of them.
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    key: str
    title: str
    #: The working day of the new hire, the first one being 1, by whose end it is due.
    day: int
    kind: MilestoneKind
    #: What to do for it, in a sentence.
    how: str
    #: For what is measured.
    measure: Measure | None = None
    #: Keys of what must have been reached before.
    needs: tuple[str, ...] = ()
    #: For a certification: what is looked at, each from 1 to 5, and what is enough in each.
    rubric: tuple[str, ...] = ()
    passes_at: int = 3

    @property
    def is_signed_by_manager(self) -> bool:
        return self.kind in {MilestoneKind.CERTIFICATION, MilestoneKind.SIGN_OFF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    key: str
    version: int
    role: RoleKey
    title: str
    because: str
    #: The first start in the role that this version is for; None: any.
    starts_from: date | None
    milestones: tuple[Milestone, ...]
    #: The key of the milestone that all of it is for.
    outcome: str

    @property
    def last_day(self) -> int:
        return max(each.day for each in self.milestones)

    def milestone(self, key: str) -> Milestone | None:
        return next((each for each in self.milestones if each.key == key), None)


def programme_for(
    programmes: tuple[Programme, ...], role: RoleKey, started_on: date
) -> Programme | None:
    """The newest version that is for a role and a start on that day."""
    fitting = [
        each
        for each in programmes
        if each.role == role and (each.starts_from is None or each.starts_from <= started_on)
    ]
    return max(fitting, key=lambda each: (each.starts_from or date.min, each.version), default=None)


def as_plain(programme: Programme) -> Mapping[str, Any]:
    """Lists, dictionaries, words and numbers, to be kept as the version stood."""
    plain = asdict(programme)
    plain["starts_from"] = programme.starts_from.isoformat() if programme.starts_from else None
    return plain


def from_plain(plain: Mapping[str, Any]) -> Programme:
    """What ``as_plain`` made, after it was JSON."""
    starts_from = plain["starts_from"]
    return Programme(
        **{
            **plain,
            "role": RoleKey(plain["role"]),
            "starts_from": date.fromisoformat(starts_from) if starts_from else None,
            "milestones": tuple(_milestone(each) for each in plain["milestones"]),
        }
    )


def _milestone(plain: Mapping[str, Any]) -> Milestone:
    measure = plain["measure"]
    return Milestone(
        **{
            **plain,
            "kind": MilestoneKind(plain["kind"]),
            "measure": Measure(**measure) if measure else None,
            "needs": tuple(plain["needs"]),
            "rubric": tuple(plain["rubric"]),
        }
    )
