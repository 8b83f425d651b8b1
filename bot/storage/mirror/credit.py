"""Whom a deal counts for beside its owner now: mirrored OpportunitySplit and owner history."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class OpportunitySplitRow(SQLModel, table=True):
    __tablename__ = "opportunity_split"

    id: str = Field(primary_key=True, max_length=18)
    opportunity_id: str = Field(max_length=18, index=True)
    owner_id: str = Field(max_length=18)
    #: Shares of one kind add up to 100; overlay credit comes on top and does not.
    split_type_id: str | None = Field(default=None, max_length=18)
    percentage: float | None = None
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class OpportunityFieldHistoryRow(SQLModel, table=True):
    """Changes of owner; each comes twice, with the names and with the ids."""

    __tablename__ = "opportunity_field_history"

    id: str = Field(primary_key=True, max_length=18)
    opportunity_id: str = Field(max_length=18, index=True)
    field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
