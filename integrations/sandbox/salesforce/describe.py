"""What the simulated Salesforce says about its objects and fields."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from integrations.sandbox.salesforce.errors import not_found
from integrations.sandbox.salesforce.faults import FaultKind
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.wire import Call, Reply

SOAP_TYPES = {
    "id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int",
    "double": "xsd:double", "currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date",
    "datetime": "xsd:dateTime", "address": "urn:address", "base64": "xsd:base64Binary",
}  # fmt: skip
#: Fields whose values Salesforce limits to a list.
RESTRICTED = frozenset({("Opportunity", "StageName"), ("Task", "TaskSubtype")})
PICKLIST_TYPES = frozenset({"picklist", "multipicklist", "combobox"})
MOST_CHOICES = 1_000
#: The record type of objects that have none.
MASTER = "012000000000000AAA"
#: What describe says of every field of this organisation.
_UNVARYING = {
    **dict.fromkeys(
        ("aiPredictionField", "autoNumber", "dependentPicklist", "displayLocationInDecimal",
         "encrypted", "formulaTreatNullNumberAsZero", "highScaleNumber", "htmlFormatted",
         "restrictedDelete", "searchPrefilterable"),
        False,
    ),
    **dict.fromkeys(
        ("controllerName", "defaultValueFormula", "extraTypeInfo", "filteredLookupInfo",
         "inlineHelpText", "mask", "maskType", "referenceTargetField")
    ),
    # Formula fields would be calculated; what Salesforce itself keeps up to date is not.
    "calculated": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "caseSensitive": False,
    "deprecatedAndHidden": False,
    "queryByDistance": False,
    "relationshipOrder": None,
    "writeRequiresMasterRead": False,
}  # fmt: skip
#: And of every object.
_UNVARYING_OF_OBJECTS: dict[str, Any] = {
    **dict.fromkeys(("dataTranslationEnabled", "deepCloneable", "isInterface"), False),
    **dict.fromkeys(
        ("associateEntityType", "associateParentEntity", "defaultImplementation", "extendedBy",
         "extendsInterfaces", "implementedBy", "implementsInterfaces")
    ),
}  # fmt: skip
#: What may be chosen where anything may be written.
SUBJECTS = ("Call", "Email", "Other", "Send Letter", "Send Quote")
TASK_SUBTYPES = ("Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn")


def sobject_named(instance: Instance, name: str) -> SObject:
    """Raises ApiError (404)."""
    sobject = instance.schema.find(name)
    if sobject is None:
        raise not_found()
    return sobject


def choices(instance: Instance, sobject: SObject, field: Field) -> list[str]:
    """The values of a picklist: the stages, or whatever records hold or held."""
    if field.kind not in PICKLIST_TYPES:
        return []
    if (sobject.name, field.name) == ("Opportunity", "StageName"):
        return [stage.name for stage in instance.store.stages.values()]
    if (sobject.name, field.name) == ("Task", "TaskSubtype"):
        return list(TASK_SUBTYPES)
    if field.kind == "combobox":
        return [*SUBJECTS, *(["Meeting"] if sobject.name == "Event" else [])]
    return instance.store.database.values(sobject.name, field.column, most=MOST_CHOICES)


def plural(label: str) -> str:
    """Opportunities, Tasks, User Roles."""
    if label.endswith("y") and label[-2:-1] not in "aeiou":
        return f"{label[:-1]}ies"
    return f"{label}s"


def _flags(sobject: SObject) -> dict[str, Any]:
    return {
        **_UNVARYING_OF_OBJECTS,
        "activateable": False,
        "createable": sobject.writable,
        "custom": sobject.name.endswith("__c"),
        "customSetting": False,
        "deletable": sobject.deletable and sobject.writable,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isSubtype": False,
        "keyPrefix": sobject.prefix,
        "label": sobject.label,
        "labelPlural": plural(sobject.label),
        "layoutable": True,
        "mergeable": sobject.name in {"Account", "Contact", "Lead"},
        "mruEnabled": False,
        "name": sobject.name,
        "queryable": True,
        "replicateable": sobject.replicated and sobject.field("SystemModstamp") is not None,
        "retrieveable": True,
        "searchable": sobject.writable,
        "triggerable": sobject.writable,
        "undeletable": sobject.has_deleted_rows and sobject.writable,
        "updateable": sobject.writable,
    }


def summary(sobject: SObject, base: str) -> dict[str, Any]:
    url = f"{base}/sobjects/{sobject.name}"
    urls = {
        "approvalLayouts": f"{url}/describe/approvalLayouts",
        "compactLayouts": f"{url}/describe/compactLayouts",
        "describe": f"{url}/describe",
        "layouts": f"{url}/describe/layouts",
        "listviews": f"{url}/listviews",
        "quickActions": f"{url}/quickActions",
        "rowTemplate": f"{url}/{{ID}}",
        "sobject": url,
    }
    return {**_flags(sobject), "urls": urls}


def _picklist(instance: Instance, sobject: SObject, field: Field) -> list[dict[str, Any]]:
    retired = {
        (fault.sobject, fault.field, fault.value)
        for fault in instance.faults.standing(FaultKind.RETIRED_VALUE)
    }
    return [
        {"active": True, "defaultValue": False, "label": value, "validFor": None, "value": value}
        for value in choices(instance, sobject, field)
        if (sobject.name, field.name, value) not in retired
    ]


def describe_field(instance: Instance, sobject: SObject, field: Field) -> dict[str, Any]:
    writable = sobject.writable and not field.read_only and field.kind not in {"id", "address"}
    values = _picklist(instance, sobject, field)
    is_number = field.is_number and field.kind != "int"
    return {
        **_UNVARYING,
        "aggregatable": field.is_filterable,
        "byteLength": field.length * 3,
        "compoundFieldName": "Name" if _is_part_of_name(sobject, field) else None,
        "createable": writable,
        "custom": field.custom,
        "defaultValue": False if field.kind == "boolean" else None,
        "defaultedOnCreate": field.kind == "boolean" or not writable,
        "digits": 8 if field.kind == "int" else 0,
        "externalId": field.external_id,
        "filterable": field.is_filterable,
        "groupable": field.is_groupable,
        "idLookup": field.kind == "id" or field.external_id,
        "label": field.column.removesuffix("__c"),
        "length": field.length,
        "name": field.name,
        "nameField": field.name == "Name",
        **dict.fromkeys(("namePointing", "polymorphicForeignKey"), len(field.targets) > 1),
        "nillable": not field.required and field.kind not in {"boolean", "id"},
        "permissionable": not field.required and not field.read_only,
        "picklistValues": values,
        "precision": 18 if is_number else 0,
        "referenceTo": list(field.targets),
        "relationshipName": field.parent_name,
        "restrictedPicklist": (sobject.name, field.name) in RESTRICTED,
        "scale": 2 if is_number else 0,
        "soapType": SOAP_TYPES.get(field.kind, "xsd:string"),
        "sortable": field.is_filterable,
        "type": "string" if field.kind == "idtext" else field.kind,
        "unique": field.external_id,
        "updateable": writable,
    }


def _is_part_of_name(sobject: SObject, field: Field) -> bool:
    return field.name in {"FirstName", "LastName", "Salutation"} and bool(sobject.field("Name"))


def _child_relationships(instance: Instance, sobject: SObject) -> list[dict[str, Any]]:
    return [
        {
            "cascadeDelete": False,
            "childSObject": child.name,
            "deprecatedAndHidden": False,
            "field": field.name,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": field.children,
            "restrictedDelete": False,
        }
        for child in instance.schema.objects.values()
        for field in child.fields
        if sobject.name in field.targets
    ]


def global_describe(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del now
    return Reply(
        body={
            "encoding": "UTF-8",
            "maxBatchSize": 200,
            "sobjects": [
                summary(sobject, call.base) for sobject in instance.schema.objects.values()
            ],
        }
    )


def sobject_info(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del now
    sobject = sobject_named(instance, name)
    return Reply(body={"objectDescribe": summary(sobject, call.base), "recentItems": []})


def describe(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    """304 when the client has seen the present state; fields change only by hidden_field."""
    del now
    sobject = sobject_named(instance, name)
    changed_at = instance.started_at.replace(microsecond=0)
    headers = {"Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)}
    is_whole = instance.schema is instance.store.schema
    if is_whole and _seen_since(call.headers, changed_at):
        return Reply(status=304, headers=headers)
    body = {
        **summary(sobject, call.base),
        "actionOverrides": [],
        "childRelationships": _child_relationships(instance, sobject),
        "compactLayoutable": True,
        "fields": [describe_field(instance, sobject, field) for field in sobject.fields],
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master(sobject, call.base)],
        "searchLayoutable": True,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(sobject),
    }
    return Reply(body=body, headers=headers if is_whole else {})


def _master(sobject: SObject, base: str) -> dict[str, Any]:
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": MASTER,
        "urls": {"layout": f"{base}/sobjects/{sobject.name}/describe/layouts/{MASTER}"},
    }


def _scopes(sobject: SObject) -> list[dict[str, str]]:
    name = plural(sobject.label)
    found = [{"label": f"All {name}", "name": "everything"}]
    if sobject.field("OwnerId") is not None:
        found.append({"label": f"My {name}", "name": "mine"})
    return found


def _seen_since(headers: Mapping[str, str], changed_at: datetime) -> bool:
    given = headers.get("if-modified-since")
    if given is None:
        return False
    try:
        seen = parsedate_to_datetime(given)
    except ValueError:
        return False
    return seen.replace(tzinfo=seen.tzinfo or UTC) >= changed_at
