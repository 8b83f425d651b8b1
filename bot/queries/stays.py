"""Who was in a team for how long, and who left the company from it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.assignments import end_of
from bot.domain.people import Team
from bot.domain.roster import Roster

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    reps: int
    person_years: float
    leavers: int


def read_stays(roster: Roster, team: Team, *, since: date, until: date) -> Stays:
    """Whoever went to another team has not left."""
    reps, days, leavers = 0, 0, 0
    for past in roster.past.values():
        inside = [
            (max(each.first_day, since), min(end_of(each), until))
            for each in past
            if each.team == team.id and each.first_day <= until and end_of(each) >= since
        ]
        reps += bool(inside)
        days += sum((last - first).days + 1 for first, last in inside)
        leavers += bool(inside) and past[-1].team == team.id and end_of(past[-1]) < until
    return Stays(reps=reps, person_years=days / DAYS_IN_YEAR, leavers=leavers)
