"""What admins have switched, and the audit log of all they did; every instance reads it here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant, big_identity

#: The key of the switch that lets nothing leave.
EVERYTHING = "everything"
STOPPED = "stopped"
RULE = "rule:"


class SwitchRow(SQLModel, table=True):
    """A switch that stands otherwise than app.yaml says, or lets nothing leave."""

    __tablename__ = "switch"

    key: str = Field(primary_key=True)
    #: stopped, or for a rule on · off · shadow
    value: str
    changed_at: datetime = Field(sa_type=Instant)
    #: The name of the admin.
    changed_by: str


class AuditRow(SQLModel, table=True):
    """One deed of an admin."""

    __tablename__ = "audit_log"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    at: datetime = Field(sa_type=Instant)
    by_slack_id: str
    by_name: str
    #: What was done, in words.
    deed: str


def is_stopped(session: Session) -> bool:
    return session.get(SwitchRow, EVERYTHING) is not None


def read_switches(session: Session) -> Mapping[str, SwitchRow]:
    return {row.key: row for row in session.exec(select(SwitchRow))}


def latest_deeds(session: Session, most: int) -> Sequence[AuditRow]:
    """The newest first."""
    row = AuditRow
    return session.exec(select(row).order_by(col(row.id).desc()).limit(most)).all()
