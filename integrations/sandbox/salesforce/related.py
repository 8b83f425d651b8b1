"""Below a single record: its parents, its children, its files; and a user's password."""

import base64
from datetime import datetime

from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError, not_found
from integrations.sandbox.salesforce.ids import ID, long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.queries import answered
from integrations.sandbox.salesforce.records import field_names, read_by_external_id, to_body
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.wire import Call, Reply
from integrations.sandbox.salesforce.writing import find_record

SHORTEST_PASSWORD = 8


def read_below(
    instance: Instance, call: Call, name: str, first: str, second: str, *, now: datetime
) -> Reply:
    """``/Account/001.../Contacts``, or else ``/Account/External_Key__c/some key``."""
    sobject = sobject_named(instance, name)
    if sobject.field(first) is not None or not ID.fullmatch(first):
        return read_by_external_id(instance, call, name, first, second, now=now)
    record = find_record(instance, sobject, first)
    field = sobject.field(second)
    if field is not None and field.kind == "base64":
        content = base64.b64decode(str(record.get(field.column) or ""))
        media_type = record.get("ContentType") or "application/octet-stream"
        return Reply(content=content, media_type=str(media_type))
    link = sobject.parent_field(second)
    if link is not None:
        return _parent(instance, call, link.targets, record.get(link.column))
    return _children(instance, call, sobject, str(record["Id"]), second, now=now)


def _parent(instance: Instance, call: Call, targets: tuple[str, ...], record_id: object) -> Reply:
    for target in targets:
        sobject = instance.schema.find(target)
        if sobject is not None and record_id is not None:
            try:
                record = find_record(instance, sobject, str(record_id))
            except ApiError:
                continue
            names = field_names(call.query.get("fields"))
            return Reply(body=to_body(sobject, record, base=call.base, names=names))
    raise not_found("The requested resource does not exist")


def _children(
    instance: Instance, call: Call, parent: SObject, record_id: str, name: str, *, now: datetime
) -> Reply:
    found = instance.schema.children(parent, name)
    if found is None:
        raise not_found()
    child, link = found
    names = field_names(call.query.get("fields")) or [field.name for field in child.fields]
    statement = (
        f"SELECT {', '.join(names)} FROM {child.name} WHERE {link.name} = '{record_id}' "  # noqa: S608 -- SOQL, which is read as such
        "ORDER BY Id"
    )
    return answered(instance, call, statement, now=now, all_rows=False)


def read_password(instance: Instance, call: Call, user: str, *, now: datetime) -> Reply:
    del call, now
    _known_user(instance, user)
    return Reply(body={"isExpired": False})


def set_password(instance: Instance, call: Call, user: str, *, now: datetime) -> Reply:
    del now
    _known_user(instance, user)
    wanted = str(call.json_object().get("NewPassword", ""))
    if len(wanted) < SHORTEST_PASSWORD:
        message = f"Your password must be at least {SHORTEST_PASSWORD} characters long."
        raise ApiError(400, "INVALID_NEW_PASSWORD", message, fields=())
    return Reply(status=204)


def reset_password(instance: Instance, call: Call, user: str, *, now: datetime) -> Reply:
    del call, now
    _known_user(instance, user)
    return Reply(body={"NewPassword": "sandbox-new-password"})


def _known_user(instance: Instance, user: str) -> None:
    """Nobody's password is kept, save that of the one who logs in here, and that stays as it is."""
    if long_id(user) != instance.credentials.user_id:
        find_record(instance, sobject_named(instance, "User"), user)
