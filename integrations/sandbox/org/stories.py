"""The stories that are planted on purpose, and what each of them does to people's work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from integrations.sandbox.org.people import DEPARTURE, TRANSFER, Cast, Person
from integrations.sandbox.org.workdays import monday_of


class Kind(StrEnum):
    STOPPED_PROSPECTING = "stopped_prospecting"
    SINGLE_THREADED = "single_threaded"
    NEW_HIRE_RAMPS = "new_hire_ramps"
    NEW_HIRE_STRUGGLES = "new_hire_struggles"
    QUIET_STAR = "quiet_star"
    NO_ONE_ON_ONES = "no_one_on_ones"
    PAST_DUE_PILE = "past_due_pile"
    JUNK_ACTIVITY = "junk_activity"
    ON_LEAVE = "on_leave"
    BACK_FROM_LEAVE = "back_from_leave"
    QUIET_DEAL = "quiet_deal"
    SHARED_CAUSE = "shared_cause"
    IMPROVED = "improved"
    DEPARTED = "departed"
    TRANSFERRED = "transferred"


#: Whom each story is about; a whole team has none.
ABOUT = {
    Kind.STOPPED_PROSPECTING: "Kim Larsen",
    Kind.SINGLE_THREADED: "Stefan Müller",
    Kind.NEW_HIRE_RAMPS: "Yuki Tanaka",
    Kind.NEW_HIRE_STRUGGLES: "Diego Fuentes",
    Kind.QUIET_STAR: "Elena Popescu",
    Kind.NO_ONE_ON_ONES: "Victor Lindqvist",
    Kind.PAST_DUE_PILE: "Patrick Sullivan",
    Kind.JUNK_ACTIVITY: "Connor Walsh",
    Kind.ON_LEAVE: "Olivia Hart",
    Kind.BACK_FROM_LEAVE: "Hannah Schäfer",
    Kind.QUIET_DEAL: "Rosa Delgado",
    Kind.IMPROVED: "Aisha Rahman",
    Kind.DEPARTED: DEPARTURE[0],
    Kind.TRANSFERRED: TRANSFER[0],
}


class Work(StrEnum):
    """The kinds of work whose amount a story can change."""

    PROSPECTING = "prospecting"
    DEAL_WORK = "deal_work"
    MEETINGS = "meetings"
    NEW_DEALS = "new_deals"


ALL_WORK = tuple(Work)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    kind: Kind
    #: The person the story is about: a rep or a manager; None for a whole team.
    person: Person | None
    manager: Person
    team: str
    first_day: date
    #: When the story is over; may lie after today.
    last_day: date
    should_notice: str
    must_not_say: str
    #: Ids of the records that carry the story, where there are some.
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """Between two days somebody's work of a kind is multiplied; linear from factor to factor."""

    person_id: str
    work: Work
    first_day: date
    last_day: date
    factor: float
    factor_at_end: float | None = None

    def on(self, day: date) -> float:
        """The factor of this day; 1 outside the span."""
        if not self.first_day <= day <= self.last_day:
            return 1.0
        if self.factor_at_end is None:
            return self.factor
        share = (day - self.first_day).days / max(1, (self.last_day - self.first_day).days)
        return self.factor + share * (self.factor_at_end - self.factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The days that the stories hang on."""

    today: date

    def monday(self, weeks: int) -> date:
        """The Monday of this week, moved by a number of weeks."""
        return monday_of(self.today) + timedelta(weeks=weeks)

    def friday(self, weeks: int) -> date:
        return self.monday(weeks) + timedelta(days=4)

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)


STOPPED_WEEKS_AGO = 3
JUNK_WEEKS_AGO = 3
IMPROVED_WEEKS_AGO = 6
KICKOFF_MONTH = 2

STAR_TOUCHES = 0.5
STAR_ROSE_WEEKS_AGO = 5
STAR_SKILL = 2.4
ROOKIE_SKILL = 1.6
STRUGGLER_SKILL = 0.6


def influences(cast: Cast, timeline: Timeline, far: date) -> tuple[Influence, ...]:
    """What the stories do to the amount of work; ``far`` is a day after everything."""
    parts: tuple[Callable[[Cast, Timeline, date], list[Influence]], ...] = (
        _stopped,
        _improved,
        _struggling,
        _ramping,
        _star,
        _junk,
        _conference,
        _kickoffs,
        _no_meetings,
    )
    return tuple(influence for part in parts for influence in part(cast, timeline, far))


def _spans(
    person: Person, works: tuple[Work, ...], *spans: tuple[date, date, float, float | None]
) -> list[Influence]:
    return [
        Influence(
            person_id=person.id,
            work=work,
            first_day=first,
            last_day=last,
            factor=factor,
            factor_at_end=factor_at_end,
        )
        for work in works
        for first, last, factor, factor_at_end in spans
    ]


def _stopped(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    del far
    kim, stop = cast[ABOUT[Kind.STOPPED_PROSPECTING]], timeline.monday(-STOPPED_WEEKS_AGO)
    recovery, healed = timeline.monday(3), timeline.monday(7)
    return [
        *_spans(
            kim,
            (Work.PROSPECTING,),
            # Nobody called more than she did, so that two weeks are enough to tell.
            (date.min, stop - timedelta(days=1), 3.0, None),
            (stop, recovery - timedelta(days=1), 0.03, None),
            (recovery, healed, 0.1, 1.0),
        ),
        # What was prospected before still fills the calendar ...
        *_spans(kim, (Work.MEETINGS, Work.DEAL_WORK), (stop, timeline.day(14), 1.3, None)),
        # ... fewer new deals follow only later.
        *_spans(
            kim,
            (Work.NEW_DEALS,),
            (timeline.monday(-10), timeline.day(-3), 1.4, None),
            (timeline.day(-2), timeline.day(35), 0.45, 0.8),
        ),
    ]


def _improved(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    turn = timeline.monday(-IMPROVED_WEEKS_AGO)
    aisha = cast[ABOUT[Kind.IMPROVED]]
    return [
        *_spans(
            aisha,
            (Work.MEETINGS,),
            (date.min, turn - timedelta(days=1), 0.5, None),
            (turn, far, 2.4, None),
        ),
        # Better meetings, not only more of them: deals come of them as well.
        *_spans(aisha, (Work.NEW_DEALS,), (turn - timedelta(days=10), far, 2.4, None)),
    ]


def _struggling(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    diego, turn = cast[ABOUT[Kind.NEW_HIRE_STRUGGLES]], timeline.day(28)
    return [
        *_spans(
            diego,
            (Work.MEETINGS, Work.NEW_DEALS),
            (date.min, turn, 0.22, None),
            (turn + timedelta(days=1), far, 0.22, 0.6),
        ),
        *_spans(diego, (Work.PROSPECTING, Work.DEAL_WORK), (date.min, turn, 0.45, None)),
    ]


def _ramping(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    del timeline
    works = (Work.MEETINGS, Work.PROSPECTING, Work.NEW_DEALS)
    return _spans(cast[ABOUT[Kind.NEW_HIRE_RAMPS]], works, (date.min, far, 1.25, None))


def _star(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    rise = timeline.monday(-STAR_ROSE_WEEKS_AGO)
    elena = cast[ABOUT[Kind.QUIET_STAR]]
    return [
        *_spans(elena, (Work.PROSPECTING, Work.DEAL_WORK), (date.min, far, STAR_TOUCHES, None)),
        *_spans(elena, (Work.MEETINGS,), (date.min, far, 0.75, None)),
        *_spans(elena, (Work.NEW_DEALS,), (rise, far, 2.6, None)),
    ]


def _junk(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    del far
    span = (timeline.monday(-JUNK_WEEKS_AGO), timeline.friday(1))
    return [
        *_spans(cast[ABOUT[Kind.JUNK_ACTIVITY]], (Work.PROSPECTING,), (*span, 0.65, None)),
        *_spans(
            cast[ABOUT[Kind.JUNK_ACTIVITY]], (Work.MEETINGS, Work.NEW_DEALS), (*span, 0.3, None)
        ),
    ]


def _conference(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    del far
    week = (timeline.monday(-1), timeline.friday(-1))
    team = [rep for rep in cast.reps if rep.seating_on(week[0]).team.key == CONFERENCE_TEAM]
    return [part for rep in team for part in _spans(rep, ALL_WORK, (*week, 0.25, None))]


def _kickoffs(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    weeks = kickoff_weeks(timeline.today, far)
    return [
        part
        for rep in cast.reps
        for first, last in weeks
        for part in _spans(rep, ALL_WORK, (first, last, 0.3, None))
    ]


def _no_meetings(cast: Cast, timeline: Timeline, far: date) -> list[Influence]:
    """The new hire who is behind gets going a fortnight from now."""
    del far
    late = cast[BEHIND_IN_PROGRAMME]
    return _spans(late, (Work.MEETINGS,), (date.min, timeline.day(14), 0.0, None))


BEHIND_IN_PROGRAMME = "Lena Fischer"
CONFERENCE_TEAM = "mid-market"


def kickoff_weeks(today: date, far: date) -> tuple[tuple[date, date], ...]:
    """Monday to Friday of the first full week of February, each year: all teams are away."""
    mondays = (
        monday_of(date(year, KICKOFF_MONTH, 7)) for year in range(today.year - 3, far.year + 1)
    )
    return tuple((monday, monday + timedelta(days=4)) for monday in mondays)
