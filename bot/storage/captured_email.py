"""Whether people's e-mails are captured without ever becoming records of the CRM.

Einstein Activity Capture shows them beside a record and keeps them elsewhere. Whoever counted what
is recorded would find that nobody writes e-mails, which is not so: it cannot be measured.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, delete, func, select
from sqlmodel import Field, Session, SQLModel, col

from bot.domain.organisation import Organisation
from bot.storage.facts.tables import ActivityRow

#: Looked at: the newest activities of so many days, so many of them at most.
DAYS = timedelta(days=28)
MOST = 20_000
#: Somebody who did so much else would have written an e-mail.
ENOUGH_ELSE = 20
FEWEST_PEOPLE = 3
#: Where so many of them seem to write none, it is not they who do not.
SILENT_SHARE = 0.5


class CapturedEmailRow(SQLModel, table=True):
    """One row while e-mails are no records."""

    __tablename__ = "captured_email"

    id: int = Field(default=1, primary_key=True)
    since: date
    #: Whether app.yaml says so; else it was seen in what is recorded.
    is_said: bool


def note_captured_email(session: Session, organisation: Organisation, *, today: date) -> None:
    before = find_captured_email(session)
    is_said = organisation.emails != "auto"
    is_captured = (
        organisation.emails == "captured" if is_said else _seems_captured(session, today=today)
    )
    if not is_captured and before is not None:
        session.connection().execute(delete(CapturedEmailRow))
    elif is_captured and (before is None or before.is_said != is_said):
        since = today if before is None else before.since
        session.merge(CapturedEmailRow(since=since, is_said=is_said))


def find_captured_email(session: Session) -> CapturedEmailRow | None:
    return session.get(CapturedEmailRow, 1)


def _seems_captured(session: Session, *, today: date) -> bool:
    row: Any = ActivityRow
    newest = (
        select(row.rep_id, row.kind)
        .where(col(row.done_on).between(today - DAYS, today), row.kind != "other")
        .order_by(col(row.done_on).desc())
        .limit(MOST)
        .subquery()
    )
    emails = func.sum(case((newest.c.kind == "email", 1), else_=0))
    told = select(emails, func.count()).group_by(newest.c.rep_id)
    busy = [
        int(written) == 0
        for written, done in session.connection().execute(told)
        if done - written >= ENOUGH_ELSE
    ]
    return len(busy) >= FEWEST_PEOPLE and sum(busy) >= SILENT_SHARE * len(busy)
