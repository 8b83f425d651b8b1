"""Onboarding in a few numbers, for scorecards and digests; each says what it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.people import Rep
from bot.domain.progress import Progress
from bot.queries.programmes import read_progress
from bot.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class HireStanding:
    """Where one new hire stands, for the eyes of their manager."""

    rep: Rep
    progress: Progress

    @property
    def words(self) -> str:
        late = self.progress.most_behind
        if late is None:
            return "on track"
        days = "working day" if late.behind == 1 else "working days"
        return f"{late.behind} {days} behind on “{late.milestone.title}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTrack:
    """Those who are on a programme now, who is behind first."""

    hires: tuple[HireStanding, ...]

    @property
    def on_track(self) -> int:
        return sum(each.progress.is_on_track for each in self.hires)

    @property
    def of(self) -> int:
        return len(self.hires)

    @property
    def behind(self) -> tuple[HireStanding, ...]:
        return tuple(each for each in self.hires if not each.progress.is_on_track)


def hires_on_track(session: Session, runtime: Runtime, reps: Iterable[Rep], today: date) -> OnTrack:
    """Which of ``reps`` are on a running programme, and who of them is on track."""
    people = [rep for rep in reps if rep.is_active]
    progress = read_progress(session, runtime, people, today)
    hires = [
        HireStanding(rep=rep, progress=progress[rep.id])
        for rep in people
        if rep.id in progress and progress[rep.id].is_running
    ]

    def most_behind_first(each: HireStanding) -> tuple[int, str]:
        late = each.progress.most_behind
        return (-late.behind if late else 0, each.rep.name)

    return OnTrack(hires=tuple(sorted(hires, key=most_behind_first)))
