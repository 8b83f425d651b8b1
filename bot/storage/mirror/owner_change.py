"""Who owned a deal when: the CRM only tells who owns it now."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant, big_identity


class OpportunityOwnerChangeRow(SQLModel, table=True):
    """Seen between two pulls, so ``changed_at`` is the stamp of the first state after it."""

    __tablename__ = "opportunity_owner_change"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    opportunity_id: str = Field(max_length=18, index=True)
    from_owner_id: str = Field(max_length=18)
    to_owner_id: str = Field(max_length=18)
    changed_at: datetime = Field(sa_type=Instant)
