"""Hiring in words: where prospects come from, who stands on a bench, what was agreed about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ids import RoleKey

#: Where prospects come from, as forms and files name it.
SOURCES: Mapping[str, str] = {
    "referral": "Referral",
    "own_search": "Own search",
    "job_board": "Job board",
    "agency": "Agency",
    "event": "Event or community",
    "internal": "From within the company",
    "past_applicant": "Applied before",
    "other": "Other",
}


class ProspectState(StrEnum):
    #: Warm, with or without an open slot.
    BENCH = "bench"
    #: In a hiring process now.
    ACTIVE = "active"
    HIRED = "hired"
    #: They said no.
    DECLINED = "declined"
    #: We said no.
    REJECTED = "rejected"


#: Those whom one may still meet.
ON_THE_BENCH = (ProspectState.BENCH, ProspectState.ACTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HiringPolicy:
    """What app.yaml says under ``hiring:``."""

    #: Personal data of a prospect goes so many days after the last touch.
    retention_days: int = 365
    #: A manager is reminded when no interview without an open slot was held for so long.
    interview_every_days: int = 30
    #: A scorecard is missing when an interview was so many working days ago.
    scorecard_due_days: int = 2
    #: E-mails of those who hire for a role besides the managers who lead it.
    managers: Mapping[RoleKey, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchView:
    """How deep one role's bench is, and how deep it should be."""

    role: str
    title: str
    target: int
    on_bench: int
