"""What we know of people beyond the CRM: their Slack account, and what they asked of us."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel, col

from bot.storage.columns import Instant, big_identity


class SlackMatchRow(SQLModel, table=True):
    """Which Slack account belongs to which CRM user."""

    __tablename__ = "slack_match"

    person_id: str = Field(primary_key=True, max_length=18)
    #: None when nobody in Slack has the e-mail; looked for again now and then.
    slack_id: str | None = Field(default=None, index=True)
    #: email · override
    matched_by: str
    zone: str | None = None
    locale: str | None = None
    matched_at: datetime = Field(sa_type=Instant)


def write_matches(session: Session, matches: Sequence[SlackMatchRow]) -> None:
    """Insert or replace; two instances may look people up at the same time."""
    if not matches:
        return
    dialect = session.connection().dialect.name
    build = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = build(SlackMatchRow)
    changed = {
        name: statement.excluded[name] for name in SlackMatchRow.model_fields if name != "person_id"
    }
    statement = statement.on_conflict_do_update(index_elements=["person_id"], set_=changed)
    session.connection().execute(statement, [row.model_dump() for row in matches])


class MuteRow(SQLModel, table=True):
    """A kind of nudge that a person does not want."""

    __tablename__ = "mute"

    person_id: str = Field(primary_key=True, max_length=18)
    rule: str = Field(primary_key=True)
    muted_at: datetime = Field(sa_type=Instant)


class SnoozeRow(SQLModel, table=True):
    """Not about this, until that day (included); the reason is the person's own word."""

    __tablename__ = "snooze"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    person_id: str = Field(index=True, max_length=18)
    rule: str
    subject: str
    until: date
    reason: str
    asked_at: datetime = Field(sa_type=Instant)


class PauseRow(SQLModel, table=True):
    """No nudges at all for one person, until that day (included)."""

    __tablename__ = "pause"

    person_id: str = Field(primary_key=True, max_length=18)
    until: date
    asked_at: datetime = Field(sa_type=Instant)


class QuietHoursRow(SQLModel, table=True):
    """One person's own quiet hours, in place of the team's; local times as HH:MM."""

    __tablename__ = "quiet_hours"

    person_id: str = Field(primary_key=True, max_length=18)
    begin: str
    end: str
    asked_at: datetime = Field(sa_type=Instant)


class AdminMatchRow(SQLModel, table=True):
    """The Slack account of an admin of app.yaml, whether or not the CRM knows them."""

    __tablename__ = "admin_match"

    slack_id: str = Field(primary_key=True)
    email: str
    name: str
    matched_at: datetime = Field(sa_type=Instant)


def write_admins(session: Session, admins: Sequence[AdminMatchRow]) -> None:
    """In place of those who were admins before; two instances may write the same."""
    dialect = session.connection().dialect.name
    build = sqlite_insert if dialect == "sqlite" else postgresql_insert
    gone = delete(AdminMatchRow).where(
        col(AdminMatchRow.slack_id).not_in([admin.slack_id for admin in admins])
    )
    session.connection().execute(gone)
    if admins:
        statement = build(AdminMatchRow).on_conflict_do_nothing()
        session.connection().execute(statement, [admin.model_dump() for admin in admins])


class LeaveRow(SQLModel, table=True):
    """Days on which a rep is away, both ends included."""

    __tablename__ = "leave"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    person_id: str = Field(index=True, max_length=18)
    first_day: date
    last_day: date
    #: calendar (an all-day out-of-office event) · command · csv
    source: str
    #: The CRM event it came from, if any.
    record_id: str | None = Field(default=None, index=True)
    #: CRM user id of whoever entered it by command.
    entered_by: str | None = Field(default=None, max_length=18)
