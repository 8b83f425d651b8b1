"""Next steps that reps logged in Slack, beside those of the CRM."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant


class LoggedStepRow(SQLModel, table=True):
    """The latest word of a rep on what comes next in a deal."""

    __tablename__ = "logged_step"

    opportunity_id: str = Field(primary_key=True, max_length=18)
    rep_id: str = Field(index=True, max_length=18)
    words: str
    due_on: date
    logged_at: datetime = Field(sa_type=Instant)


def read_next_steps(
    session: Session, today: date, *, known_at: datetime
) -> Mapping[str, LoggedStepRow]:
    """Opportunity → its step as logged by then, unless that was due before today."""
    row = LoggedStepRow
    wanted = select(row).where(col(row.due_on) >= today, col(row.logged_at) <= known_at)
    return {each.opportunity_id: each for each in session.exec(wanted)}
