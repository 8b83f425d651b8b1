"""E-mails: mirrored EmailMessage records."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class EmailMessageRow(SQLModel, table=True):
    __tablename__ = "email_message"

    id: str = Field(primary_key=True, max_length=18)
    #: The Task that is the same e-mail.
    activity_id: str | None = Field(default=None, max_length=18, index=True)
    related_to_id: str | None = Field(default=None, max_length=18)
    #: What the CRM says belongs together, and the e-mail that this one answers.
    thread_id: str | None = Field(default=None, index=True)
    reply_to_id: str | None = Field(default=None, max_length=18, index=True)
    subject: str | None = None
    is_incoming: bool = False
    status: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    created_by_id: str | None = Field(default=None, max_length=18)
    created_at: datetime = Field(sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
