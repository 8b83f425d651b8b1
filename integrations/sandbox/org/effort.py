"""How much of each kind of work a rep does on a day, as a multiple of the role's pace."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from integrations.sandbox.org.chance import stream
from integrations.sandbox.org.people import Cast, Person
from integrations.sandbox.org.stories import (
    ABOUT,
    ALL_WORK,
    IMPROVED_WEEKS_AGO,
    ROOKIE_SKILL,
    STAR_SKILL,
    STRUGGLER_SKILL,
    Influence,
    Kind,
    Timeline,
    Work,
)
from integrations.sandbox.org.workdays import monday_of

#: Weekly mood: autoregressive, with this standard deviation over time.
MOOD_SPREAD = 0.15
MOOD_MEMORY = 0.3
#: Spread between reps of one role; 1 / CV**2 of a gamma draw. CV .25 in all, in two parts.
LEVEL_SHAPE = 1 / 0.2**2
HABIT_SHAPE = 1 / 0.15**2
#: Ramp of a new hire: half speed after this many days.
RAMP_MIDDLE = 38
RAMP_WIDTH = 11
RAMP_DAYS = 150

MONTH_FACTORS = {7: 0.95, 8: 0.88, 12: 0.92}
CHRISTMAS = ((12, 21), (1, 3))
QUARTER_END_DAYS = 14
QUARTER_END = {Work.PROSPECTING: 0.85, Work.DEAL_WORK: 1.2, Work.MEETINGS: 1.1}

#: These carry a story that shows in counts, so they are nothing special otherwise.
STORY_NAMES = frozenset(
    name for kind, name in ABOUT.items() if kind not in (Kind.DEPARTED, Kind.TRANSFERRED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    levels: Mapping[tuple[str, Work], float]
    moods: Mapping[tuple[str, date], float]
    skills: Mapping[str, float]
    influences: Mapping[tuple[str, Work], Sequence[Influence]]

    def factor(self, person: Person, work: Work, day: date) -> float:
        """What this day's work of the kind is multiplied by; 0 outside the employment."""
        if not person.works_on(day):
            return 0.0
        factor = self.levels[person.id, work] * self.moods[person.id, monday_of(day)]
        factor *= season(day, work) * ramp((day - person.hired).days)
        for influence in self.influences.get((person.id, work), ()):
            factor *= influence.on(day)
        return factor

    def skill(self, person: Person) -> float:
        """Above 1, more of the rep's deals move on: odds are raised to the power of 1/skill."""
        return self.skills[person.id]


def ramp(days_employed: int) -> float:
    """The share of full speed that a new hire has reached."""
    if days_employed > RAMP_DAYS:
        return 1.0
    return 1 / (1 + math.exp((RAMP_MIDDLE - days_employed) / RAMP_WIDTH))


def season(day: date, work: Work) -> float:
    factor = MONTH_FACTORS.get(day.month, 1.0)
    if (day.month, day.day) >= CHRISTMAS[0] or (day.month, day.day) <= CHRISTMAS[1]:
        factor *= 0.6
    if days_to_quarter_end(day) < QUARTER_END_DAYS:
        factor *= QUARTER_END.get(work, 1.0)
    return factor


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter, which is a fiscal one here, that the day lies in."""
    month = 3 * ((day.month - 1) // 3) + 3
    following = date(day.year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def days_to_quarter_end(day: date) -> int:
    return (quarter_end(day) - day).days


def draw_effort(
    cast: Cast, influences: Sequence[Influence], *, seed: int, first_day: date, last_day: date
) -> Effort:
    """Draw everybody's level, habits, skill and weekly moods."""
    levels: dict[tuple[str, Work], float] = {}
    moods: dict[tuple[str, date], float] = {}
    skills: dict[str, float] = {}
    for rep in cast.reps:
        rng = stream(seed, "effort", rep.handle)
        level = rng.gammavariate(LEVEL_SHAPE, 1 / LEVEL_SHAPE)
        for work in ALL_WORK:
            habit = rng.gammavariate(HABIT_SHAPE, 1 / HABIT_SHAPE)
            levels[rep.id, work] = 1.0 if rep.name in STORY_NAMES else _bounded(level * habit)
        skills[rep.id] = math.exp(min(0.2, max(-0.25, rng.gauss(0, 0.15))))
        mood, week = 0.0, monday_of(first_day)
        while week <= last_day:
            mood = MOOD_MEMORY * mood + math.sqrt(1 - MOOD_MEMORY**2) * rng.gauss(0, MOOD_SPREAD)
            moods[rep.id, week] = math.exp(mood)
            week += timedelta(weeks=1)
    skills[cast[ABOUT[Kind.QUIET_STAR]].id] = STAR_SKILL
    skills[cast[ABOUT[Kind.NEW_HIRE_STRUGGLES]].id] = STRUGGLER_SKILL
    skills[cast[ABOUT[Kind.NEW_HIRE_RAMPS]].id] = ROOKIE_SKILL
    grouped: dict[tuple[str, Work], list[Influence]] = {}
    for influence in influences:
        grouped.setdefault((influence.person_id, influence.work), []).append(influence)
    return Effort(levels=levels, moods=moods, skills=skills, influences=grouped)


def _bounded(level: float) -> float:
    """Nobody is an unplanned story by their level alone."""
    return min(1.5, max(0.72, level))


def hygiene(person: Person, timeline: Timeline, seed: int, day: date) -> float:
    """The chance that this rep writes down a next step when there is a reason to."""
    if person.name == ABOUT[Kind.IMPROVED]:
        return 0.98 if day >= timeline.monday(-IMPROVED_WEEKS_AGO) else 0.4
    return stream(seed, "hygiene", person.handle).uniform(0.72, 0.95)
