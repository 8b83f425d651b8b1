"""Slack deliveries already dealt with; Slack delivers some of them more than once."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel, col

from bot.storage.columns import Instant

#: Slack redelivers for some minutes; a signed body can be replayed for five. A day is safe.
KEPT_FOR = timedelta(hours=24)


class InboxRow(SQLModel, table=True):
    __tablename__ = "inbox"

    key: str = Field(primary_key=True, max_length=255)
    received_at: datetime = Field(sa_type=Instant, index=True)


def receive(session: Session, key: str, *, now: datetime) -> bool:
    """True the first time a key is seen; False when it was dealt with before."""
    connection = session.connection()
    connection.execute(delete(InboxRow).where(col(InboxRow.received_at) < now - KEPT_FOR))
    build = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    new = build(InboxRow).on_conflict_do_nothing().values(key=key, received_at=now)
    return connection.execute(new.returning(col(InboxRow.key))).first() is not None
