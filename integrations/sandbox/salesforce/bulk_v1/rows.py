"""The content of batches: records that came in, what became of them, and what a query found."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from integrations.sandbox.salesforce.bulk_v1.documents import (
    CSV,
    json_reply,
    local,
    refused,
    xml_reply,
)
from integrations.sandbox.salesforce.bulk_v1.jobs import Outcome
from integrations.sandbox.salesforce.database import Row
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.loading import Values, from_cells
from integrations.sandbox.salesforce.queries import plain_records
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.soql.shapes import Record
from integrations.sandbox.salesforce.values import parse_instant, to_csv
from integrations.sandbox.salesforce.wire import Reply

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
NOTHING_FOUND = "Records not found for this query"
MILLISECONDS = 1000
_TIMES = frozenset({"date", "datetime"})


def read_rows(content_type: str, content: bytes) -> Iterator[Values]:
    """Raises ApiError for content that is not of its type."""
    try:
        text = content.decode("utf-8-sig")
        if content_type == "JSON":
            return (_flat(each) for each in _objects(text))
        if content_type == "XML":
            root = ET.fromstring(text)  # noqa: S314 -- a server on loopback, and expat limits what entities may grow to
            return (_from_element(each) for each in root)
    except (ValueError, ET.ParseError) as error:
        raise refused("InvalidBatch", f"Failed to parse the batch: {error}") from None
    return map(from_cells, csv.DictReader(io.StringIO(text, newline="")))


def _objects(text: str) -> list[dict[str, Any]]:
    parsed = json.loads(text)
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        raise ValueError("a batch is an array of records")
    return parsed


def _flat(record: Mapping[str, Any]) -> Values:
    """``{"Account": {"Key__c": "x"}}`` says the same as ``Account.Key__c`` in CSV."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and name != "attributes":
            found |= {f"{name}.{key}": each for key, each in value.items() if key != "attributes"}
        else:
            found[name] = value
    return found


def _from_element(record: ET.Element) -> Values:
    found: dict[str, Any] = {}
    for child in record:
        name = local(child.tag)
        if child.get(_NIL) == "true":
            found[name] = None
        elif len(child):
            parents = child[0] if local(child[0].tag) == "sObject" else child
            found |= {f"{name}.{local(each.tag)}": each.text for each in parents}
        elif child.text:
            found[name] = child.text
    found.pop("type", None)
    return found


def outcomes_reply(content_type: str, outcomes: Sequence[Outcome]) -> Reply:
    if content_type == "JSON":
        return json_reply([_told(each) for each in outcomes])
    if content_type == "XML":
        return xml_reply("".join(map(_element, outcomes)), "results")
    lines = [
        [each.record_id, _truth(each.error is None), _truth(each.created), _problem(each.error)]
        for each in outcomes
    ]
    return _csv_reply(["Id", "Success", "Created", "Error"], lines)


def _truth(value: object) -> str:
    return "true" if value else "false"


def _problem(error: ApiError | None) -> str:
    if error is None:
        return ""
    return f"{error.code}:{error.message}:{':'.join(error.fields or ())} --"


def _told(outcome: Outcome) -> dict[str, Any]:
    error = outcome.error
    errors = [] if error is None else [
        {"message": error.message, "fields": list(error.fields or ()), "statusCode": error.code,
         "extendedErrorDetails": None}
    ]  # fmt: skip
    return {
        "success": error is None,
        "created": outcome.created,
        "id": outcome.record_id or None,
        "errors": errors,
    }


def _element(outcome: Outcome) -> str:
    error = outcome.error
    if error is None:
        return (
            f"<result><id>{outcome.record_id}</id><success>true</success>"
            f"<created>{_truth(outcome.created)}</created></result>"
        )
    fields = "".join(f"<fields>{escape(name)}</fields>" for name in error.fields or ())
    return (
        f"<result><errors>{fields}<message>{escape(error.message)}</message>"
        f"<statusCode>{error.code}</statusCode></errors>"
        "<success>false</success><created>false</created></result>"
    )


def _csv_reply(header: Sequence[str], lines: Iterable[Sequence[str]]) -> Reply:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return Reply(content=text.getvalue().encode(), media_type=CSV)


def records_reply(content_type: str, plan: Plan, rows: Sequence[Row], *, base: str) -> Reply:
    if content_type == "CSV":
        if not rows:
            return Reply(content=NOTHING_FOUND.encode(), media_type=CSV)
        columns = [(place, to_csv(field)) for _, place, field in plan.columns]
        lines = ([convert(row[place]) for place, convert in columns] for row in rows)
        return _csv_reply([name for name, _, _ in plan.columns], lines)
    records = plain_records(plan, rows, base=base)
    if content_type == "XML":
        return xml_reply("".join(_record_element("records", each) for each in records),
                         "queryResult")  # fmt: skip
    times = [path.split(".") for path, _, field in plan.columns if field.kind in _TIMES]
    for record in records:
        for path in times:
            _in_milliseconds(record, path)
    return json_reply(records)


def _in_milliseconds(record: Record, path: Sequence[str]) -> None:
    """JSON of this API has instants and days as milliseconds since 1970."""
    place: object = record
    for name in path[:-1]:
        place = place.get(name) if isinstance(place, dict) else None
    if isinstance(place, dict) and place.get(path[-1]) is not None:
        instant = parse_instant(str(place[path[-1]]))
        place[path[-1]] = round(instant.timestamp() * MILLISECONDS)


def _record_element(name: str, record: Mapping[str, Any]) -> str:
    inner = [f"<type>{record['attributes']['type']}</type>"]
    for field, value in record.items():
        if field == "attributes":
            continue
        if isinstance(value, dict):
            inner.append(_record_element(field, value))
        elif value is None:
            inner.append(f'<{field} xsi:nil="true"/>')
        else:
            text = _truth(value) if isinstance(value, bool) else str(value)
            inner.append(f"<{field}>{escape(text)}</{field}>")
    return f'<{name} xsi:type="sObject">{"".join(inner)}</{name}>'
