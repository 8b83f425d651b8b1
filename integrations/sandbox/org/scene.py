"""What every part of the generator knows: the cast, their calendars, their effort, the days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from integrations.sandbox.org import absences, effort, stories
from integrations.sandbox.org.absences import Absence
from integrations.sandbox.org.chance import stream
from integrations.sandbox.org.effort import Effort
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.people import Cast, Person, assemble
from integrations.sandbox.org.roster import Place
from integrations.sandbox.org.stories import Timeline
from integrations.sandbox.org.workdays import WorkCalendar, holidays_of, monday_of

HISTORY_DAYS = 456
#: Deals begin earlier than activities, so that history starts with a pipeline in it.
RUN_UP_DAYS = 180
ACCOUNTS_DAYS = 560


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    seed: int
    timeline: Timeline
    #: Activities are logged from the first to the last day; both are included.
    first_day: date
    last_day: date
    cast: Cast
    absences: tuple[Absence, ...]
    calendars: Mapping[str, WorkCalendar]
    effort: Effort

    @property
    def today(self) -> date:
        return self.timeline.today

    def stream(self, *names: str) -> Random:
        return stream(self.seed, *names)

    def calendar(self, person: Person) -> WorkCalendar:
        return self.calendars[person.id]


def build_scene(ledger: Ledger, *, seed: int, today: date, weeks_ahead: int) -> Scene:
    """Everything that is settled before the first deal is drawn."""
    timeline = Timeline(today=today)
    first_day = monday_of(today - timedelta(days=HISTORY_DAYS))
    last_day = today + timedelta(weeks=weeks_ahead)
    far = last_day + timedelta(weeks=4)
    cast = assemble(ledger, today)
    leave = absences.plan_absences(
        cast, timeline, seed=seed, first_day=first_day, last_day=last_day
    )
    return Scene(
        seed=seed,
        timeline=timeline,
        first_day=first_day,
        last_day=last_day,
        cast=cast,
        absences=leave,
        calendars=_calendars(cast, leave, range(first_day.year - 8, far.year + 2)),
        effort=effort.draw_effort(
            cast,
            stories.influences(cast, timeline, far),
            seed=seed,
            first_day=first_day - timedelta(days=RUN_UP_DAYS),
            last_day=far,
        ),
    )


def _calendars(cast: Cast, leave: tuple[Absence, ...], years: range) -> Mapping[str, WorkCalendar]:
    free: dict[Place, frozenset[date]] = {}
    calendars: dict[str, WorkCalendar] = {}
    for person in (*cast.everyone.values(), *cast.associates):
        place = person.place
        if place not in free:
            free[place] = holidays_of(place.country, place.subdivision, years)
        calendars[person.id] = WorkCalendar(
            zone=ZoneInfo(place.zone),
            holidays=free[place],
            leave=absences.days_off(leave, person),
        )
    return calendars
