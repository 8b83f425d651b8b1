"""Roles and teams with their history; the CRM only knows the present one."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.people import Assignment

SEEN_IN_CRM, TOLD_BY_FILE = "crm", "file"


class AssignmentRow(SQLModel, table=True):
    """A rep in a role and a team, both ends included; those of one rep do not overlap."""

    __tablename__ = "assignment"

    rep_id: str = Field(primary_key=True, max_length=18)
    first_day: date = Field(primary_key=True)
    #: None while it lasts.
    last_day: date | None = None
    role: str
    team_id: str | None = Field(default=None, max_length=18)
    #: crm · file
    source: str = SEEN_IN_CRM
    #: The CRM's title and role that it was read from: if they stay and the role does not, it was
    #: app.yaml that changed, and nobody began anything.
    basis: str | None = None


def read_assignment_rows(session: Session) -> Mapping[str, list[AssignmentRow]]:
    """By rep, oldest first."""
    found: dict[str, list[AssignmentRow]] = defaultdict(list)
    row = AssignmentRow
    for each in session.exec(select(row).order_by(col(row.rep_id), col(row.first_day))):
        found[each.rep_id].append(each)
    return found


def read_assignments(session: Session) -> Mapping[RepId, tuple[Assignment, ...]]:
    return {
        RepId(rep): tuple(
            Assignment(
                rep=RepId(rep),
                role=RoleKey(row.role),
                team=TeamId(row.team_id) if row.team_id else None,
                first_day=row.first_day,
                last_day=row.last_day,
            )
            for row in rows
        )
        for rep, rows in read_assignment_rows(session).items()
    }
