"""The digest's monthly corner: a manager's six duties in a line each, and how the team spreads."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from bot.domain.people import Team
from bot.domain.windows import Window
from bot.queries.framework import read_framework
from bot.queries.strategic import read_strategic
from bot.runtime import Runtime
from bot.storage.roster import Roster

DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    title: str
    #: (standing, how many indicators) of those there are.
    counts: tuple[tuple[str, int], ...]
    better: int
    worse: int
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    duties: tuple[DutyLine, ...]
    #: What may be said of the spread of the team.
    spread: str


def is_due(week: Window) -> bool:
    """In the first digest of a month, which tells the week that its first days are part of."""
    told_on = week.last + timedelta(days=1)
    return told_on.day <= DAYS_IN_WEEK


def read_corner(
    session: Session, runtime: Runtime, roster: Roster, team: Team, *, week: Window, today: date
) -> Corner | None:
    """None in the other weeks, and for a team without reps."""
    if not is_due(week) or not team.reps:
        return None
    found = read_strategic(session, runtime, roster, team)
    spread = read_framework(
        session, runtime, roster, team, today=today, with_coaching=False
    ).headline
    return Corner(
        duties=tuple(
            DutyLine(
                title=bar.duty.value,
                counts=tuple(
                    (standing.value, count) for standing, count in bar.counts.items() if count
                ),
                better=sum(line.change == "better" for line in bar.lines),
                worse=sum(line.change == "worse" for line in bar.lines),
                next_step=bar.next_step,
            )
            for bar in found.bars
        ),
        spread=spread,
    )
