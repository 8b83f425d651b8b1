"""How each manager coaches: all that a rule for managers may look at, on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.coaching.manager_view import DuePromise, ManagerView, Report, Said
from bot.coaching.rep_view import Touch
from bot.domain.commitment import CommitmentState
from bot.domain.ids import RepId
from bot.domain.nudge import Tone
from bot.domain.people import Manager, Rep, Team
from bot.domain.workdays import LeaveDays
from bot.queries.approvals_near_quota import find_approvals
from bot.queries.cuts_near_quota import find_cuts
from bot.queries.duty_facts import read_ended_cohorts, read_hires_behind, read_pay_facts
from bot.queries.hiring import read_hiring_facts
from bot.queries.rep_views import Moment
from bot.queries.talks import LOOK_BACK, last_talks, read_talks
from bot.queries.yardstick import Yardstick
from bot.runtime import Runtime
from bot.storage.decisions import DecisionRow
from bot.storage.one_on_ones import CommitmentRow

#: 1:1s are counted over so many weeks, and looked for over so many days.
WEEKS = 8
SAID_WITHIN = timedelta(days=21)
SPOKEN = ("send", "defer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coached:
    """What is the same for all managers of a day."""

    yardstick: Yardstick
    touches: Mapping[RepId, Touch]


def read_manager_view(
    session: Session,
    runtime: Runtime,
    team: Team,
    *,
    coached: Coached,
    moment: Moment,
) -> ManagerView:
    manager, today = team.manager, moment.today
    terms = runtime.organisation.terms_of(manager.id, manager.email)
    return ManagerView(
        manager=RepId(manager.id),
        first_name=manager.first_name,
        today=today,
        locale=manager.locale,
        is_present=runtime.calendar.works_on(
            manager.as_rep(terms), today, leave=coached.yardstick.leave
        ),
        weeks=WEEKS,
        reports=read_reports(session, runtime, team, coached=coached, moment=moment),
        promises=_promises(session, manager, team.reps, moment),
        said=read_said(session, team.reps, since=today - SAID_WITHIN, until=today),
        cuts=find_cuts(session, runtime, team, moment),
        approvals=find_approvals(session, runtime, team, moment),
        hiring=read_hiring_facts(session, runtime, team, today=today),
        pay=read_pay_facts(session, runtime, team, today=today),
        hires_behind=read_hires_behind(session, runtime, team, today=today),
        cohorts=read_ended_cohorts(session, runtime, team, today=today),
    )


def read_reports(
    session: Session,
    runtime: Runtime,
    team: Team,
    *,
    coached: Coached,
    moment: Moment,
    weeks: int = WEEKS,
) -> tuple[Report, ...]:
    """Each of the team's reps, by name."""
    today = moment.today
    talks = read_talks(
        session,
        team.manager,
        team.reps,
        organisation=runtime.organisation,
        since=today - LOOK_BACK,
        until=today,
        known_at=moment.knowledge.now,
    )
    counted = Counter(talk.rep for talk in talks if talk.day > today - timedelta(weeks=weeks))
    held, leave = last_talks(talks), coached.yardstick.leave
    return tuple(
        Report(
            rep=rep.id,
            first_name=rep.first_name,
            is_present=runtime.calendar.works_on(rep, today, leave=leave),
            touch=coached.touches.get(rep.id, Touch.USUAL),
            last_talk_on=held.get(rep.id),
            working_days_without=_without(runtime, team, rep, held.get(rep.id), today, leave),
            talks=counted[rep.id],
        )
        for rep in team.reps
    )


def _without(
    runtime: Runtime, team: Team, rep: Rep, held: date | None, today: date, leave: LeaveDays
) -> int:
    """Whole working days of the rep between the last 1:1, or coming to the team, and today."""
    spans = team.days.get(rep.id, ())
    came = max(rep.joined_on, spans[-1][0]) if spans else rep.joined_on
    since = max(held or came, today - LOOK_BACK)
    first, last = since + timedelta(days=1), today - timedelta(days=1)
    if first > last:
        return 0
    return runtime.calendar.working_days(rep, first, last, leave=leave)


def _promises(
    session: Session, manager: Manager, reps: Sequence[Rep], moment: Moment
) -> tuple[DuePromise, ...]:
    row, names = CommitmentRow, {str(rep.id): rep.first_name for rep in reps}
    due = session.exec(
        select(row)
        .where(
            col(row.manager_id) == manager.id,
            col(row.rep_id).in_(sorted(names)),
            col(row.state) == CommitmentState.OPEN,
            col(row.due_on) <= moment.today,
            col(row.made_at) <= moment.knowledge.now,
        )
        .order_by(col(row.due_on), col(row.id))
    )
    return tuple(
        DuePromise(first_name=names[each.rep_id], words=each.words, due_on=each.due_on)
        for each in due
    )


def read_said(session: Session, reps: Iterable[Rep], *, since: date, until: date) -> Said:
    """What reached these reps, by tone."""
    row = DecisionRow
    tones = Counter(
        session.exec(
            select(row.tone).where(
                col(row.to_id).in_([rep.id for rep in reps]),
                col(row.verdict).in_(SPOKEN),
                col(row.day).between(since, until),
            )
        )
    )
    return Said(
        praise=tones[Tone.POSITIVE], warnings=tones[Tone.WARNING], neutral=tones[Tone.NEUTRAL]
    )
