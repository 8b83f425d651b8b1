"""What people did: mirrored Task and Event records."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class CrmTaskRow(SQLModel, table=True):
    __tablename__ = "crm_task"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True, max_length=18)
    owner_id: str = Field(max_length=18)
    who_id: str | None = Field(default=None, max_length=18)
    what_id: str | None = Field(default=None, max_length=18)
    account_id: str | None = Field(default=None, max_length=18)
    subject: str | None = None
    subtype: str | None = None
    type: str | None = None
    status: str | None = None
    is_closed: bool = False
    activity_on: date | None = None
    completed_at: datetime | None = Field(default=None, sa_type=Instant)
    call_seconds: int | None = None
    call_disposition: str | None = None
    is_recurrence: bool = False
    is_archived: bool = False
    created_at: datetime = Field(sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class CrmEventRow(SQLModel, table=True):
    __tablename__ = "crm_event"

    id: str = Field(primary_key=True, max_length=18)
    owner_id: str = Field(max_length=18, index=True)
    who_id: str | None = Field(default=None, max_length=18)
    what_id: str | None = Field(default=None, max_length=18)
    account_id: str | None = Field(default=None, max_length=18)
    subject: str | None = None
    type: str | None = None
    starts_at: datetime | None = Field(default=None, sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)
    #: For all-day events: the calendar day without any zone.
    activity_on: date | None = None
    ends_on: date | None = None
    is_all_day: bool = False
    show_as: str | None = None
    is_child: bool = False
    is_recurrence: bool = False
    is_archived: bool = False
    created_at: datetime = Field(sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
