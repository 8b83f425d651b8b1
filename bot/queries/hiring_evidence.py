"""Hires joined to what they became in the CRM: scores and source before, deals and stay after."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.hiring import ProspectState
from bot.domain.ids import RepId, RoleKey
from bot.domain.people import Rep
from bot.hiring.hires import Hire, Panel
from bot.metrics.survival import Wait
from bot.queries.milestone_shares import read_milestone_shares
from bot.queries.role_quarters import mean_attainment
from bot.queries.team_views import moment_on
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.hiring import ProspectRow, read_interviews, read_prospects, read_scores
from bot.storage.rep_starts import RepStart, first_day_of_records, read_rep_starts
from bot.storage.roster import Roster

#: What a role is there for, the furthest first: what somebody in the role has ever reached.
FIRSTS = ("first_deal_on", "first_qualified_on", "first_meeting_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class HiringEvidence:
    hires: tuple[Hire, ...]
    #: Of everybody who was scored, hired or not.
    panels: tuple[Panel, ...]
    #: Hires that nobody linked to the CRM, so that nothing is known of them.
    unlinked: int


def read_hiring_evidence(
    session: Session, runtime: Runtime, roster: Roster, roles: Collection[RoleKey], *, today: date
) -> HiringEvidence:
    rows = read_prospects(session, roles)
    panels = read_panels(session, rows)
    hired = [row for row in rows if row.state == ProspectState.HIRED]
    people = {
        row.id: rep
        for row in hired
        if (rep := _rep(roster, row.person_id)) is not None and row.id is not None
    }
    moment = moment_on(session, runtime, today)
    starts = read_rep_starts(session, moment.knowledge)
    since = first_day_of_records(session)
    yardstick = read_yardstick(session, runtime, roster)
    attained = mean_attainment(
        session,
        list(people.values()),
        yardstick=yardstick,
        knowledge=moment.knowledge,
        fiscal=runtime.organisation.fiscal,
    )
    in_time = read_milestone_shares(session, runtime, people.values(), today)
    firsts = {role: _first_of(role, roster, starts) for role in roles}
    return HiringEvidence(
        hires=tuple(
            Hire(
                panel=panels.get(row.id or 0, Panel(role=row.role)),
                source=row.source,
                first_deal=_first_deal(row, rep, starts.get(rep.id), firsts, since, today),
                attainment=attained.get(rep.id),
                stay=_stay(row, rep, today),
                milestones=in_time.get(rep.id),
            )
            for row in hired
            if (rep := people.get(row.id or 0)) is not None
        ),
        panels=tuple(panels.values()),
        unlinked=len(hired) - len(people),
    )


def _rep(roster: Roster, person: str | None) -> Rep | None:
    key = RepId(person or "")
    return roster.reps.get(key) or roster.former_reps.get(key)


def read_panels(session: Session, rows: Sequence[ProspectRow]) -> Mapping[int, Panel]:
    """By prospect; who met somebody twice counts with the mean of both."""
    roles = {row.id or 0: row.role for row in rows}
    interviews = read_interviews(session, roles)
    scores = read_scores(session, [each.id or 0 for each in interviews])
    given: dict[int, dict[str, dict[str, list[int]]]] = {}
    for each in interviews:
        for competency, score in scores.get(each.id or 0, {}).items():
            by_whom = given.setdefault(each.prospect_id, {}).setdefault(each.interviewer_id, {})
            by_whom.setdefault(competency, []).append(score.score)
    return {
        prospect: Panel(
            role=roles[prospect],
            scores={
                who: {name: sum(marks) / len(marks) for name, marks in own.items()}
                for who, own in by_whom.items()
            },
        )
        for prospect, by_whom in given.items()
    }


def _first_of(role: RoleKey, roster: Roster, starts: Mapping[RepId, RepStart]) -> str:
    people = (*roster.reps.values(), *roster.former_reps.values())
    known = [starts[rep.id] for rep in people if rep.role == role and rep.id in starts]
    reached = (first for first in FIRSTS if any(getattr(start, first) for start in known))
    return next(reached, FIRSTS[0])


def _first_deal(
    row: ProspectRow,
    rep: Rep,
    start: RepStart | None,
    firsts: Mapping[RoleKey, str],
    since: date | None,
    today: date,
) -> Wait | None:
    """What the CRM saw from the first day on; else what a file told; else nothing is known."""
    began = row.hired_on or rep.started_on
    is_seen = start is not None and since is not None and start.started_on >= since
    came: date | None = row.first_deal_on
    if is_seen and came is None:
        came = getattr(start, firsts[RoleKey(row.role)])
    if came is None and not is_seen:
        return None
    days = ((came or min(today, rep.left_on or today)) - began).days
    return Wait(days=days, has_happened=came is not None) if days >= 0 else None


def _stay(row: ProspectRow, rep: Rep, today: date) -> Wait | None:
    began = row.hired_on or rep.started_on
    days = (min(today, rep.left_on or today) - began).days
    return Wait(days=days, has_happened=rep.left_on is not None) if days >= 0 else None
