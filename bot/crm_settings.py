"""The section ``salesforce`` of app.yaml: how to log in there. Secrets are not among it."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import SQLModel

from bot.documents import Document, did_you_mean, places_at
from bot.storage.mirror import MIRROR_TABLES

API_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
#: By these records are known, ordered and counted, so they come from Salesforce's own fields.
NOT_MAPPED = frozenset({"id", "stamp", "is_deleted", "created_at"})


class SalesforcePart(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    login: Literal["auto", "client_credentials", "jwt_bearer", "refresh_token", "password"] = "auto"
    """which login to use; auto takes the best that the SALESFORCE_ variables suffice for"""
    fields: dict[str, str] = Field(default_factory=dict)
    """which of your fields fills a mirror column instead of the usual one"""
    managers: Literal["manager_field", "role_hierarchy"] = "manager_field"
    """who leads whom: the manager in the user's record, or whoever holds the nearest role above"""
    write_back: bool = False
    """whether reps may have next steps, tasks and close dates written there; they are asked"""


def mapped_columns() -> frozenset[str]:
    """Everything that ``fields`` may name, as TABLE.COLUMN."""
    return frozenset(
        f"{table}.{column.name}"
        for table, row in MIRROR_TABLES.items()
        for column in SQLModel.metadata.tables[str(row.__tablename__)].columns
        if column.name not in NOT_MAPPED
    )


def check_fields(document: Document) -> None:
    """Complain about columns that there are not, and about what is no field's API name."""
    known = mapped_columns()
    for place, name in places_at(document, "salesforce", "fields", "*"):
        column = str(place[-1])
        if column not in known:
            hint = did_you_mean(column, known) or "for example `opportunity.discount: Discount__c`"
            document.complain(place, f"there is no mirror column '{column}'", hint=hint)
        if isinstance(name, str) and not API_NAME.fullmatch(name):
            hint = "write the API name that Setup > Object Manager shows, such as Discount__c"
            document.complain(place, f"'{name}' is no field's API name", hint=hint)
