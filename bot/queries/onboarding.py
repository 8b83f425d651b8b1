"""Onboarding in a few numbers, for whoever looks at a whole team; each with what it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.ids import RoleKey
from bot.domain.people import Rep
from bot.domain.progress import Progress
from bot.metrics.survival import Wait, median_interval, median_wait, steps
from bot.onboarding.comparison import compare
from bot.queries.programme_hires import FIRST_DEAL, Hire, read_hires
from bot.queries.programmes import read_progress
from bot.queries.yardstick import Yardstick
from bot.runtime import Runtime
from bot.storage.roster import Roster


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedProgramme:
    """Those of a team who began with one version and came to its last day."""

    title: str
    version: int
    hires: int
    #: The last of their last due days.
    ended_on: date


def ended_programmes(
    session: Session, runtime: Runtime, reps: Iterable[Rep], *, since: date, today: date
) -> tuple[EndedProgramme, ...]:
    """By programme and version, where somebody's last due day lies in these days."""
    found: dict[tuple[str, int], list[date]] = {}
    for progress in read_progress(session, runtime, reps, today).values():
        last = progress.lines[-1].due_on
        if since <= last <= today:
            key = (progress.programme.title, progress.programme.version)
            found.setdefault(key, []).append(last)
    return tuple(
        EndedProgramme(title=title, version=version, hires=len(days), ended_on=max(days))
        for (title, version), days in sorted(found.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How many of those who are within the months of their ramp follow a programme."""

    on_one: int
    of: int
    #: Roles of theirs for which there is no programme file.
    without: tuple[RoleKey, ...]


def programme_coverage(
    session: Session,
    runtime: Runtime,
    yardstick: Yardstick,
    reps: Iterable[Rep],
    today: date,
) -> Covered:
    new = [
        rep
        for rep in reps
        if rep.is_active
        and yardstick.clock_of(rep).months_by(today) < yardstick.profile_of(rep.role).months
    ]
    progress = read_progress(session, runtime, new, today)
    known = {each.role for each in runtime.programmes}
    return Covered(
        on_one=sum(rep.id in progress for rep in new),
        of=len(new),
        without=tuple(sorted({rep.role for rep in new} - known)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortMedian:
    """Days at work until half had their first deal; None while more than half still wait."""

    version: int
    people: int
    waiting: int
    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDealPace:
    """The newest version of a role's programme against the one before."""

    role: RoleKey
    now: CohortMedian | None
    before: CohortMedian | None
    #: too few · not told · faster · slower
    verdict: str


def first_deal_pace(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    yardstick: Yardstick,
    role: RoleKey,
    today: date,
) -> FirstDealPace:
    hires = read_hires(session, runtime, roster, yardstick, role, today)
    versions = sorted({each.followed.programme.version for each in hires}, reverse=True)[:2]
    groups = [
        [each for each in hires if each.followed.programme.version == version]
        for version in versions
    ]
    medians = [_median(those) for those in groups]
    compared = (
        compare(_waits(groups[0]), _waits(groups[1]), names=("now", "before"))
        if len(groups) > 1
        else None
    )
    return FirstDealPace(
        role=role,
        now=medians[0] if medians else None,
        before=medians[1] if len(medians) > 1 else None,
        verdict=compared.verdict if compared else "too few",
    )


def _waits(hires: Sequence[Hire]) -> list[Wait]:
    return [each.waits[FIRST_DEAL.metric] for each in hires]


def _median(hires: Sequence[Hire]) -> CohortMedian:
    waits = _waits(hires)
    curve = steps(waits)
    low, high = median_interval(curve)
    return CohortMedian(
        version=hires[0].followed.programme.version,
        people=len(hires),
        waiting=sum(not wait.has_happened for wait in waits),
        median=median_wait(curve),
        low=low,
        high=high,
    )
