"""How long firsts take by programme version, hire quarter or source, with those who still wait."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.errors import UnclearWords
from bot.domain.ids import RoleKey, SlackUserId
from bot.domain.programme import Milestone
from bot.metrics.log_rank import Within, mean_within
from bot.metrics.survival import Step, Wait, median_interval, median_wait, steps
from bot.onboarding.comparison import FEWEST, Comparison, compare
from bot.queries.permissions import Person, require_person
from bot.queries.programme_hires import FIRST_DEAL, Hire, read_hires
from bot.queries.yardstick import Yardstick, read_yardstick
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.roster import Roster, read_roster

BY = ("version", "quarter", "source")
UNKNOWN_SOURCE = "Source unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    label: str
    people: int
    waiting: int
    median: float | None
    low: float | None
    high: float | None
    #: Where the median is not reached: the mean within a span that all groups share.
    mean: Within | None
    curve: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneMedians:
    """When half had theirs, under the newest version and the one before."""

    title: str
    now: float | None
    before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCohorts:
    role: str
    event: str
    groups: tuple[Group, ...]
    #: Groups of fewer than five, by label, with how many they are.
    too_few: tuple[tuple[str, int], ...]
    #: The newest version against the one before; None where there are no two.
    comparison: Comparison | None
    milestones: tuple[MilestoneMedians, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    by: str
    roles: tuple[RoleCohorts, ...]
    as_of: datetime | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: Sequence[str]) -> Cohorts:
    """Raises UnknownPerson, or UnclearWords with what may be asked."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        by, rest = _by(words)
        today = runtime.clock.now().astimezone(person.zone).date()
        yardstick = read_yardstick(session, runtime, roster)
        return Cohorts(
            by=by,
            roles=tuple(
                each
                for role in _roles(runtime, roster, person, rest)
                if (each := read_role(session, runtime, roster, yardstick, role, by, today))
            ),
            as_of=mirrored_at(session),
            locale=person.locale,
            zone=person.zone.key,
        )


def _by(words: Sequence[str]) -> tuple[str, str]:
    said = [word.lower() for word in words]
    for by in BY:
        if by in said or f"{by}s" in said:
            return by, " ".join(word for word in said if word not in {by, f"{by}s", "by"})
    return "version", " ".join(word for word in said if word != "by")


def _roles(runtime: Runtime, roster: Roster, person: Person, words: str) -> Sequence[RoleKey]:
    if words:
        found = [
            key
            for key, model in runtime.models.items()
            if words in {key, key.replace("_", " ")} or words in model.title.lower()
        ]
        if not found:
            known = ", ".join(str(key) for key in runtime.models)
            raise UnclearWords(
                f"I know no role called '{words[:40]}'.",
                hint=f"`/ramp cohort [by version|quarter|source] [role]`; roles are {known}.",
            )
        return found
    if person.manager is not None:
        leader = person.manager.id
        below = (rep for rep in roster.reps.values() if roster.reports_to(rep, leader))
        return sorted({rep.role for rep in below if rep.is_active})
    return [person.rep.role] if person.rep else []


def read_role(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    yardstick: Yardstick,
    role: RoleKey,
    by: str,
    today: date,
) -> RoleCohorts | None:
    """None for a role in which nobody began with a programme since records begin."""
    hires = read_hires(session, runtime, roster, yardstick, role, today)
    if not hires:
        return None
    event = _event(hires)
    label_of = _label(by, runtime)
    labelled: dict[str, list[Hire]] = {}
    for hire in sorted(hires, key=lambda each: each.followed.started_on, reverse=True):
        labelled.setdefault(label_of(hire), []).append(hire)
    told = {label: those for label, those in labelled.items() if len(those) >= FEWEST}
    horizon = _horizon(event[0], told.values())
    model = runtime.models.get(role)
    versions = _newest_two(hires)
    return RoleCohorts(
        role=model.title if model else role,
        event=event[1],
        groups=tuple(
            _group(label, [hire.waits[event[0]] for hire in those], horizon)
            for label, those in told.items()
        ),
        too_few=tuple(
            (label, len(those)) for label, those in labelled.items() if label not in told
        ),
        comparison=_compared(versions, event[0]) if by == "version" else None,
        milestones=_milestones(versions) if by == "version" else (),
    )


def _event(hires: Sequence[Hire]) -> tuple[str, str]:
    """What is waited for: the first deal, or in a role without deals what the programme is for."""
    if any(hire.waits[FIRST_DEAL.metric].has_happened for hire in hires):
        return FIRST_DEAL.metric, "first deal won"
    newest = max(hires, key=lambda each: each.followed.started_on).followed.programme
    outcome = newest.milestone(newest.outcome)
    if outcome is None or outcome.measure is None:
        return FIRST_DEAL.metric, "first deal won"
    known = [hire for hire in hires if outcome.key in hire.waits]
    return (
        (outcome.key, outcome.title.lower())
        if len(known) == len(hires)
        else (FIRST_DEAL.metric, "first deal won")
    )


def _label(by: str, runtime: Runtime) -> Callable[[Hire], str]:
    def quarter(hire: Hire) -> str:
        first, _ = runtime.organisation.fiscal.quarter(hire.followed.started_on)
        return f"Hired in the quarter from {first:%b} {first.day}, {first.year}"

    if by == "quarter":
        return quarter
    if by == "source":
        return lambda hire: hire.source or UNKNOWN_SOURCE
    return lambda hire: f"Version {hire.followed.programme.version}"


def _horizon(key: str, groups: Iterable[Sequence[Hire]]) -> float:
    """Up to where every group has somebody to look at."""
    return min((max(hire.waits[key].days for hire in those) for those in groups), default=0.0)


def _group(label: str, waits: Sequence[Wait], horizon: float) -> Group:
    curve = steps(waits)
    low, high = median_interval(curve)
    median = median_wait(curve)
    is_telling = any(step.days < horizon for step in curve)
    return Group(
        label=label,
        people=len(waits),
        waiting=sum(not wait.has_happened for wait in waits),
        median=median,
        low=low,
        high=high,
        mean=mean_within(waits, horizon) if median is None and is_telling else None,
        curve=tuple(curve),
    )


def _newest_two(hires: Sequence[Hire]) -> tuple[Sequence[Hire], Sequence[Hire]] | None:
    """Those of the newest version that anybody began with, and those of the one before."""
    versions = sorted({hire.followed.programme.version for hire in hires}, reverse=True)[:2]
    if len(versions) < 2:  # noqa: PLR2004 - one has none before
        return None
    now, before = (
        [hire for hire in hires if hire.followed.programme.version == version]
        for version in versions
    )
    return now, before


def _compared(
    versions: tuple[Sequence[Hire], Sequence[Hire]] | None, key: str
) -> Comparison | None:
    if versions is None:
        return None
    now, before = versions
    names = [f"version {those[0].followed.programme.version}" for those in versions]
    return compare(
        [hire.waits[key] for hire in now],
        [hire.waits[key] for hire in before],
        names=(names[0], names[1]),
    )


def _milestones(
    versions: tuple[Sequence[Hire], Sequence[Hire]] | None,
) -> tuple[MilestoneMedians, ...]:
    if versions is None or any(len(those) < FEWEST for those in versions):
        return ()
    now, before = versions
    asked: Sequence[Milestone] = now[0].followed.programme.milestones
    found = [
        MilestoneMedians(
            title=each.title, now=_median(now, each.key), before=_median(before, each.key)
        )
        for each in asked
        if each.measure is not None
        and each.measure != FIRST_DEAL
        and all(each.key in hire.waits for hire in (*now, *before))
    ]
    return tuple(each for each in found if (each.now, each.before) != (None, None))


def _median(hires: Sequence[Hire], key: str) -> float | None:
    return median_wait(steps([hire.waits[key] for hire in hires]))
