"""People as the CRM knows them: mirrored User and UserRole records."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant


class CrmUserRow(SQLModel, table=True):
    __tablename__ = "crm_user"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    username: str | None = None
    title: str | None = None
    department: str | None = None
    is_active: bool = True
    manager_id: str | None = Field(default=None, max_length=18, index=True)
    user_role_id: str | None = Field(default=None, max_length=18)
    user_type: str | None = None
    time_zone: str | None = None
    locale: str | None = None
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)


class CrmRoleRow(SQLModel, table=True):
    """A place in the role hierarchy (Salesforce UserRole), not our Role."""

    __tablename__ = "crm_role"

    id: str = Field(primary_key=True, max_length=18)
    name: str
    parent_id: str | None = Field(default=None, max_length=18)
    is_deleted: bool = False
    stamp: datetime = Field(sa_type=Instant)
