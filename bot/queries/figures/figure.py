"""What each number about a team's framework says for itself."""

from dataclasses import dataclass
from enum import StrEnum

from bot.coaching.evidence.intervals import Interval
from bot.queries.manager_look import ManagerLook


class Section(StrEnum):
    CONSISTENT = "Consistent"
    PREDICTABLE = "Predictable"
    PROFITABLE = "Profitable"
    COACHING = "Coached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    key: str
    section: Section
    title: str
    #: The number in words; where it is not known, why.
    told: str
    #: What may be concluded, and what may not.
    verdict: str
    means: str
    rests_on: str
    is_known: bool = True


def unknown(key: str, section: Section, title: str, why: str, means: str) -> Figure:
    return Figure(
        key=key,
        section=section,
        title=title,
        told=f"not known: {why}",
        verdict="",
        means=means,
        rests_on="",
        is_known=False,
    )


def would_fit(look: ManagerLook, found: Interval) -> str:
    return f"{look.share(found.low)} to {look.share(found.high)} would fit"
