"""Mirrored ProcessInstance: an approval that somebody asked for, and what came of it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class ApprovalRow(SQLModel, table=True):
    """Of records of any kind; whose id begins as a deal's is one of a deal."""

    __tablename__ = "approval"

    id: str = Field(primary_key=True, max_length=18)
    target_id: str = Field(max_length=18, index=True)
    status: str
    submitted_by_id: str | None = Field(default=None, max_length=18)
    created_at: datetime = Field(sa_type=Instant)
    completed_at: datetime | None = Field(default=None, sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
