"""Compound addresses, which are put together from their parts when they are read."""

import json
from collections.abc import Mapping

from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.values import Stored

_PARTS = {
    "city": "City", "country": "Country", "geocodeAccuracy": "GeocodeAccuracy",
    "latitude": "Latitude", "longitude": "Longitude", "postalCode": "PostalCode",
    "state": "State", "street": "Street",
}  # fmt: skip


def parts_of(sobject: SObject, address: Field) -> dict[str, Field | None]:
    """By the names that its JSON has; None for what the object has no field for."""
    stem = address.name.removesuffix("Address")
    return {key: sobject.field(stem + name) for key, name in _PARTS.items()}


def address_sql(alias: str, sobject: SObject, address: Field) -> str:
    """The address as JSON, or NULL where none of its parts is known."""
    columns = {
        key: f'{alias}."{part.column}"' if part else "NULL"
        for key, part in parts_of(sobject, address).items()
    }
    pairs = ", ".join(f"'{key}', {sql}" for key, sql in columns.items())
    known = ", ".join(sql for sql in columns.values() if sql != "NULL") or "NULL"
    own = f'{alias}."{address.column}"'
    return (
        f"CASE WHEN {own} IS NOT NULL THEN {own} "
        f"WHEN COALESCE({known}, NULL) IS NOT NULL THEN JSON_OBJECT({pairs}) END"
    )


def address_text(sobject: SObject, address: Field, record: Mapping[str, Stored]) -> Stored:
    """The same of a record that was read in full."""
    found = {
        key: record.get(part.column) if part else None
        for key, part in parts_of(sobject, address).items()
    }
    is_known = any(value is not None for value in found.values())
    return record.get(address.column) or (json.dumps(found) if is_known else None)
