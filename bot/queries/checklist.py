"""A new hire's checklist: what is done, what is next, and who says that it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.ids import SlackUserId
from bot.domain.people import Rep
from bot.domain.programme import MilestoneKind
from bot.domain.progress import MilestoneLine, Progress, Standing
from bot.queries.permissions import person_of
from bot.queries.programmes import read_progress
from bot.runtime import Runtime
from bot.storage.database import reading

#: So many open milestones are shown with what to do; the others by name.
MOST_IN_FULL = 4
WHO_TELLS = {
    MilestoneKind.MEASURED: "It shows in the CRM by itself.",
    MilestoneKind.TASK: "Tick it off when it is done.",
    MilestoneKind.CERTIFICATION: "Your manager certifies it.",
    MilestoneKind.SIGN_OFF: "Your manager signs it off.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    #: What a button carries to name it.
    token: str
    title: str
    how: str
    who_tells: str
    due_on: date
    day: int
    standing: str
    behind: int
    reached_on: date | None
    waits_for: tuple[str, ...]
    #: Whether a button is of use, for the new hire and for the manager.
    is_own_to_tick: bool
    is_to_sign: bool
    #: Reached because a person said so; the new hire takes back only what they may tick off.
    is_to_undo: bool = False
    is_own_to_undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    title: str
    because: str
    version: int
    day: int
    last_day: int
    done: int
    of: int
    is_on_track: bool
    reached: tuple[ChecklistLine, ...]
    up_next: tuple[ChecklistLine, ...]
    later: tuple[ChecklistLine, ...]
    not_asked: tuple[ChecklistLine, ...]

    @property
    def to_undo(self) -> ChecklistLine | None:
        """The newest that a manager could have signed by mistake."""
        return _newest(each for each in self.reached if each.is_to_undo)

    @property
    def own_to_undo(self) -> ChecklistLine | None:
        return _newest(each for each in self.reached if each.is_own_to_undo)


def ask(runtime: Runtime, *, asker: SlackUserId) -> Checklist | None:
    """None for whoever is on no running programme. Raises UnknownPerson."""
    with reading(runtime.database) as session:
        person = person_of(session, asker, runtime.organisation)
        if person.rep is None:
            return None
        today = runtime.clock.now().astimezone(person.zone).date()
        return read_checklist(session, runtime, person.rep, today)


def read_checklist(session: Session, runtime: Runtime, rep: Rep, today: date) -> Checklist | None:
    progress = read_progress(session, runtime, [rep], today).get(rep.id)
    return checklist_of(progress) if progress and progress.is_running else None


def checklist_of(progress: Progress) -> Checklist:
    lines = [_line(progress, each) for each in progress.lines]
    still = [
        each
        for each in lines
        if each.standing not in {Standing.REACHED, Standing.NOT_ASKED, Standing.WAITS}
    ]
    waiting = [each for each in lines if each.standing == Standing.WAITS]
    programme = progress.programme
    return Checklist(
        title=programme.title,
        because=programme.because,
        version=programme.version,
        day=progress.day,
        last_day=programme.last_day,
        done=progress.reached,
        of=len(progress.asked),
        is_on_track=progress.is_on_track,
        reached=_those(lines, Standing.REACHED),
        up_next=tuple(still[:MOST_IN_FULL]),
        later=tuple(sorted((*still[MOST_IN_FULL:], *waiting), key=lambda each: each.day)),
        not_asked=_those(lines, Standing.NOT_ASKED),
    )


def _newest(lines: Iterable[ChecklistLine]) -> ChecklistLine | None:
    return max(lines, key=lambda each: (each.reached_on or date.min, each.day), default=None)


def _those(lines: Sequence[ChecklistLine], standing: Standing) -> tuple[ChecklistLine, ...]:
    return tuple(each for each in lines if each.standing == standing)


def _line(progress: Progress, line: MilestoneLine) -> ChecklistLine:
    milestone = line.milestone
    is_reached = line.standing is Standing.REACHED
    is_open = line.standing not in {Standing.REACHED, Standing.WAITS}
    return ChecklistLine(
        token=progress.token_of(line),
        title=milestone.title,
        how=milestone.how,
        who_tells=WHO_TELLS[milestone.kind],
        due_on=line.due_on,
        day=milestone.day,
        standing=line.standing,
        behind=line.behind if line.standing is Standing.BEHIND else 0,
        reached_on=line.reached_on,
        waits_for=line.waits_for,
        is_own_to_tick=is_open and milestone.kind is MilestoneKind.TASK,
        is_to_sign=is_open and milestone.is_signed_by_manager,
        is_to_undo=is_reached and milestone.kind is not MilestoneKind.MEASURED,
        is_own_to_undo=is_reached and milestone.kind is MilestoneKind.TASK,
    )
