"""What a manager should know of those on a programme: who is behind, what is theirs to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.coaching.rep_view import RepView
from bot.domain.people import Rep
from bot.domain.progress import MilestoneLine, Progress, Standing
from bot.domain.windows import Window

MOST_BEHIND = 3
MOST_PRAISED = 3
#: Working days before it is due that a manager hears of what they are to sign.
SOON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    rep: str
    milestone: str
    working_days: int
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    rep: str
    milestone: str
    #: The working day on which it was reached, and the one by which it was due.
    day: int
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    rep: str
    milestone: str
    due_on: date
    #: What its button carries.
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeNote:
    on_track: int
    of: int
    behind: tuple[Behind, ...]
    to_sign: tuple[ToSign, ...]
    reached: tuple[Reached, ...]


def note_programmes(seen: Sequence[tuple[Rep, RepView]], week: Window) -> ProgrammeNote | None:
    """None where nobody is on a programme."""
    found = [(rep, view.progress) for rep, view in seen if view.progress is not None]
    return note_of(found, week)


def note_of(found: Sequence[tuple[Rep, Progress]], week: Window) -> ProgrammeNote | None:
    running = [(rep, how) for rep, how in found if how.is_running]
    if not running:
        return None
    behind = [_behind(rep, late) for rep, how in running if (late := how.most_behind)]
    behind.sort(key=lambda each: (-each.working_days, each.rep))
    return ProgrammeNote(
        on_track=sum(how.is_on_track for _, how in running),
        of=len(running),
        behind=tuple(behind[:MOST_BEHIND]),
        to_sign=tuple(
            ToSign(
                rep=rep.first_name,
                milestone=line.milestone.title,
                due_on=line.due_on,
                token=how.token_of(line),
            )
            for rep, how in running
            for line in to_sign(how)
        ),
        reached=tuple(_reached(found, week))[:MOST_PRAISED],
    )


def to_sign(progress: Progress) -> Sequence[MilestoneLine]:
    """What waits for nothing but the manager, or soon will."""
    waiting = {Standing.OPEN, Standing.DUE, Standing.BEHIND}
    return [
        line
        for line in progress.lines
        if line.milestone.is_signed_by_manager
        and line.standing in waiting
        and line.milestone.day - progress.day <= SOON
    ]


def _behind(rep: Rep, late: MilestoneLine) -> Behind:
    is_own = late.milestone.is_signed_by_manager
    return Behind(
        rep=rep.first_name,
        milestone=late.milestone.title,
        working_days=late.behind,
        next_step="find half an hour for it this week."
        if is_own
        else "ask what stands in the way, and do the next one together.",
    )


def _reached(found: Sequence[tuple[Rep, Progress]], week: Window) -> Sequence[Reached]:
    """Of the week; whoever told, and also when it came late."""
    return [
        Reached(
            rep=rep.first_name,
            milestone=line.milestone.title,
            day=line.reached_day or 0,
            due=line.milestone.day,
        )
        for rep, how in found
        for line in how.lines
        if line.reached_on is not None and line.reached_on in week
    ]
