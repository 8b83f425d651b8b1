"""How new hires stand against their ramp, and how long firsts take those who came before them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.domain.gap import Band
from bot.domain.ids import RepId, SlackUserId
from bot.domain.people import Rep
from bot.metrics.survival import Step, Wait, median_interval, median_wait, steps, still_waiting
from bot.queries.checklist import Checklist, checklist_of
from bot.queries.digest_new_hires import furthest_behind_in_words
from bot.queries.permissions import Person, require_person, require_report
from bot.queries.programmes import read_progress
from bot.queries.team_views import moment_on, read_team_views
from bot.queries.yardstick import Yardstick, read_yardstick
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.rep_starts import RepStart, first_day_of_records, read_rep_starts
from bot.storage.roster import Roster, read_roster

#: The firsts that are looked at, and what people call them.
FIRSTS = (
    ("first_meeting_on", "First meeting held"),
    ("first_qualified_on", "First qualified deal"),
    ("first_deal_on", "First deal won"),
)
#: With fewer people a curve is an anecdote.
FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    title: str
    #: Days from the start until it came about; None while it has not.
    took: int | None
    #: The share of the role who had theirs after as many days; None with too few people.
    others: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHireOnRamp:
    rep: str
    day: int
    month: int
    months: int
    #: The share of a full target that is fair by now.
    fair_share: float
    on_target: int
    judged: int
    short_of: str | None
    milestones: tuple[Milestone, ...]
    #: Whether records go back to their first day; else their firsts are not known.
    is_seen: bool
    #: None for who is on no running programme.
    programme: Checklist | None = None
    #: Only a new hire's own manager says that something is reached.
    is_led_by_asker: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """How long a first takes in a role, with those who still wait counted as waiting."""

    role: str
    title: str
    people: int
    waiting: int
    median: float | None
    low: float | None
    high: float | None
    curve: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    hires: tuple[NewHireOnRamp, ...]
    cohorts: tuple[Cohort, ...]
    is_own: bool
    as_of: datetime | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: str) -> Ramp:
    """One person, or everybody new in the asker's team. Raises UnknownPerson or NotAllowed."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        today = runtime.clock.now().astimezone(person.zone).date()
        yardstick = read_yardstick(session, runtime, roster)
        people = _people(session, roster, person, words)
        progress = read_progress(session, runtime, people, today)
        running = {rep: checklist_of(each) for rep, each in progress.items() if each.is_running}
        new = [
            rep for rep in people if words or rep.id in running or _is_new(rep, yardstick, today)
        ]
        moment = moment_on(session, runtime, today)
        starts = read_rep_starts(session, moment.knowledge)
        since = first_day_of_records(session)
        curves = _curves(roster, starts, today, since)
        views = read_team_views(session, runtime, roster, new, moment) if new else {}
        roles = sorted({rep.role for rep in people})
        hires = (
            _hire(rep, views.get(rep.id), starts.get(rep.id), curves, yardstick, today, since)
            for rep in new
        )
        return Ramp(
            hires=tuple(
                replace(hire, programme=running.get(rep.id), is_led_by_asker=_leads(person, rep))
                for rep, hire in zip(new, hires, strict=True)
            ),
            cohorts=tuple(
                _cohort(yardstick, role, title, curves[role, first])
                for role in roles
                for first, title in FIRSTS
                if len(waits := curves.get((role, first), ())) >= FEWEST
                and any(wait.has_happened for wait in waits)
            ),
            is_own=person.rep is not None and [rep.id for rep in people] == [person.rep.id],
            as_of=mirrored_at(session),
            locale=person.locale,
            zone=person.zone.key,
        )


def _leads(person: Person, rep: Rep) -> bool:
    return person.manager is not None and rep.team == person.manager.id


def _people(session: Session, roster: Roster, person: Person, words: str) -> Sequence[Rep]:
    if words:
        return [require_report(session, roster, person, words)]
    if person.manager is not None:
        leader = person.manager.id
        # Whoever leads managers only looks at the new hires of all of them.
        below = (team.reps for team in roster.teams())
        return roster.team(leader).reps or [
            rep for reps in below for rep in reps if roster.reports_to(rep, leader)
        ]
    return [person.rep] if person.rep is not None else []


def _is_new(rep: Rep, yardstick: Yardstick, today: date) -> bool:
    months = yardstick.clock_of(rep).months_by(today)
    return months < yardstick.profile_of(rep.role).months


def _curves(
    roster: Roster, starts: Mapping[RepId, RepStart], today: date, since: date | None
) -> Mapping[tuple[str, str], Sequence[Wait]]:
    """(role, first) → the waits of all who ever began in the role; who left stopped waiting."""
    found: dict[tuple[str, str], list[Wait]] = {}
    for rep in (*roster.reps.values(), *roster.former_reps.values()):
        start = starts.get(rep.id)
        if start is None or since is None or start.started_on < since:
            continue
        last = min(today, rep.left_on or today)
        for first, _ in FIRSTS:
            came: date | None = getattr(start, first)
            days = ((came or last) - start.started_on).days
            if days >= 0:
                wait = Wait(days=days, has_happened=came is not None)
                found.setdefault((rep.role, first), []).append(wait)
    return found


def _hire(
    rep: Rep,
    view: RepView | None,
    start: RepStart | None,
    curves: Mapping[tuple[str, str], Sequence[Wait]],
    yardstick: Yardstick,
    today: date,
    since: date | None,
) -> NewHireOnRamp:
    profile, months = yardstick.profile_of(rep.role), yardstick.clock_of(rep).months_by(today)
    gaps = [gap for gap in view.gaps.values() if gap.band is not Band.NO_DATA] if view else []
    is_seen = start is not None and since is not None and start.started_on >= since
    return NewHireOnRamp(
        rep=rep.name,
        day=(today - rep.started_on).days + 1,
        month=int(months) + 1,
        months=profile.months,
        fair_share=profile.share_at(months),
        on_target=sum(gap.band is not Band.SHORT for gap in gaps),
        judged=len(gaps),
        short_of=furthest_behind_in_words(view) if view else None,
        milestones=tuple(_milestones(rep, start, curves, today)) if start and is_seen else (),
        is_seen=is_seen,
    )


def _milestones(
    rep: Rep,
    start: RepStart,
    curves: Mapping[tuple[str, str], Sequence[Wait]],
    today: date,
) -> Iterable[Milestone]:
    for first, title in FIRSTS:
        came: date | None = getattr(start, first)
        waits = curves.get((rep.role, first), ())
        if came is None and not any(wait.has_happened for wait in waits):
            # Nobody in the role has ever had one: it is no part of it.
            continue
        days = ((came or today) - start.started_on).days
        yield Milestone(
            title=title,
            took=days if came is not None else None,
            others=1 - still_waiting(steps(waits), days) if len(waits) >= FEWEST else None,
        )


def _cohort(yardstick: Yardstick, role: str, title: str, waits: Sequence[Wait]) -> Cohort:
    curve: Sequence[Step] = steps(waits)
    low, high = median_interval(curve)
    known = {str(key): model.title for key, model in yardstick.models.items()}
    return Cohort(
        role=known.get(role, role),
        title=title,
        people=len(waits),
        waiting=sum(not wait.has_happened for wait in waits),
        median=median_wait(curve),
        low=low,
        high=high,
        curve=tuple(curve),
    )
