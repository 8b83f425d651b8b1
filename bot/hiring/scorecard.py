"""A role's scorecard: what the job is for, and what a good answer to each question looks like."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import RoleKey

LOWEST, HIGHEST = 1, 5
#: By these days after the start something is to have come about.
OUTCOME_DAYS = (90, 180, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    days: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Competency:
    key: str
    title: str
    because: str
    #: Without it nobody is hired; else it is nice to have.
    is_must: bool
    #: What to ask, or to have them do.
    ask: str
    #: 1 to 5, in what one sees and hears.
    anchors: tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    role: RoleKey
    title: str
    mission: str
    #: How many prospects are to stand on the bench.
    bench_target: int
    outcomes: tuple[Outcome, ...]
    competencies: Mapping[str, Competency]
    #: What looks like a good sign and is none.
    beware: tuple[str, ...] = ()
