"""What somebody began to write into a modal and closed; any instance can give it back."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from bot.storage.columns import Instant, json_column


class DraftRow(SQLModel, table=True):
    __tablename__ = "draft"

    slack_id: str = Field(primary_key=True)
    #: Which modal, and about what.
    key: str = Field(primary_key=True)
    entered: dict[str, str] = Field(sa_type=json_column())
    saved_at: datetime = Field(sa_type=Instant)


def keep_draft(
    session: Session, slack_id: str, key: str, entered: Mapping[str, str], *, now: datetime
) -> None:
    session.merge(DraftRow(slack_id=slack_id, key=key, entered=dict(entered), saved_at=now))


def read_draft(session: Session, slack_id: str, key: str) -> Mapping[str, str]:
    """Empty when nothing was begun."""
    row = session.get(DraftRow, (slack_id, key))
    return row.entered if row is not None else {}


def drop_draft(session: Session, slack_id: str, key: str) -> None:
    row = DraftRow
    session.connection().execute(
        delete(row).where(col(row.slack_id) == slack_id, col(row.key) == key)
    )


def drop_drafts(session: Session, keys: Collection[str]) -> None:
    """Whoever began them."""
    session.connection().execute(delete(DraftRow).where(col(DraftRow.key).in_(sorted(keys))))
