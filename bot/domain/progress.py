"""How far a new hire has come in a programme, in their own working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.people import Rep
from bot.domain.programme import Milestone, Programme
from bot.domain.workdays import LeaveDays, WorkCalendar

#: Records come in late and days are busy: nobody is called behind before more than so many.
GRACE = 2
#: Working days after the last due day for which what is open is still asked for.
AFTERWARDS = 20
#: Days from a start that are looked at; whoever is away for longer does not come back to this.
LONGEST = 3650


class Standing(StrEnum):
    REACHED = "reached"
    #: Something else comes first.
    WAITS = "waits"
    OPEN = "open"
    #: Due today, or so lately that it need not mean anything.
    DUE = "due"
    BEHIND = "behind"
    #: It was due before anybody kept this programme.
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneLine:
    milestone: Milestone
    due_on: date
    standing: Standing
    reached_on: date | None
    #: The working day on which it was reached.
    reached_day: int | None
    #: Working days since it was due; 0 before.
    behind: int
    #: Titles of what comes first and is still open.
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    programme: Programme
    assignment: int
    started_on: date
    #: Which working day of theirs it is; days away do not count.
    day: int
    lines: tuple[MilestoneLine, ...]

    @property
    def asked(self) -> tuple[MilestoneLine, ...]:
        return tuple(each for each in self.lines if each.standing is not Standing.NOT_ASKED)

    @property
    def reached(self) -> int:
        return sum(each.standing is Standing.REACHED for each in self.asked)

    @property
    def most_behind(self) -> MilestoneLine | None:
        """What holds the others up, or has waited longest."""
        late = [each for each in self.lines if each.standing is Standing.BEHIND]
        return max(late, key=lambda each: (each.behind, each.milestone.key), default=None)

    @property
    def is_on_track(self) -> bool:
        return self.most_behind is None

    @property
    def is_running(self) -> bool:
        """Whether it is still worth a word: something is open, and it is not long over."""
        is_open = any(
            each.standing not in {Standing.REACHED, Standing.NOT_ASKED} for each in self.lines
        )
        return is_open and self.day <= self.programme.last_day + AFTERWARDS

    def token_of(self, line: MilestoneLine) -> str:
        """What a button carries to name a milestone of this start."""
        return f"{self.assignment}:{line.milestone.key}"

    @property
    def next_up(self) -> MilestoneLine | None:
        """What to do now: the first that is due of what waits for nothing else."""
        can_be_done = {Standing.OPEN, Standing.DUE, Standing.BEHIND}
        return next((each for each in self.lines if each.standing in can_be_done), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Which days people work, their leave taken off."""

    calendar: WorkCalendar
    leave: LeaveDays

    def away(self, rep: Rep) -> LeaveDays:
        spans = (*self.leave.spans.get(rep.id, ()), *rep.days_away)
        return LeaveDays({rep.id: spans})

    def working_day(self, rep: Rep, started_on: date, today: date) -> int:
        """1 on the first working day; days away do not count."""
        return self.calendar.working_days(rep, started_on, today, leave=self.away(rep))

    def due_on(self, rep: Rep, started_on: date, day: int) -> date:
        """The ``day``-th working day since the start; leave moves it."""
        ahead = day * 2 + 14
        while ahead < LONGEST:
            last = started_on + timedelta(days=ahead)
            days = self.calendar.days_worked(rep, started_on, last, leave=self.away(rep))
            if len(days) >= day:
                return days[day - 1]
            ahead *= 2
        return started_on + timedelta(days=LONGEST)


def measure_progress(
    programme: Programme,
    rep: Rep,
    *,
    assignment: int,
    started_on: date,
    asked_from: date,
    reached: Mapping[str, date],
    today: date,
    days: Days,
) -> Progress:
    """``reached`` is the day of each milestone; what is not measured counts from ``asked_from``."""
    now = days.working_day(rep, started_on, today)
    lines = [
        _line(
            programme,
            each,
            rep,
            started_on=started_on,
            asked_from=asked_from,
            reached=reached,
            now=now,
            days=days,
        )
        for each in sorted(programme.milestones, key=lambda each: each.day)
    ]
    return Progress(
        programme=programme,
        assignment=assignment,
        started_on=started_on,
        day=now,
        lines=tuple(lines),
    )


def is_past(milestone: Milestone, due_on: date, asked_from: date) -> bool:
    """What no record tells of and was due before anybody asked for it is not asked for."""
    return milestone.measure is None and due_on < asked_from


def _line(
    programme: Programme,
    milestone: Milestone,
    rep: Rep,
    *,
    started_on: date,
    asked_from: date,
    reached: Mapping[str, date],
    now: int,
    days: Days,
) -> MilestoneLine:
    due_on = days.due_on(rep, started_on, milestone.day)
    reached_on = reached.get(milestone.key)
    waits_for = tuple(
        first.title
        for key in milestone.needs
        if key not in reached
        and (first := programme.milestone(key)) is not None
        and not is_past(first, days.due_on(rep, started_on, first.day), asked_from)
    )
    behind = max(0, now - milestone.day)
    if reached_on is not None:
        standing, behind = Standing.REACHED, 0
    elif is_past(milestone, due_on, asked_from):
        standing, behind = Standing.NOT_ASKED, 0
    elif waits_for:
        standing = Standing.WAITS
    elif behind > GRACE:
        standing = Standing.BEHIND
    else:
        standing = Standing.DUE if now >= milestone.day else Standing.OPEN
    return MilestoneLine(
        milestone=milestone,
        due_on=due_on,
        standing=standing,
        reached_on=reached_on,
        reached_day=days.working_day(rep, started_on, reached_on) if reached_on else None,
        behind=behind,
        waits_for=waits_for if standing is Standing.WAITS else (),
    )
