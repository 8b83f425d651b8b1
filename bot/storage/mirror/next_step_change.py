"""What a deal's next step said before: the CRM only tells what it says now."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant, big_identity


class OpportunityNextStepChangeRow(SQLModel, table=True):
    """Seen between two pulls, so ``changed_at`` is the stamp of the first state after it."""

    __tablename__ = "opportunity_next_step_change"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    opportunity_id: str = Field(max_length=18, index=True)
    before: str | None = None
    after: str | None = None
    changed_at: datetime = Field(sa_type=Instant)
