"""Notes when somebody changes role or team, joins or leaves: the CRM only tells how it is now."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.domain.ids import RepId
from bot.domain.local_days import local_day
from bot.domain.organisation import Organisation
from bot.domain.people import Rep
from bot.storage.advisory_lock import wait_for_turn
from bot.storage.assignments import (
    SEEN_IN_CRM,
    TOLD_BY_FILE,
    AssignmentRow,
    read_assignment_rows,
)
from bot.storage.database import transaction
from bot.storage.mirror.user import CrmRoleRow, CrmUserRow
from bot.storage.roster import read_roster

DAY = timedelta(days=1)


def keep_assignments(database: Engine, *, organisation: Organisation, now: datetime) -> None:
    """Compare the roster with what was noted last; safe to repeat at any time."""
    with transaction(database) as session:
        wait_for_turn(session, "assignments")
        roster = read_roster(session, organisation)
        users = {user.id: user for user in session.exec(select(CrmUserRow))}
        bases = _bases(session, users)
        rows = read_assignment_rows(session)
        for rep in roster.reps.values():
            today = now.astimezone(rep.zone).date()
            changed_on = min(today, local_day(users[rep.id].stamp, rep.zone))
            _note(session, rep, rows.get(rep.id, ()), bases[rep.id], changed_on)
        for rep_id, known in rows.items():
            gone = roster.former_reps.get(RepId(rep_id))
            if rep_id not in roster.reps and known[-1].last_day is None:
                zone = gone.zone if gone else organisation.zone
                stamp = users[rep_id].stamp if rep_id in users else now
                _end(known[-1], min(now.astimezone(zone).date(), local_day(stamp, zone)))


def _bases(session: Session, users: Mapping[str, CrmUserRow]) -> Mapping[str, str]:
    """What the CRM says that a role is read from."""
    names = {role.id: role.name for role in session.exec(select(CrmRoleRow))}
    return {
        user.id: f"{user.title or ''} · {names.get(user.user_role_id or '', '')}"
        for user in users.values()
    }


def _note(
    session: Session, rep: Rep, known: Sequence[AssignmentRow], basis: str, changed_on: date
) -> None:
    newest = known[-1] if known else None
    if newest is None:
        last_day = None if rep.is_active else rep.left_on
        session.add(_row(rep, rep.joined_on, basis, last_day=last_day))
    elif not rep.is_active:
        if newest.last_day is None:
            _end(newest, changed_on)
    elif newest.last_day is not None:
        # What a file told ends where the CRM goes on; otherwise they were gone and came back.
        goes_on = newest.last_day + DAY
        begins = goes_on if newest.source == TOLD_BY_FILE else max(goes_on, changed_on)
        session.add(_row(rep, begins, basis))
    else:
        _follow(session, rep, newest, basis, changed_on)


def _follow(
    session: Session, rep: Rep, newest: AssignmentRow, basis: str, changed_on: date
) -> None:
    is_same_team, is_same_role = newest.team_id == rep.team, newest.role == rep.role
    if is_same_team and not is_same_role and newest.basis == basis:
        # Not the person changed, but what app.yaml makes of their title.
        newest.role = rep.role
    elif not (is_same_team and is_same_role):
        if changed_on <= newest.first_day:
            newest.role, newest.team_id = rep.role, rep.team
        else:
            _end(newest, changed_on - DAY)
            session.add(_row(rep, changed_on, basis))
            return
    newest.basis = basis


def _end(row: AssignmentRow, last_day: date) -> None:
    row.last_day = max(row.first_day, last_day)


def _row(rep: Rep, first_day: date, basis: str, *, last_day: date | None = None) -> AssignmentRow:
    return AssignmentRow(
        rep_id=rep.id,
        first_day=first_day,
        last_day=None if last_day is None else max(first_day, last_day),
        role=rep.role,
        team_id=rep.team,
        source=SEEN_IN_CRM,
        basis=basis,
    )
