"""What a describe says of fields, as far as it matters to us."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.ports import CrmField
from integrations.salesforce.crm_object import CrmObject

#: A combobox suggests values and takes any.
CLOSED_LISTS = frozenset({"picklist", "multipicklist"})


def read_fields(crm_object: CrmObject, told: Iterable[Mapping[str, Any]]) -> Sequence[CrmField]:
    columns = {each.field: each.name for each in crm_object.columns}
    return [
        CrmField(
            name=str(each["name"]),
            column=columns.get(str(each["name"])),
            label=str(each.get("label") or ""),
            kind=str(each.get("type") or ""),
            values=_values(each),
        )
        for each in told
        if each.get("name")
    ]


def _values(told: Mapping[str, Any]) -> Sequence[str] | None:
    if told.get("type") not in CLOSED_LISTS:
        return None
    listed = told.get("picklistValues") or ()
    return [str(each.get("value")) for each in listed if each.get("active", True)]
