"""Create, change and delete records the way the API allows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.derived import PEOPLE, derive
from integrations.sandbox.salesforce.describe import RESTRICTED, choices
from integrations.sandbox.salesforce.errors import ApiError, not_found
from integrations.sandbox.salesforce.faults import FaultKind
from integrations.sandbox.salesforce.files import file_values
from integrations.sandbox.salesforce.ids import ID, long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.values import Stored, from_json, instant_text

#: A change of any of these writes a row of OpportunityHistory.
TRACKED = ("Amount", "Probability", "StageName", "CloseDate")
PERCENT = 100
#: Salesforce fills these when the client does not.
_DEFAULTED_REQUIRED = frozenset({"Alias", "Email"})


def find_record(
    instance: Instance, sobject: SObject, record_id: str, *, deleted_too: bool = False
) -> dict[str, Stored]:
    """Raises ApiError (404) when it is not there, or deleted."""
    missing = not_found(
        f"Provided external ID field does not exist or is not accessible: {record_id}"
    )
    if not ID.fullmatch(record_id):
        raise missing
    record = instance.store.record(sobject, long_id(record_id))
    if record is None:
        raise missing
    if record.get("IsDeleted") and not deleted_too:
        raise ApiError(404, "ENTITY_IS_DELETED", "entity is deleted", fields=())
    return record


def _unsupported(sobject: SObject, verb: str) -> ApiError:
    code = "INSUFFICIENT_ACCESS_OR_READONLY"
    if verb != "delete":
        code = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    return ApiError(400, code, f"entity type {sobject.name} does not support {verb}", fields=())


def create(instance: Instance, sobject: SObject, body: Mapping[str, Any], *, now: datetime) -> str:
    """Store a new record and return its id. Raises ApiError."""
    if not sobject.writable:
        raise _unsupported(sobject, "create")
    values = _checked(instance, sobject, body)
    missing = [
        field.name
        for field in sobject.fields
        if field.required
        and not field.read_only
        and values.get(field.name) is None
        and field.name not in _DEFAULTED_REQUIRED
    ]
    if missing:
        raise ApiError(
            400,
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(missing)}]",
            fields=tuple(missing),
        )
    user = instance.credentials.user_id
    defaults: dict[str, Stored] = {"OwnerId": user, "CreatedById": user, "LastModifiedById": user}
    if sobject.name == "Opportunity" and values.get("Probability") is None:
        stage = instance.store.stages.get(str(values.get("StageName")).lower())
        defaults["Probability"] = stage.probability if stage else None
    values = {**{k: v for k, v in defaults.items() if sobject.field(k)}, **values}
    values |= file_values(instance, sobject, values, now=now)
    _show_own_user(instance, now=now)
    record_id = instance.store.minter.mint(sobject.prefix)
    while instance.store.record(sobject, record_id) is not None:
        record_id = instance.store.minter.mint(sobject.prefix)
    _put(instance, sobject, record_id, values, before={}, now=now)
    return record_id


def own_user(instance: Instance) -> dict[str, Stored]:
    """Whoever logs in can read who they are, though nobody in the organisation's data is they."""
    credentials = instance.credentials
    users = instance.store.schema.objects["User"]
    first, _, last = credentials.display_name.rpartition(" ")
    own: dict[str, Stored] = {
        "Id": credentials.user_id,
        "Username": credentials.username,
        "Email": credentials.username,
        "Name": credentials.display_name,
        "FirstName": first or None,
        "LastName": last,
        "Alias": "integ",
        "IsActive": 1,
        "UserType": "Standard",
        "TimeZoneSidKey": credentials.zone,
    }
    return own | (instance.store.record(users, credentials.user_id) or {})


def _show_own_user(instance: Instance, *, now: datetime) -> None:
    """Who has made a record is there to be found as its owner."""
    users = instance.store.schema.objects["User"]
    if instance.store.record(users, instance.credentials.user_id) is None:
        instance.store.put(users, instance.credentials.user_id, own_user(instance), at=now)


def update(
    instance: Instance, sobject: SObject, record_id: str, body: Mapping[str, Any], *, now: datetime
) -> None:
    """Raises ApiError."""
    before = find_record(instance, sobject, record_id)
    if not sobject.writable:
        raise _unsupported(sobject, "update")
    values = _checked(instance, sobject, body)
    emptied = [
        field.name
        for field in sobject.fields
        if field.required and field.name in values and values[field.name] is None
    ]
    if emptied:
        raise ApiError(
            400,
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(emptied)}]",
            fields=tuple(emptied),
        )
    if sobject.field("LastModifiedById"):
        values["LastModifiedById"] = instance.credentials.user_id
    _put(instance, sobject, str(before["Id"]), values, before=before, now=now)


def delete(instance: Instance, sobject: SObject, record_id: str, *, now: datetime) -> None:
    """Raises ApiError."""
    record = find_record(instance, sobject, record_id)
    if not (sobject.deletable and sobject.writable):
        raise _unsupported(sobject, "delete")
    instance.store.delete(sobject, str(record["Id"]), at=now)


def _checked(instance: Instance, sobject: SObject, body: Mapping[str, Any]) -> dict[str, Stored]:
    """The body in stored shape. Raises ApiError for the first thing that is wrong with it."""
    for fault in instance.faults.standing(FaultKind.VALIDATION_RULE):
        if fault.sobject == sobject.name:
            raise ApiError(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", fault.value, fields=())
    values: dict[str, Stored] = {}
    locked: list[str] = []
    for name, value in body.items():
        if name == "attributes":
            continue
        field = instance.schema.objects[sobject.name].field(name)
        if field is None:
            raise ApiError(
                400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject.name}"
            )
        if field.read_only or field.kind in {"id", "address"}:
            locked.append(field.name)
            continue
        values[field.column] = _checked_value(instance, sobject, field, value)
    if locked:
        raise ApiError(
            400,
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Unable to create/update fields: {', '.join(locked)}. Please check the security "
            "settings of this field and verify that it is read/write for your profile or "
            "permission set.",
            fields=tuple(locked),
        )
    return values


def _checked_value(instance: Instance, sobject: SObject, field: Field, value: object) -> Stored:
    stored = from_json(field, value, label=sobject.label)
    if stored is None:
        return None
    if (sobject.name, field.name) in RESTRICTED:
        allowed = {choice.lower(): choice for choice in choices(instance, sobject, field)}
        if str(stored).lower() not in allowed:
            raise ApiError(
                400,
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"{field.name}: bad value for restricted picklist field: {stored}",
                fields=(field.name,),
            )
        return allowed[str(stored).lower()]
    if field.kind == "reference" and not _exists(instance, field, str(stored)):
        raise ApiError(
            400,
            "INVALID_CROSS_REFERENCE_KEY",
            f"invalid cross reference id: {stored}",
            fields=(field.name,),
        )
    return stored


def _exists(instance: Instance, field: Field, record_id: str) -> bool:
    if record_id == instance.credentials.user_id:
        return True
    present = [
        target for name in field.targets if (target := instance.store.schema.find(name)) is not None
    ]
    # What this organisation has no objects for cannot be checked.
    return not present or any(
        instance.store.record(target, record_id) is not None for target in present
    )


def _put(
    instance: Instance,
    sobject: SObject,
    record_id: str,
    values: dict[str, Stored],
    *,
    before: Mapping[str, Stored],
    now: datetime,
) -> None:
    store = instance.store
    known = dict(values)
    if sobject.name in PEOPLE and {"FirstName", "LastName"} & values.keys():
        known = {n: before.get(n) for n in ("FirstName", "LastName")} | values
    values = values | derive(sobject.name, known, store.stages)
    after = {**before, **values}
    if sobject.name == "Opportunity":
        if "StageName" in values and before and "Probability" not in values:
            stage = store.stages.get(str(values["StageName"]).lower())
            values["Probability"] = stage.probability if stage else before.get("Probability")
        after = {**before, **values}
        amount, percent = after.get("Amount"), after.get("Probability")
        if amount is not None and percent is not None:
            values["ExpectedRevenue"] = float(amount) * float(percent) / PERCENT
    if sobject.name == "Task" and values.get("IsClosed") and not before.get("IsClosed"):
        values["CompletedDateTime"] = instant_text(now)
    with store.transaction():
        store.put(sobject, record_id, values, at=now)
        tracked = {name for name in TRACKED if after.get(name) != before.get(name)}
        if sobject.name == "Opportunity" and tracked:
            _write_history(instance, record_id, {**after, **values}, before, now=now)


def _write_history(
    instance: Instance,
    opportunity_id: str,
    after: Mapping[str, Stored],
    before: Mapping[str, Stored],
    *,
    now: datetime,
) -> None:
    history = instance.store.schema.find("OpportunityHistory")
    if history is None:
        return
    names = (*TRACKED, "ExpectedRevenue", "ForecastCategory")
    values = {
        **{name: after.get(name) for name in names},
        "OpportunityId": opportunity_id,
        "CreatedById": instance.credentials.user_id,
        "PrevAmount": before.get("Amount"),
        "PrevCloseDate": before.get("CloseDate"),
        "FromForecastCategory": before.get("ForecastCategory"),
        "FromOpportunityStageName": before.get("StageName"),
    }
    record_id = instance.store.minter.mint(history.prefix)
    instance.store.put(history, record_id, values, at=now)


def record_with(
    instance: Instance, sobject: SObject, field: Field, value: str
) -> dict[str, Stored] | None:
    """The record, not deleted, whose external id has this value.

    Raises ApiError (300) when there are several.
    """
    condition = " AND NOT IsDeleted" if sobject.has_deleted_rows else ""
    rows = instance.store.database.rows(
        f"SELECT Id FROM {quoted(sobject.name)} WHERE {quoted(field.name)} = ?{condition}",  # noqa: S608 -- names come from the schema
        (value,),
    )
    if len(rows) > 1:
        raise ApiError(300, "MULTIPLE_CHOICES", f"several records have {field.name} {value}")
    return instance.store.record(sobject, str(rows[0][0])) if rows else None
