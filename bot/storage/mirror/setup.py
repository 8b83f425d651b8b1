"""What an org has set up: its year, record types, task statuses and currencies."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class RecordTypeRow(SQLModel, table=True):
    """Of opportunities."""

    __tablename__ = "record_type"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    developer_name: str | None = None
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class CurrencyTypeRow(SQLModel, table=True):
    __tablename__ = "currency_type"

    id: str = Field(primary_key=True, max_length=18)
    currency: str = Field(max_length=3)
    #: So many of it are worth one of the corporate currency.
    units: float
    is_corporate: bool = False
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class DatedConversionRateRow(SQLModel, table=True):
    __tablename__ = "dated_conversion_rate"

    id: str = Field(primary_key=True, max_length=18)
    currency: str = Field(max_length=3)
    begins: date
    #: So many of it are worth one of the corporate currency.
    units: float
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class OrganizationRow(SQLModel, table=True):
    """The org itself, one row."""

    __tablename__ = "organization"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    #: The month that the fiscal year begins with, 1 for January.
    fiscal_start_month: int | None = None
    #: Whether a fiscal year is called after the calendar year it begins in; else that it ends in.
    year_is_named_by_start: bool = False
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class FiscalPeriodRow(SQLModel, table=True):
    """A Month, Quarter, Year or Week of the fiscal year, as ``kind`` says."""

    __tablename__ = "fiscal_period"

    id: str = Field(primary_key=True, max_length=18)
    kind: str | None = None
    starts_on: date
    ends_on: date
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class TaskStatusRow(SQLModel, table=True):
    __tablename__ = "task_status"

    id: str = Field(primary_key=True, max_length=18)
    label: str
    #: What a task's ``status`` holds.
    name: str | None = None
    sort_order: int | None = None
    is_closed: bool = False
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
