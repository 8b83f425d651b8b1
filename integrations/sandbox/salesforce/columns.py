"""What ``columns=true`` asks: not the records of a statement but the names of its columns."""

from typing import Any

from integrations.sandbox.salesforce.schema import Field
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.soql.shapes import RecordShape

_APEX_TYPES = {
    "boolean": "Boolean", "int": "Integer", "double": "Double", "currency": "Double",
    "percent": "Double", "date": "Date", "datetime": "Datetime", "id": "Id", "reference": "Id",
}  # fmt: skip


def columns_of(plan: Plan) -> dict[str, Any]:
    fields = {path: field for path, _, field in plan.columns}
    return {
        "columnMetadata": _columns(plan.shape, fields, is_aggregate=plan.is_aggregate),
        "entityName": plan.sobject.name,
        "groupBy": plan.is_aggregate,
        "idSelected": "Id" in fields,
        "keyPrefix": plan.sobject.prefix,
    }


def _columns(
    shape: RecordShape, fields: dict[str, Field], *, path: str = "", is_aggregate: bool = False
) -> list[dict[str, Any]]:
    found = [
        _column(name, fields.get(path + name), is_aggregate=is_aggregate)
        for name, _, _ in shape.fields
    ]
    for name, parent in shape.parents:
        inner = _columns(parent, fields, path=f"{path}{name}.")
        found.append(_column(name, None) | {"joinColumns": inner})
    for name, cases in shape.cases:
        # Of several objects that may be meant, all names.
        inner = [each for case in cases for each in _columns(case, {})]
        found.append(_column(name, None) | {"joinColumns": inner})
    for children in shape.children:
        inner = _columns(children.shape, {})
        found.append(_column(children.name, None, is_aggregate=True) | {"joinColumns": inner})
    return found


def _column(name: str, field: Field | None, *, is_aggregate: bool = False) -> dict[str, Any]:
    kind = field.kind if field else ""
    writable = field is not None and not field.read_only and kind != "id"
    return {
        "aggregate": is_aggregate,
        "apexType": _APEX_TYPES.get(kind, "String"),
        "booleanType": kind == "boolean",
        "columnName": name,
        "custom": field is not None and field.custom,
        "displayName": name,
        "foreignKeyName": None,
        "insertable": writable,
        "joinColumns": [],
        "numberType": field is not None and field.is_number,
        "textType": field is not None and (field.is_text or field.is_id),
        "updatable": writable,
    }
