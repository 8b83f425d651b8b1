"""What both Bulk APIs do with the rows that were sent: one record each, as the operation says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.errors import ApiError, WrongType
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.writing import create, delete, find_record, record_with, update

OPERATIONS = frozenset({"insert", "update", "upsert", "delete", "hardDelete"})
#: A cell that empties a field; a blank one leaves it as it is.
NO_VALUE = "#N/A"

#: A row's fields; ``Account.External_Key__c`` names a parent by a value of its own.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    operation: str
    sobject: SObject
    #: The field by which an upsert knows a record.
    external_id: str | None = None


def from_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    """What a line of CSV says: blank cells say nothing."""
    return {name: None if cell == NO_VALUE else cell for name, cell in cells.items() if cell}


def carry_out(instance: Instance, load: Load, values: Values, *, now: datetime) -> tuple[str, bool]:
    """The record's id and whether it is new. Raises ApiError, and then nothing has changed."""
    try:
        with instance.store.transaction():
            return _CHANGES[load.operation](instance, load, values, now)
    except WrongType as wrong:
        raise wrong.of_record() from None


def _fields(instance: Instance, load: Load, values: Values) -> dict[str, Any]:
    """Raises ApiError for a parent that nobody knows."""
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if name.lower() == "id":
            continue
        if "." in name:
            link, parent_id = _parent(instance, load.sobject, name, str(value))
            fields[link.name] = parent_id
        else:
            fields[name] = value
    return fields


def _parent(instance: Instance, sobject: SObject, name: str, value: str) -> tuple[Field, str]:
    relationship, _, key = name.partition(".")
    link = sobject.parent_field(relationship)
    target = instance.schema.find(link.targets[0]) if link else None
    known = target.field(key) if target else None
    if link is None or target is None or known is None:
        raise ApiError(400, "INVALID_FIELD", f"Foreign key external ID: {name} is not known")
    record = record_with(instance, target, known, value)
    if record is None:
        raise ApiError(400, "INVALID_FIELD", f"Foreign key external ID: {value} not found for "
                       f"field {key} in entity {target.name}")  # fmt: skip
    return link, str(record["Id"])


def id_of(values: Values) -> str:
    return next((str(value) for name, value in values.items() if name.lower() == "id"), "")


def _insert(instance: Instance, load: Load, values: Values, now: datetime) -> tuple[str, bool]:
    return create(instance, load.sobject, _fields(instance, load, values), now=now), True


def _update(instance: Instance, load: Load, values: Values, now: datetime) -> tuple[str, bool]:
    record_id = long_id(id_of(values))
    update(instance, load.sobject, record_id, _fields(instance, load, values), now=now)
    return record_id, False


def _upsert(instance: Instance, load: Load, values: Values, now: datetime) -> tuple[str, bool]:
    key = load.sobject.field(str(load.external_id))
    if key is None or key.kind == "id":
        change = _update if id_of(values) else _insert
        return change(instance, load, values, now)
    fields = _fields(instance, load, values)
    record = record_with(instance, load.sobject, key, str(fields.get(key.name, "")))
    if record is None:
        return create(instance, load.sobject, fields, now=now), True
    del fields[key.name]
    update(instance, load.sobject, str(record["Id"]), fields, now=now)
    return str(record["Id"]), False


def _delete(instance: Instance, load: Load, values: Values, now: datetime) -> tuple[str, bool]:
    record_id = long_id(id_of(values))
    delete(instance, load.sobject, record_id, now=now)
    return record_id, False


def _hard_delete(instance: Instance, load: Load, values: Values, now: datetime) -> tuple[str, bool]:
    record = find_record(instance, load.sobject, id_of(values), deleted_too=True)
    record_id = str(record["Id"])
    instance.store.delete(load.sobject, record_id, at=now, hard=True)
    return record_id, False


_CHANGES: Mapping[str, Callable[[Instance, Load, Values, datetime], tuple[str, bool]]] = {
    "insert": _insert,
    "update": _update,
    "upsert": _upsert,
    "delete": _delete,
    "hardDelete": _hard_delete,
}
