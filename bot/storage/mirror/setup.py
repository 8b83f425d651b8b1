"""What an org has set up: mirrored RecordType, CurrencyType and DatedConversionRate."""

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
