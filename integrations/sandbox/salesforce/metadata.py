"""The Metadata API: tells of objects and fields, and lets nobody change them."""

import base64
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape

from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.soap import (
    element,
    elements,
    fault,
    operation_of,
    response,
    without_session,
)
from integrations.sandbox.salesforce.values import instant_text
from integrations.sandbox.salesforce.wire import Call, Reply

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
#: What the types of describe are called here.
_TYPES = {
    "string": "Text", "textarea": "TextArea", "picklist": "Picklist", "boolean": "Checkbox",
    "multipicklist": "MultiselectPicklist", "currency": "Currency", "double": "Number",
    "int": "Number", "percent": "Percent", "date": "Date", "datetime": "DateTime",
    "email": "Email", "phone": "Phone", "url": "Url", "reference": "Lookup",
}  # fmt: skip
_PROCESS = "0AfSB0000000001"
_LOCKED = "the sandbox's metadata cannot be changed"


def metadata(instance: Instance, call: Call, version: str, *, now: datetime) -> Reply:
    document = call.body.decode("utf-8", "replace")
    refusal = without_session(instance, document, now=now)
    if refusal is not None:
        return refusal
    operation = operation_of(document)
    if operation in _ANSWERS:
        return response(NAMESPACE, operation, _ANSWERS[operation](instance, document, version))
    return fault("INVALID_TYPE", f"this sandbox has no Metadata API operation {operation}")


def _describe(instance: Instance, document: str, version: str) -> str:
    del instance, document, version
    children = "".join(f"<childXmlNames>{name}</childXmlNames>" for name in ("CustomField",))
    return (
        f"<result><metadataObjects>{children}<directoryName>objects</directoryName>"
        "<inFolder>false</inFolder><metaFile>false</metaFile><suffix>object</suffix>"
        "<xmlName>CustomObject</xmlName></metadataObjects>"
        "<organizationNamespace></organizationNamespace>"
        "<partialSaveAllowed>true</partialSaveAllowed><testRequired>false</testRequired></result>"
    )


def _list(instance: Instance, document: str, version: str) -> str:
    """Objects, or fields; of all else there is nothing."""
    del version
    asked = set(elements(document, "type"))
    found = []
    for sobject in instance.schema.objects.values():
        if "CustomObject" in asked:
            found.append(_properties(instance, sobject, sobject.name, "CustomObject"))
        if "CustomField" in asked:
            found += [
                _properties(instance, sobject, f"{sobject.name}.{field.name}", "CustomField")
                for field in sobject.fields
                if field.custom
            ]
    return "".join(found)


def _properties(instance: Instance, sobject: SObject, name: str, kind: str) -> str:
    stamp = instant_text(instance.started_at).replace("+0000", "Z")
    user, person = instance.credentials.user_id, escape(instance.credentials.display_name)
    return (
        f"<result><createdById>{user}</createdById><createdByName>{person}</createdByName>"
        f"<createdDate>{stamp}</createdDate>"
        f"<fileName>objects/{sobject.name}.object</fileName><fullName>{name}</fullName>"
        f"<id>{long_id(f'01ISB0{sobject.prefix}000001')}</id>"
        f"<lastModifiedById>{user}</lastModifiedById>"
        f"<lastModifiedByName>{person}</lastModifiedByName>"
        f"<lastModifiedDate>{stamp}</lastModifiedDate><type>{kind}</type></result>"
    )


def _read(instance: Instance, document: str, version: str) -> str:
    """A name that is not there stands for itself, empty."""
    del version
    kind = element(document, "type")
    records = []
    for name in elements(document, "fullNames"):
        sobject = instance.schema.find(name) if kind == "CustomObject" else None
        inner = "" if sobject is None else _object(sobject)
        records.append(f'<records xsi:type="{escape(kind)}">{inner}</records>')
    return f"<result>{''.join(records)}</result>"


def _object(sobject: SObject) -> str:
    fields = "".join(map(_field, sobject.fields))
    return f"<fullName>{sobject.name}</fullName>{fields}<label>{escape(sobject.label)}</label>"


def _field(field: Field) -> str:
    kind = _TYPES.get(field.kind)
    described = "" if kind is None else f"<type>{kind}</type>"
    length = f"<length>{field.length}</length>" if kind == "Text" and field.length else ""
    label = field.column.removesuffix("__c")
    return (
        f"<fields><fullName>{field.name}</fullName><label>{label}</label>{length}"
        f"<required>{str(field.required).lower()}</required>{described}</fields>"
    )


def _value_type(instance: Instance, document: str, version: str) -> str:
    del instance, document, version
    return (
        "<result><apiCreatable>false</apiCreatable><apiDeletable>false</apiDeletable>"
        "<apiReadable>true</apiReadable><apiUpdatable>false</apiUpdatable></result>"
    )


def _locked(instance: Instance, document: str, version: str) -> str:
    del instance, version
    names = elements(document, "fullName") or elements(document, "fullNames")
    names = names or elements(document, "oldFullName") or [""]
    return "".join(
        f"<result><errors><message>{_LOCKED}</message>"
        "<statusCode>INSUFFICIENT_ACCESS_OR_READONLY</statusCode></errors>"
        f"<fullName>{escape(name)}</fullName><success>false</success></result>"
        for name in names[:1]
    )


def _begun(instance: Instance, document: str, version: str) -> str:
    del instance, document, version
    process = long_id(_PROCESS)
    return f"<result><done>false</done><id>{process}</id><state>Queued</state></result>"


def _deployed(instance: Instance, document: str, version: str) -> str:
    del instance, version
    failure = (
        "<componentFailures><componentType></componentType><fileName>package.xml</fileName>"
        f"<problem>{_LOCKED}</problem><problemType>Error</problemType>"
        "<success>false</success></componentFailures>"
    )
    return (
        f"<result><details>{failure}</details><done>true</done>"
        f"<id>{escape(element(document, 'asyncProcessId'))}</id>"
        "<numberComponentErrors>1</numberComponentErrors>"
        "<numberComponentsDeployed>0</numberComponentsDeployed>"
        "<numberComponentsTotal>1</numberComponentsTotal><numberTestErrors>0</numberTestErrors>"
        "<numberTestsCompleted>0</numberTestsCompleted><numberTestsTotal>0</numberTestsTotal>"
        "<status>Failed</status><success>false</success></result>"
    )


def _retrieved(instance: Instance, document: str, version: str) -> str:
    """A package with nothing in it but its list."""
    del instance
    content = ""
    if element(document, "includeZip").lower() != "false":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            listed = f'<Package xmlns="{NAMESPACE}"><version>{version}</version></Package>'
            archive.writestr("package.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{listed}')
        content = f"<zipFile>{base64.b64encode(packed.getvalue()).decode()}</zipFile>"
    return (
        f"<result><done>true</done><id>{escape(element(document, 'asyncProcessId'))}</id>"
        f"<status>Succeeded</status><success>true</success>{content}</result>"
    )


_ANSWERS: Mapping[str, Callable[[Instance, str, str], str]] = {
    "describeMetadata": _describe,
    "describeValueType": _value_type,
    "listMetadata": _list,
    "readMetadata": _read,
    "createMetadata": _locked,
    "updateMetadata": _locked,
    "upsertMetadata": _locked,
    "deleteMetadata": _locked,
    "renameMetadata": _locked,
    "deploy": _begun,
    "checkDeployStatus": _deployed,
    "retrieve": _begun,
    "checkRetrieveStatus": _retrieved,
}
