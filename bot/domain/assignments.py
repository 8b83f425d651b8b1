"""Who was in which role and team on which day, and what follows from it."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from bot.domain.ids import RoleKey, TeamId
from bot.domain.people import Assignment
from bot.domain.windows import FIRST_DAY_EVER, LAST_DAY_EVER

DAY = timedelta(days=1)
Span = tuple[date, date]
#: A rep's assignments, oldest first; they do not overlap.
Past = Sequence[Assignment]


def end_of(assignment: Assignment) -> date:
    return assignment.last_day or LAST_DAY_EVER


def assignment_on(past: Past, day: date) -> Assignment | None:
    return next((each for each in past if each.first_day <= day <= end_of(each)), None)


def newest_by(past: Past, day: date) -> Assignment | None:
    """The one on a day, or the last one before it."""
    return next((each for each in reversed(past) if each.first_day <= day), None)


def role_since(past: Past, day: date) -> date | None:
    """The first day of the role held on ``day``, whatever the team; a new role starts anew."""
    held = newest_by(past, day)
    if held is None:
        return None
    since = held.first_day
    for each in reversed([each for each in past if each.first_day < held.first_day]):
        if each.role != held.role:
            break
        since = each.first_day
    return since


def role_spells(past: Past) -> tuple[tuple[RoleKey, date, date], ...]:
    """Each role with its first and last day, whatever the team, oldest first."""
    spells: list[tuple[RoleKey, date, date]] = []
    for each in past:
        if spells and spells[-1][0] == each.role:
            spells[-1] = (each.role, spells[-1][1], end_of(each))
        else:
            spells.append((each.role, each.first_day, end_of(each)))
    return tuple(spells)


def new_roles(past: Past) -> tuple[date, ...]:
    """The days on which the rep began in another role than before."""
    return tuple(later.first_day for earlier, later in pairwise(past) if earlier.role != later.role)


def days_away(past: Past) -> tuple[Span, ...]:
    """The days between two assignments, when the rep was not with us."""
    return tuple(
        (end_of(earlier) + DAY, later.first_day - DAY)
        for earlier, later in pairwise(past)
        if end_of(earlier) + DAY < later.first_day
    )


def team_days(past: Past, team: TeamId) -> tuple[Span, ...]:
    """The days on which the rep belonged to a team, in the order of time.

    What is dated before the first assignment, as after a move from another CRM, belongs to it.
    """
    return tuple(
        (FIRST_DAY_EVER if each is past[0] else each.first_day, end_of(each))
        for each in past
        if each.team == team
    )
