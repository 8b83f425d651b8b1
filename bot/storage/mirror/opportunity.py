"""Deals: mirrored Opportunity, OpportunityHistory, OpportunityContactRole, stages and quotas.

Money is kept as whole hundredths of its currency, so that sums are exact on every database.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class OpportunityRow(SQLModel, table=True):
    __tablename__ = "opportunity"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    account_id: str | None = Field(default=None, max_length=18, index=True)
    owner_id: str = Field(max_length=18, index=True)
    amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)
    stage_name: str
    close_on: date
    is_won: bool = False
    is_closed: bool = False
    probability: float | None = None
    forecast_category: str | None = None
    type: str | None = None
    record_type_id: str | None = Field(default=None, max_length=18)
    lead_source: str | None = None
    next_step: str | None = None
    #: In per cent, where app.yaml says which field holds it.
    discount: float | None = None
    #: In per cent of the amount, where app.yaml says which field holds it.
    margin: float | None = None
    #: Why it was lost, where app.yaml says which field holds it.
    loss_reason: str | None = None
    last_activity_on: date | None = None
    last_stage_change_at: datetime | None = Field(default=None, sa_type=Instant)
    push_count: int | None = None
    created_at: datetime = Field(sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class OpportunityHistoryRow(SQLModel, table=True):
    """One row for each change of amount, probability, stage or close date."""

    __tablename__ = "opportunity_history"

    id: str = Field(primary_key=True, max_length=18)
    opportunity_id: str = Field(max_length=18, index=True)
    created_by_id: str | None = Field(default=None, max_length=18)
    created_at: datetime = Field(sa_type=Instant)
    stage_name: str
    amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    close_on: date | None = None
    probability: float | None = None
    forecast_category: str | None = None
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class OpportunityContactRoleRow(SQLModel, table=True):
    __tablename__ = "opportunity_contact_role"

    id: str = Field(primary_key=True, max_length=18)
    opportunity_id: str = Field(max_length=18, index=True)
    contact_id: str = Field(max_length=18, index=True)
    role: str | None = None
    is_primary: bool = False
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class OpportunityStageRow(SQLModel, table=True):
    """The stages of the org in their order; absent where the integration user may not read them."""

    __tablename__ = "opportunity_stage"

    id: str = Field(primary_key=True, max_length=18)
    #: MasterLabel: what OpportunityHistory.StageName carries.
    name: str = Field(index=True)
    sort_order: int | None = None
    is_closed: bool = False
    is_won: bool = False
    is_active: bool = True
    forecast_category: str | None = None
    probability: float | None = None
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class QuotaRow(SQLModel, table=True):
    """Mirrored ForecastingQuota."""

    __tablename__ = "quota"

    id: str = Field(primary_key=True, max_length=18)
    owner_id: str = Field(max_length=18, index=True)
    starts_on: date
    amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
