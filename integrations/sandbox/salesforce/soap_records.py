"""The SOAP API's operations on records: the same deeds as over REST, in other clothes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from integrations.sandbox.salesforce import describe as described
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.loading import Load, carry_out
from integrations.sandbox.salesforce.queries import answered, query_more
from integrations.sandbox.salesforce.records import to_body
from integrations.sandbox.salesforce.search import search
from integrations.sandbox.salesforce.soap_deeds import DEEDS, MOST_RECORDS, soap_instant
from integrations.sandbox.salesforce.soap_elements import (
    Operation,
    errors,
    field_values,
    members,
    name_of,
    text,
    texts,
)
from integrations.sandbox.salesforce.soap_setup import SETUP
from integrations.sandbox.salesforce.wire import Call
from integrations.sandbox.salesforce.writing import find_record


def carried_out(
    instance: Instance, call: Call, operation: str, version: str, *, now: datetime
) -> str | None:
    """What stands in the response; None for an operation that is not known. Raises ApiError."""
    answer = _ANSWERS.get(operation)
    if answer is None:
        return None
    try:
        document = ET.fromstring(call.body)  # noqa: S314 -- a server on loopback, and expat limits what entities may grow to
    except ET.ParseError as error:
        raise ApiError(400, "INVALID_TYPE", f"the request is no XML: {error}") from None
    body = next(each for each in document.iter() if name_of(each) == operation)
    size = next((each.text for each in document.iter() if name_of(each) == "batchSize"), None)
    options = {"sforce-query-options": f"batchSize={size}"} if size else {}
    return answer(instance, replace(call, version=version, headers=options), body, now)


def _query(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    statement, every = text(body, "queryString"), name_of(body) == "queryAll"
    return _page(answered(instance, call, statement, now=now, all_rows=every).body)


def _query_more(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    return _page(query_more(instance, call, text(body, "queryLocator"), now=now).body)


def _page(found: Mapping[str, Any], name: str = "result") -> str:
    following = str(found.get("nextRecordsUrl", "")).rpartition("/")[2]
    locator = (
        f"<queryLocator>{following}</queryLocator>"
        if following
        else '<queryLocator xsi:nil="true"/>'
    )
    records = "".join(_record("records", each) for each in found["records"])
    done = str(found["done"]).lower()
    return (
        f"<{name}><done>{done}</done>{locator}{records}<size>{found['totalSize']}</size></{name}>"
    )


def _record(name: str, record: Mapping[str, Any]) -> str:
    fields = {key: value for key, value in record.items() if key != "attributes"}
    kind = record["attributes"]["type"]
    record_id = fields.get("Id")
    known = '<sf:Id xsi:nil="true"/>' if record_id is None else f"<sf:Id>{record_id}</sf:Id>"
    inner = "".join(_field(f"sf:{key}", value) for key, value in fields.items())
    return (
        f'<{name} xsi:type="sf:sObject" xmlns:sf="urn:sobject.partner.soap.sforce.com">'
        f"<sf:type>{kind}</sf:type>{known}{inner}</{name}>"
    )


def _field(name: str, value: object) -> str:
    if isinstance(value, dict):
        return _page(value, name) if "records" in value else _record(name, value)
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    told = str(value).lower() if isinstance(value, bool) else soap_instant(value)
    return f"<{name}>{escape(told)}</{name}>"


def _saved(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    """create, update and upsert: one result for each record."""
    del call
    operation = {"create": "insert"}.get(name_of(body), name_of(body))
    key = text(body, "externalIDFieldName") or None
    told = []
    for record in [each for each in body if name_of(each) == "sObjects"][:MOST_RECORDS]:
        kind, values = text(record, "type"), dict(field_values(record))
        told.append(_outcome(instance, operation, kind, values, key, now))
    return "".join(told)


def _deleted(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del call
    told = []
    # Its singular is wrong, and yet what one client sends.
    for record_id in (texts(body, "ids") + texts(body, "id"))[:MOST_RECORDS]:
        sobject = instance.schema.by_prefix(record_id[:3])
        kind = sobject.name if sobject else ""
        told.append(_outcome(instance, "delete", kind, {"Id": record_id}, None, now))
    return "".join(told)


def _outcome(
    instance: Instance,
    operation: str,
    kind: str,
    values: Mapping[str, Any],
    key: str | None,
    now: datetime,
) -> str:
    try:
        sobject = described.sobject_named(instance, kind)
        load = Load(operation=operation, sobject=sobject, external_id=key)
        record_id, created = carry_out(instance, load, values, now=now)
    except ApiError as error:
        return f'<result>{errors(error)}<id xsi:nil="true"/><success>false</success></result>'
    is_new = f"<created>{str(created).lower()}</created>" if operation == "upsert" else ""
    return f"<result>{is_new}<id>{record_id}</id><success>true</success></result>"


def _retrieved(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del now
    sobject = described.sobject_named(instance, text(body, "sObjectType"))
    names = [name.strip() for name in text(body, "fieldList").split(",")]
    found = []
    for record_id in texts(body, "ids"):
        try:
            record = find_record(instance, sobject, record_id)
        except ApiError:
            found.append('<result xsi:nil="true"/>')
        else:
            found.append(_record("result", to_body(sobject, record, base=call.base, names=names)))
    return "".join(found)


def _searched(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    asked = replace(call, query={"q": text(body, "searchString")})
    records = search(instance, asked, now=now).body["searchRecords"]
    found = "".join(f"<searchRecords>{_record('record', each)}</searchRecords>" for each in records)
    return f"<result>{found}</result>"


def _global(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del body
    told = described.global_describe(instance, call, now=now).body
    sobjects = "".join(f"<sobjects>{members(each)}</sobjects>" for each in told["sobjects"])
    return f"<result><encoding>UTF-8</encoding><maxBatchSize>200</maxBatchSize>{sobjects}</result>"


def _sobjects(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    names = texts(body, "sObjectType")
    told = [described.describe(instance, call, name, now=now).body for name in names]
    return "".join(f"<result>{members(each)}</result>" for each in told)


_ANSWERS: Mapping[str, Operation] = {
    "query": _query,
    "queryAll": _query,
    "queryMore": _query_more,
    "create": _saved,
    "update": _saved,
    "upsert": _saved,
    "delete": _deleted,
    "retrieve": _retrieved,
    "describeGlobal": _global,
    "describeSObject": _sobjects,
    "describeSObjects": _sobjects,
    "search": _searched,
    **DEEDS,
    **SETUP,
}
