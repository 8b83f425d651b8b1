"""Counts of hiring for those who ask about a manager: interviews, benches, scorecards, sources."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.coaching.manager_view import HiringFacts, MissingScorecard
from bot.domain.hiring import ON_THE_BENCH, BenchView, ProspectState
from bot.domain.ids import RoleKey
from bot.domain.people import Manager, Team
from bot.domain.week import WEEKEND
from bot.hiring.scorecard import Scorecard
from bot.queries.hiring_access import roles_hired_for
from bot.runtime import Runtime
from bot.storage.hiring import InterviewRow, ProspectRow, read_interviews, read_prospects
from bot.storage.mirror.user import CrmUserRow
from bot.storage.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class HiringCounts:
    """What is on record of the hiring that one manager answers for."""

    benches: tuple[BenchView, ...]
    #: Interviews of prospects for the manager's roles, by whomever, in the last 30 and 90 days.
    interviews_in_30_days: int
    interviews_in_90_days: int
    #: Those of them without an open slot.
    without_slot_in_30_days: int
    without_slot_in_90_days: int
    #: Of the interviews of the last 90 days that are scored, those scored before any score of
    #: others could be seen; None while none is scored, or nobody knows of any.
    independent_share: float | None
    #: Of the interviews of the last 90 days, those with a scorecard; None without an interview.
    scored_share: float | None
    #: Everybody ever hired for these roles, by key of SOURCES.
    hires_by_source: Mapping[str, int]


def read_hiring_counts(
    session: Session, runtime: Runtime, roster: Roster, manager: Manager, *, today: date
) -> HiringCounts:
    cards = cards_of(runtime, roster, manager)
    prospects = {row.id or 0: row for row in read_prospects(session, cards)}
    held = interviews_since(session, prospects, since=today - timedelta(days=90), until=today)
    recent = [row for row in held if row.held_on > today - timedelta(days=30)]
    scored = [row for row in held if row.scored_at is not None]
    told = [row.is_independent for row in scored if row.is_independent is not None]
    hired = [row for row in prospects.values() if row.state == ProspectState.HIRED]
    return HiringCounts(
        benches=benches(cards, prospects.values()),
        interviews_in_30_days=len(recent),
        interviews_in_90_days=len(held),
        without_slot_in_30_days=sum(row.slot_id is None for row in recent),
        without_slot_in_90_days=sum(row.slot_id is None for row in held),
        independent_share=sum(told) / len(told) if told else None,
        scored_share=len(scored) / len(held) if held else None,
        hires_by_source=Counter(row.source for row in hired),
    )


def read_hiring_facts(
    session: Session, runtime: Runtime, team: Team, *, today: date
) -> HiringFacts | None:
    """What reminders to the team's manager rest on: of the roles of those who report to them.

    None before anybody was ever put on a bench of these roles.
    """
    manager = team.manager
    named = runtime.organisation.hiring.managers.items()
    roles = {rep.role for rep in team.reps}
    roles |= {role for role, emails in named if manager.email.lower() in emails}
    cards = {key: card for key, card in runtime.scorecards.items() if key in roles}
    prospects = {
        row.id or 0: row for row in read_prospects(session, cards) if row.added_on <= today
    }
    if not prospects:
        return None
    held = [row for row in read_interviews(session, prospects) if row.held_on <= today]
    without = [row.held_on for row in held if row.slot_id is None]
    policy = runtime.organisation.hiring
    overdue = [
        row
        for row in held
        if row.scored_at is None
        and prospects[row.prospect_id].state in ON_THE_BENCH
        and prospects[row.prospect_id].erased_at is None
        and _working_days(row.held_on, today) >= policy.scorecard_due_days
    ]
    titles = {key: cards[RoleKey(row.role)].title for key, row in prospects.items()}
    return HiringFacts(
        interview_every_days=policy.interview_every_days,
        days_without_interview=(today - max(without)).days if without else None,
        thin=tuple(
            (bench.title, bench.on_bench, bench.target)
            for bench in benches(cards, prospects.values())
            if bench.on_bench < bench.target
        ),
        missing=_missing(session, overdue, titles, manager),
    )


def _missing(
    session: Session, rows: Sequence[InterviewRow], titles: Mapping[int, str], manager: Manager
) -> tuple[MissingScorecard, ...]:
    names = _names(session, {row.interviewer_id for row in rows})
    return tuple(
        MissingScorecard(
            interview=row.id or 0,
            role=titles[row.prospect_id],
            interviewer=names.get(row.interviewer_id, "somebody who has left"),
            held_on=row.held_on,
            is_own=row.interviewer_id == manager.id,
        )
        for row in rows
    )


def _names(session: Session, people: Collection[str]) -> Mapping[str, str]:
    user = CrmUserRow
    wanted = select(user.id, user.name).where(col(user.id).in_(sorted(people)))
    return {person: name or "" for person, name in session.exec(wanted)}


def _working_days(first: date, last: date) -> int:
    """Weekdays after ``first`` up to ``last``."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() not in WEEKEND for day in days)


def cards_of(runtime: Runtime, roster: Roster, manager: Manager) -> Mapping[RoleKey, Scorecard]:
    """The scorecards of the roles that a manager hires for."""
    roles = roles_hired_for(runtime, roster, manager, email=manager.email)
    return {key: card for key, card in runtime.scorecards.items() if key in roles}


def benches(
    cards: Mapping[RoleKey, Scorecard], prospects: Collection[ProspectRow]
) -> tuple[BenchView, ...]:
    """How many stand on each bench, and how many should; who was erased stands nowhere."""
    standing = Counter(
        row.role for row in prospects if row.state in ON_THE_BENCH and row.erased_at is None
    )
    return tuple(
        BenchView(role=key, title=card.title, target=card.bench_target, on_bench=standing[key])
        for key, card in cards.items()
    )


def interviews_since(
    session: Session, prospects: Collection[int], *, since: date, until: date
) -> list[InterviewRow]:
    """Held from the day after ``since`` up to ``until``, the oldest first."""
    row = InterviewRow
    wanted = select(row).where(
        col(row.prospect_id).in_(sorted(prospects)),
        col(row.held_on) > since,
        col(row.held_on) <= until,
    )
    return list(session.exec(wanted.order_by(col(row.held_on), col(row.id))))
