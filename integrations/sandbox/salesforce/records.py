"""Single records over REST: read, create, change, delete, restore, upsert."""

import base64
from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.addresses import address_text
from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError, no_such_column, not_found
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.multipart import is_multipart, parts
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.values import Stored, to_json
from integrations.sandbox.salesforce.wire import Call, Reply
from integrations.sandbox.salesforce.writing import (
    create,
    delete,
    find_record,
    own_user,
    record_with,
    update,
)


def to_body(
    sobject: SObject,
    record: dict[str, Stored],
    *,
    base: str,
    names: list[str] | None = None,
) -> dict[str, object]:
    """The record as JSON. Raises ApiError for a name that the object does not have."""
    url = f"{base}/sobjects/{sobject.name}/{record['Id']}"
    body: dict[str, object] = {"attributes": {"type": sobject.name, "url": url}}
    fields: list[Field] = list(sobject.fields)
    if names is not None:
        fields = []
        for name in names:
            field = sobject.field(name)
            if field is None:
                raise no_such_column(name, sobject.name)
            fields.append(field)
        fields += [field for field in sobject.fields if field.name == "Id" and field not in fields]
    for field in fields:
        convert, value = to_json(field), record.get(field.column)
        if field.kind == "address":
            value = address_text(sobject, field, record)
        if field.kind == "base64" and value is not None:
            value = f"{url}/{field.name}"
        body[field.name] = value if convert is None or value is None else convert(value)
    return body


def field_names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] if text else None


def read_record(
    instance: Instance, call: Call, name: str, record_id: str, *, now: datetime
) -> Reply:
    del now
    sobject = sobject_named(instance, name)
    if sobject.name == "User" and long_id(record_id) == instance.credentials.user_id:
        record = own_user(instance)
    else:
        record = find_record(instance, sobject, record_id)
    names = field_names(call.query.get("fields"))
    return Reply(body=to_body(sobject, record, base=call.base, names=names))


def create_record(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    sobject = sobject_named(instance, name)
    body = _with_file(call) if is_multipart(call) else call.json_object()
    record_id = create(instance, sobject, body, now=now)
    location = f"{call.base}/sobjects/{sobject.name}/{record_id}"
    answer = {"id": record_id, "success": True, "errors": []}
    return Reply(status=201, body=answer, headers={"Location": location})


def _with_file(call: Call) -> dict[str, Any]:
    """The first part holds the fields, whatever its name; the others are files by field."""
    (_, document), *files = parts(call).items()
    body = replace(call, body=document).json_object()
    return body | {name: base64.b64encode(content).decode() for name, content in files}


def update_record(
    instance: Instance, call: Call, name: str, record_id: str, *, now: datetime
) -> Reply:
    sobject = sobject_named(instance, name)
    update(instance, sobject, record_id, call.json_object(), now=now)
    return Reply(status=204)


def delete_record(
    instance: Instance, call: Call, name: str, record_id: str, *, now: datetime
) -> Reply:
    del call
    delete(instance, sobject_named(instance, name), record_id, now=now)
    return Reply(status=204)


def _external_id(instance: Instance, sobject_name: str, field_name: str) -> tuple[SObject, Field]:
    sobject = sobject_named(instance, sobject_name)
    field = sobject.field(field_name)
    if field is None or not (field.external_id or field.kind == "id"):
        raise not_found(
            f"Provided external ID field does not exist or is not accessible: {field_name}"
        )
    return sobject, field


def read_by_external_id(
    instance: Instance, call: Call, name: str, field_name: str, value: str, *, now: datetime
) -> Reply:
    del now
    sobject, field = _external_id(instance, name, field_name)
    record = record_with(instance, sobject, field, value)
    if record is None:
        raise not_found()
    names = field_names(call.query.get("fields"))
    return Reply(body=to_body(sobject, record, base=call.base, names=names))


def upsert_record(
    instance: Instance, call: Call, name: str, field_name: str, value: str, *, now: datetime
) -> Reply:
    sobject, field = _external_id(instance, name, field_name)
    body = call.json_object()
    if any(key.lower() == field.name.lower() for key in body):
        raise ApiError(
            400,
            "INVALID_FIELD",
            f"The {field.name} field should not be specified in the sobject data.",
            fields=(field.name,),
        )
    record = record_with(instance, sobject, field, value)
    if record is None:
        record_id = create(instance, sobject, {**body, field.name: value}, now=now)
        created = {"id": record_id, "success": True, "errors": [], "created": True}
        return Reply(status=201, body=created)
    record_id = str(record["Id"])
    update(instance, sobject, record_id, body, now=now)
    return Reply(body={"id": record_id, "success": True, "errors": [], "created": False})


def delete_by_external_id(
    instance: Instance, call: Call, name: str, field_name: str, value: str, *, now: datetime
) -> Reply:
    del call
    sobject, field = _external_id(instance, name, field_name)
    record = record_with(instance, sobject, field, value)
    if record is None:
        raise not_found()
    delete(instance, sobject, str(record["Id"]), now=now)
    return Reply(status=204)
