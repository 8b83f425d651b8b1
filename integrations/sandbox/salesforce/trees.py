"""Composite resources for many records at once: trees, graphs, and collections by external id."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.composite import Dispatch, composite
from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError, json_error
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.wire import Call, Reply
from integrations.sandbox.salesforce.writing import create, record_with, update

MOST_RECORDS = 200
DEEPEST = 5
REFUSED = 400


class _TreeFailed(Exception):
    def __init__(self, reference: str, error: ApiError) -> None:
        super().__init__(reference)
        self.reference = reference
        self.error = error


def create_tree(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    """Parents with their children, all of them or none."""
    records = call.json_object().get("records")
    if not isinstance(records, list):
        raise json_error("Missing required field records at [line:1, column:1]")
    if sum(1 for _ in _all(records)) > MOST_RECORDS:
        raise ApiError(400, "INVALID_INPUT", f"A tree holds at most {MOST_RECORDS} records")
    made: list[dict[str, str]] = []
    try:
        with instance.store.transaction():
            for record in records:
                _grow(instance, sobject_named(instance, name), record, {}, made, now=now)
    except _TreeFailed as failed:
        problem = {"statusCode": failed.error.code, "message": failed.error.message,
                   "fields": list(failed.error.fields or ())}  # fmt: skip
        results = [{"referenceId": failed.reference, "errors": [problem]}]
        return Reply(status=400, body={"hasErrors": True, "results": results})
    return Reply(status=201, body={"hasErrors": False, "results": made})


def _all(records: list[Any]) -> Iterator[Mapping[str, Any]]:
    for record in records:
        yield record
        for value in record.values():
            if isinstance(value, dict) and isinstance(value.get("records"), list):
                yield from _all(value["records"])


def _grow(
    instance: Instance,
    sobject: SObject,
    record: Mapping[str, Any],
    link: Mapping[str, str],
    made: list[dict[str, str]],
    *,
    now: datetime,
    depth: int = 1,
) -> None:
    reference = str(record.get("attributes", {}).get("referenceId", ""))
    branches = {
        name: value["records"]
        for name, value in record.items()
        if isinstance(value, dict) and isinstance(value.get("records"), list)
    }
    fields = {name: value for name, value in record.items() if name not in branches}
    try:
        if depth > DEEPEST:
            raise ApiError(400, "INVALID_INPUT", f"A tree is at most {DEEPEST} records deep")  # noqa: TRY301 -- told like all that goes wrong
        record_id = create(instance, sobject, {**fields, **link}, now=now)
    except ApiError as error:
        raise _TreeFailed(reference, error) from None
    made.append({"referenceId": reference, "id": record_id})
    for name, children in branches.items():
        found = instance.schema.children(sobject, name)
        if found is None:
            raise _TreeFailed(reference, ApiError(400, "INVALID_FIELD", f"No such column '{name}' "
                              f"on sobject of type {sobject.name}"))  # fmt: skip
        child, field = found
        for each in children:
            _grow(instance, child, each, {field.name: record_id}, made, now=now, depth=depth + 1)


def graph(instance: Instance, call: Call, dispatch: Dispatch, *, now: datetime) -> Reply:
    """Each graph is a composite request of its own that succeeds or fails as a whole."""
    graphs = call.json_object().get("graphs")
    if not isinstance(graphs, list):
        raise json_error("Missing required field graphs at [line:1, column:1]")
    answered = []
    for each in graphs:
        body = {"allOrNone": True, "compositeRequest": each.get("compositeRequest")}
        reply = composite(
            instance, replace(call, body=json.dumps(body).encode()), dispatch, now=now
        )
        parts = reply.body["compositeResponse"]
        is_good = all(part["httpStatusCode"] < REFUSED for part in parts)
        answered.append(
            {
                "graphId": each.get("graphId"),
                "graphResponse": {"compositeResponse": parts},
                "isSuccessful": is_good,
            }
        )
    return Reply(body={"graphs": answered})


def upsert_collection(
    instance: Instance, call: Call, name: str, field_name: str, *, now: datetime
) -> Reply:
    """Up to 200 records, each created or changed by the value of its external id."""
    sobject = sobject_named(instance, name)
    field = sobject.field(field_name)
    if field is None or not (field.external_id or field.kind == "id"):
        raise ApiError(400, "INVALID_FIELD", f"{field_name} is no external id of {sobject.name}")
    body = call.json_object()
    records = body.get("records")
    if not isinstance(records, list) or len(records) > MOST_RECORDS:
        raise ApiError(400, "EXCEEDED_ID_LIMIT", f"send at most {MOST_RECORDS} records")

    def change(record: Mapping[str, Any]) -> tuple[str, bool]:
        value = record.get(field.name)
        fields = {key: each for key, each in record.items() if key != field.name}
        known = record_with(instance, sobject, field, str(value)) if value else None
        if known is None:
            return create(instance, sobject, {**fields, field.name: value}, now=now), True
        update(instance, sobject, str(known["Id"]), fields, now=now)
        return str(known["Id"]), False

    return Reply(body=[_outcome(change, record) for record in records])


def _outcome(
    change: Callable[[Mapping[str, Any]], tuple[str, bool]], record: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        record_id, is_new = change(record)
    except ApiError as error:
        problem = {"statusCode": error.code, "message": error.message,
                   "fields": list(error.fields or ())}  # fmt: skip
        return {"success": False, "errors": [problem]}
    return {"id": record_id, "success": True, "errors": [], "created": is_new}
