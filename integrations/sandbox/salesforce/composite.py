"""Several requests in one: composite, batch, and collections of records."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError, json_error
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.records import field_names, to_body
from integrations.sandbox.salesforce.wire import Call, Reply
from integrations.sandbox.salesforce.writing import create, delete, find_record, update

MOST_SUBREQUESTS = 25
MOST_RECORDS = 200
MOST_READ = 2_000
REFUSED = 400
_REFERENCE = re.compile(r"@\{(\w+)\.([\w.\[\]]+)\}")
_ROLLED_BACK = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same "
        "transaction failed.",
    }
]

Dispatch = Callable[[Instance, Call, datetime], Reply]


class _RollBack(Exception):
    """Leaves a transaction without an error of its own."""


@contextmanager
def _all_or_none(instance: Instance) -> Iterator[None]:
    try:
        with instance.store.transaction():
            yield
    except _RollBack:
        return


def _subrequests(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    parts = body.get(name)
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise json_error(f"Missing required field {name} at [line:1, column:1]")
    if len(parts) > MOST_SUBREQUESTS:
        raise ApiError(
            400,
            "LIMIT_EXCEEDED",
            f"Limit of {MOST_SUBREQUESTS} subrequests exceeded: {len(parts)}",
        )
    return parts


def _subcall(call: Call, *, method: str, url: str, body: object, headers: object) -> Call:
    parts = urlsplit(url)
    return replace(
        call,
        method=method.upper(),
        path=parts.path,
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        body=b"" if body is None else json.dumps(body).encode(),
        headers={str(k).lower(): str(v) for k, v in headers.items()}
        if isinstance(headers, dict)
        else {},
    )


def _filled(value: object, known: Mapping[str, object]) -> Any:  # noqa: ANN401 -- any JSON
    """Replace ``@{reference.path}`` by what an earlier subrequest answered. Raises ApiError."""
    if isinstance(value, dict):
        return {name: _filled(part, known) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, known) for part in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: str(_looked_up(match, known)), value)
    return value


def _looked_up(match: re.Match[str], known: Mapping[str, object]) -> object:
    found: object = known.get(match[1])
    for step in re.findall(r"\w+", match[2]):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            raise ApiError(
                400, "PROCESSING_HALTED", f"Invalid reference specified. No value for {match[0]}"
            )
    return found


def composite(instance: Instance, call: Call, dispatch: Dispatch, *, now: datetime) -> Reply:
    body = call.json_object()
    parts = _subrequests(body, "compositeRequest")
    results: list[dict[str, Any]] = []
    known: dict[str, object] = {}
    all_or_none = body.get("allOrNone") is True
    with _all_or_none(instance):
        for part in parts:
            reply = _composite_part(instance, call, part, known, dispatch, now=now)
            known[str(part.get("referenceId"))] = reply.body
            results.append(
                {
                    "body": reply.body,
                    "httpHeaders": dict(reply.headers),
                    "httpStatusCode": reply.status,
                    "referenceId": part.get("referenceId"),
                }
            )
            if all_or_none and reply.status >= REFUSED:
                _halt(results, parts)
                raise _RollBack
    return Reply(body={"compositeResponse": results})


def _composite_part(
    instance: Instance,
    call: Call,
    part: Mapping[str, Any],
    known: Mapping[str, object],
    dispatch: Dispatch,
    *,
    now: datetime,
) -> Reply:
    try:
        subcall = _subcall(
            call,
            method=str(part.get("method", "GET")),
            url=_filled(str(part.get("url", "")), known),
            body=_filled(part.get("body"), known),
            headers=part.get("httpHeaders"),
        )
    except ApiError as error:
        return Reply.refusal(error)
    return dispatch(instance, subcall, now)


def _halt(results: list[dict[str, Any]], parts: list[dict[str, Any]]) -> None:
    """Every subrequest but the one that failed is undone or never begun."""
    for result in results[:-1]:
        result.update(body=_ROLLED_BACK, httpStatusCode=REFUSED, httpHeaders={})
    results.extend(
        {
            "body": _ROLLED_BACK,
            "httpHeaders": {},
            "httpStatusCode": REFUSED,
            "referenceId": part.get("referenceId"),
        }
        for part in parts[len(results) :]
    )


def batch(instance: Instance, call: Call, dispatch: Dispatch, *, now: datetime) -> Reply:
    body = call.json_object()
    results: list[dict[str, Any]] = []
    failed = False
    for part in _subrequests(body, "batchRequests"):
        instance.usage.count(now)
        if failed and body.get("haltOnError") is True:
            halted = [{"errorCode": "BATCH_PROCESSING_HALTED", "message": "Batch processing halted "
                       "per request"}]  # fmt: skip
            results.append({"statusCode": 412, "result": halted})
            continue
        url = "/services/data/" + str(part.get("url", "")).removeprefix("/services/data/").lstrip(
            "/"
        )
        subcall = _subcall(
            call,
            method=str(part.get("method", "GET")),
            url=url,
            body=part.get("richInput"),
            headers=None,
        )
        reply = dispatch(instance, subcall, now)
        failed = failed or reply.status >= REFUSED
        results.append({"statusCode": reply.status, "result": reply.body})
    return Reply(body={"hasErrors": failed, "results": results})


def _ids(text: str) -> list[str]:
    ids = [part.strip() for part in text.split(",") if part.strip()]
    _check_size(len(ids))
    return ids


def _check_size(size: int, most: int = MOST_RECORDS) -> None:
    if size > most:
        raise ApiError(
            400,
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot submit more than {most} records into this call",
        )


def read_collection(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    """By ids in the query (GET) or in the body (POST); a missing record is null."""
    del now
    sobject = sobject_named(instance, name)
    if call.method == "POST":
        body = call.json_object()
        ids = [str(part) for part in body.get("ids", [])]
        names = [str(part) for part in body.get("fields", [])]
        _check_size(len(ids), MOST_READ)
    else:
        ids, names = _ids(call.query.get("ids", "")), field_names(call.query.get("fields")) or []
    records: list[object] = []
    for record_id in ids:
        try:
            record = find_record(instance, sobject, record_id)
        except ApiError:
            records.append(None)
        else:
            records.append(to_body(sobject, record, base=call.base, names=names or ["Id"]))
    return Reply(body=records)


def _each(
    instance: Instance, items: list[Any], change: Callable[[Any], str], *, all_or_none: bool
) -> Reply:
    _check_size(len(items))
    results: list[dict[str, Any]] = []
    with _all_or_none(instance):
        for item in items:
            try:
                results.append({"id": change(item), "success": True, "errors": []})
            except ApiError as error:
                details = {"statusCode": error.code, "message": error.message,
                           "fields": list(error.fields or ())}  # fmt: skip
                results.append({"success": False, "errors": [details]})
        if all_or_none and not all(result["success"] for result in results):
            undone = {
                "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "message": "Record rolled back because not all records were valid and the request "
                "was using AllOrNone header",
                "fields": [],
            }
            for result in results:
                if result["success"]:
                    result.clear()
                    result.update(success=False, errors=[undone])
            raise _RollBack
    return Reply(body=results)


def write_collection(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """Create (POST) or change (PATCH) up to 200 records, each naming its type."""
    body = call.json_object()
    records = body.get("records")
    if not isinstance(records, list):
        raise json_error("Missing required field records at [line:1, column:1]")

    def change(record: dict[str, Any]) -> str:
        sobject = sobject_named(instance, str(record.get("attributes", {}).get("type", "")))
        fields = {name: value for name, value in record.items() if name.lower() != "id"}
        if call.method == "POST":
            return create(instance, sobject, fields, now=now)
        record_id = next((str(v) for name, v in record.items() if name.lower() == "id"), "")
        if not record_id:
            raise ApiError(400, "MISSING_ARGUMENT", "Id not specified in an update call",
                           fields=("Id",))  # fmt: skip
        update(instance, sobject, record_id, fields, now=now)
        return record_id

    return _each(instance, records, change, all_or_none=body.get("allOrNone") is True)


def delete_collection(instance: Instance, call: Call, *, now: datetime) -> Reply:
    def change(record_id: str) -> str:
        sobject = instance.schema.by_prefix(record_id[:3])
        if sobject is None:
            raise ApiError(400, "MALFORMED_ID", f"malformed id {record_id}")
        delete(instance, sobject, record_id, now=now)
        return record_id

    return _each(
        instance,
        _ids(call.query.get("ids", "")),
        change,
        all_or_none=call.query.get("allOrNone", "").lower() == "true",
    )
