"""What describes the user interface: layouts, list views, tabs. The sandbox has a plain one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.describe import MASTER, describe_field, plural, sobject_named
from integrations.sandbox.salesforce.errors import not_found
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.wire import Call, Reply

COLUMNS = 2
MOST_RECENT = 200


def _layout_id(sobject: SObject) -> str:
    return long_id(f"00hSB0{sobject.prefix}000001")


def layouts(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del now
    sobject = sobject_named(instance, name)
    mapping = {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "layoutId": _layout_id(sobject),
        "master": True,
        "name": "Master",
        "picklistsForRecordType": [],
        "recordTypeId": MASTER,
        "urls": {"layout": f"{call.base}/sobjects/{sobject.name}/describe/layouts/{MASTER}"},
    }
    body = {
        "layouts": [_layout(instance, sobject)],
        "recordTypeMappings": [mapping],
        "recordTypeSelectorRequired": [False],
    }
    return Reply(body=body)


def layout(instance: Instance, call: Call, name: str, record_type: str, *, now: datetime) -> Reply:
    del call, now
    sobject = sobject_named(instance, name)
    if long_id(record_type) not in {MASTER, _layout_id(sobject)}:
        raise not_found()
    return Reply(body=_layout(instance, sobject))


def _layout(instance: Instance, sobject: SObject) -> dict[str, Any]:
    """All fields in one section of two columns."""
    items = [_item(each) for each in _fields(instance, sobject)]
    rows = [
        {"layoutItems": items[start : start + COLUMNS], "numItems": COLUMNS}
        for start in range(0, len(items), COLUMNS)
    ]
    section = {
        "columns": COLUMNS,
        "heading": f"{sobject.label} Information",
        "layoutRows": rows,
        "rows": len(rows),
        "tabOrder": "LeftToRight",
        "useCollapsibleSection": False,
        "useHeading": False,
    }
    return {
        "buttonLayoutSection": {"detailButtons": []},
        "detailLayoutSections": [section],
        "editLayoutSections": [section],
        "feedView": None,
        "highlightsPanelLayoutSection": None,
        "id": _layout_id(sobject),
        "multirowEditLayoutSections": [],
        "offlineLinks": [],
        "quickActionList": {"quickActionListItems": []},
        "relatedContent": None,
        "relatedLists": [],
        "saveOptions": [],
    }


def _fields(instance: Instance, sobject: SObject) -> Iterator[dict[str, Any]]:
    for field in sobject.fields:
        yield describe_field(instance, sobject, field)


def _item(field: dict[str, Any]) -> dict[str, Any]:
    component = {
        "details": field,
        "displayLines": 1,
        "tabOrder": 1,
        "type": "Field",
        "value": field["name"],
    }
    return {
        "editableForNew": field["createable"],
        "editableForUpdate": field["updateable"],
        "label": field["label"],
        "layoutComponents": [component],
        "placeholder": False,
        "required": not field["nillable"] and field["createable"],
    }


def compact_layouts(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del call, now
    sobject_named(instance, name)
    mapping = {
        "available": True,
        "compactLayoutId": None,
        "compactLayoutName": "SYSTEM",
        "recordTypeId": MASTER,
        "recordTypeName": "Master",
    }
    body = {
        "compactLayouts": [],
        "defaultCompactLayoutId": None,
        "recordTypeCompactLayoutMappings": [mapping],
    }
    return Reply(body=body)


def approval_layouts(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del call, now
    sobject_named(instance, name)
    return Reply(body={"approvalLayouts": []})


def list_views(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del call, now
    sobject = sobject_named(instance, name)
    return Reply(body={"done": True, "listviews": [], "nextRecordsUrl": None, "size": 0,
                       "sobjectType": sobject.name})  # fmt: skip


def quick_actions(instance: Instance, call: Call, name: str = "", *, now: datetime) -> Reply:
    del call, now
    if name:
        sobject_named(instance, name)
    return Reply(body=[])


def recent(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """Nobody has looked at anything: what changed last stands in for it."""
    del now
    asked = call.query.get("limit", "")
    most = min(int(asked), MOST_RECENT) if asked.isdigit() else MOST_RECENT
    found: list[tuple[str, str, str, str]] = []
    for sobject in instance.schema.objects.values():
        if sobject.writable and {"Name", "LastModifiedDate"} <= {f.name for f in sobject.fields}:
            rows = instance.store.database.rows(
                f"SELECT LastModifiedDate, Id, Name FROM {quoted(sobject.name)} "  # noqa: S608 -- the name comes from the schema
                "WHERE Name IS NOT NULL ORDER BY LastModifiedDate DESC, Id LIMIT ?",
                (most,),
            )
            found += [(str(at), str(row_id), str(name), sobject.name) for at, row_id, name in rows]
    found.sort(reverse=True)
    return Reply(
        body=[
            {
                "attributes": {"type": kind, "url": f"{call.base}/sobjects/{kind}/{record_id}"},
                "Id": record_id,
                "Name": name,
            }
            for _, record_id, name, kind in found[:most]
        ]
    )


def tabs(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del call, now
    return Reply(
        body=[
            {
                "colors": [],
                "custom": item.name.endswith("__c"),
                "iconUrl": None,
                "icons": [],
                "label": plural(item.label),
                "miniIconUrl": None,
                "name": f"standard-{item.name}",
                "sobjectName": item.name,
                "url": f"/{item.prefix}/o",
            }
            for item in instance.schema.objects.values()
            if item.writable
        ]
    )


def theme(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del call, now
    items = [{"colors": [], "icons": [], "name": name} for name in instance.schema.objects]
    return Reply(body={"themeItems": items})
