"""Leave: two to three weeks for everybody; most of it is in the calendar, some is not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from integrations.sandbox.org.chance import stream
from integrations.sandbox.org.people import Cast, Person
from integrations.sandbox.org.roster import TEAMS
from integrations.sandbox.org.stories import ABOUT, Kind, Timeline
from integrations.sandbox.org.workdays import SATURDAY, monday_of

LOGGED_SHARE = 0.8
#: Leave that is drawn stays out of these days around today, where the stories are told.
STORY_DAYS_BEFORE = 63
STORY_DAYS_AFTER = 14
EVERY_DAYS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    person: Person
    first_day: date
    last_day: date
    #: Whether an out-of-office event says so.
    is_logged: bool


def plan_absences(
    cast: Cast, timeline: Timeline, *, seed: int, first_day: date, last_day: date
) -> tuple[Absence, ...]:
    """The absences of reps and managers, those that belong to a story among them."""
    people = (*cast.reps, *(cast.manager_of(team) for team in TEAMS))
    drawn = [
        absence
        for person in people
        for absence in _ordinary(person, timeline, seed, first_day, last_day)
    ]
    return (*drawn, *story_absences(cast, timeline))


def story_absences(cast: Cast, timeline: Timeline) -> tuple[Absence, ...]:
    away = Absence(
        person=cast[ABOUT[Kind.ON_LEAVE]],
        first_day=timeline.day(-6),
        last_day=timeline.day(5),
        is_logged=True,
    )
    back = Absence(
        person=cast[ABOUT[Kind.BACK_FROM_LEAVE]],
        first_day=timeline.monday(-2),
        last_day=timeline.friday(-1),
        is_logged=True,
    )
    return away, back


def days_off(absences: Sequence[Absence], person: Person) -> frozenset[date]:
    return frozenset(
        absence.first_day + timedelta(days=offset)
        for absence in absences
        if absence.person.id == person.id
        for offset in range((absence.last_day - absence.first_day).days + 1)
    )


def _ordinary(
    person: Person, timeline: Timeline, seed: int, first_day: date, last_day: date
) -> Iterator[Absence]:
    rng = stream(seed, "leave", person.handle)
    start = max(first_day, person.hired + timedelta(days=70))
    end = min(last_day, person.left or last_day)
    quiet = (timeline.day(-STORY_DAYS_BEFORE), timeline.day(STORY_DAYS_AFTER))
    while start + timedelta(days=30) < end:
        begin = monday_of(start + timedelta(days=rng.randint(20, EVERY_DAYS - 20)))
        begin += timedelta(days=rng.choice((0, 0, 0, 1, 2)))
        last = begin + timedelta(days=rng.choice((2, 4, 4, 4, 11)))
        while last.weekday() >= SATURDAY:
            last -= timedelta(days=1)
        is_logged = rng.random() < LOGGED_SHARE
        if last <= end and (last < quiet[0] or begin > quiet[1]):
            yield Absence(person=person, first_day=begin, last_day=last, is_logged=is_logged)
        start += timedelta(days=EVERY_DAYS)
