"""Whom we sell to: mirrored Account, Contact and Lead records."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class AccountRow(SQLModel, table=True):
    __tablename__ = "account"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    owner_id: str | None = Field(default=None, max_length=18, index=True)
    industry: str | None = None
    type: str | None = None
    #: A person account: the person is a Contact of its own, too, under the id beside.
    is_person: bool = False
    person_contact_id: str | None = Field(default=None, max_length=18, index=True)
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class ContactRow(SQLModel, table=True):
    __tablename__ = "contact"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    account_id: str | None = Field(default=None, max_length=18, index=True)
    owner_id: str | None = Field(default=None, max_length=18)
    title: str | None = None
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class LeadRow(SQLModel, table=True):
    __tablename__ = "lead"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    company: str | None = None
    owner_id: str | None = Field(default=None, max_length=18, index=True)
    status: str | None = None
    lead_source: str | None = None
    is_converted: bool = False
    converted_on: date | None = None
    converted_account_id: str | None = Field(default=None, max_length=18)
    converted_contact_id: str | None = Field(default=None, max_length=18)
    converted_opportunity_id: str | None = Field(default=None, max_length=18)
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
