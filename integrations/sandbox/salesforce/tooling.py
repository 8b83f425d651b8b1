"""The Tooling API of an organisation in which nobody has written any code."""

import tomllib
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from integrations.sandbox.salesforce.columns import columns_of
from integrations.sandbox.salesforce.describe import describe_field, summary
from integrations.sandbox.salesforce.errors import ApiError, SoqlError, malformed, not_found
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import Schema, SObject, field_from
from integrations.sandbox.salesforce.soql.parser import parse
from integrations.sandbox.salesforce.wire import Call, Reply

_STAMPS = (
    "Id:id~ CreatedDate:datetime~ CreatedById>User~ LastModifiedDate:datetime~ "
    "LastModifiedById>User~ SystemModstamp:datetime~ "
)


@cache
def _objects() -> Schema:
    source = resources.files(__package__).joinpath("tooling_objects.toml")
    return Schema(
        SObject(
            name=name,
            label=name,
            prefix=entry["prefix"],
            fields=tuple(map(field_from, (_STAMPS + entry["fields"]).split())),
        )
        for name, entry in tomllib.loads(source.read_text(encoding="utf-8")).items()
    )


def _named(name: str) -> SObject:
    sobject = _objects().find(name)
    if sobject is None:
        raise not_found()
    return sobject


def tooling(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del instance, now
    names = ("query", "sobjects", "executeAnonymous")
    return Reply(body={name: f"{call.base}/tooling/{name}" for name in names})


def query(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """Judges the statement; there is nothing to find."""
    statement = call.query.get("q", "")
    if not statement.strip():
        raise malformed("A query string has to be specified")
    parsed = parse(statement)
    try:
        plan = replace(instance.compiler(now, all_rows=True), schema=_objects()).plan(parsed)
    except SoqlError as error:
        raise error.located(statement) from None
    if call.query.get("columns", "").lower() == "true":
        return Reply(body=columns_of(plan))
    body: dict[str, Any] = {
        "size": 0,
        "totalSize": 0,
        "done": True,
        "queryLocator": None,
        "entityTypeName": plan.sobject.name,
        "records": [],
    }
    return Reply(body=body)


def global_describe(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del instance, now
    base = f"{call.base}/tooling"
    found = [summary(item, base) for item in _objects().objects.values()]
    return Reply(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": found})


def describe(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del now
    sobject = _named(name)
    fields = [describe_field(instance, sobject, field) for field in sobject.fields
              if field.kind != "picklist"]  # fmt: skip
    body = {**summary(sobject, f"{call.base}/tooling"), "fields": fields}
    return Reply(body={**body, "childRelationships": [], "recordTypeInfos": []})


def sobject_info(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del instance, now
    sobject = _named(name)
    body = {"objectDescribe": summary(sobject, f"{call.base}/tooling"), "recentItems": []}
    return Reply(body=body)


def create(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    del instance, call, now
    sobject = _named(name)
    raise ApiError(400, "INSUFFICIENT_ACCESS_OR_READONLY",
                   f"entity type {sobject.name} does not support create", fields=())  # fmt: skip


def execute_anonymous(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """The code compiles, so to say, and fails: the sandbox runs none."""
    del instance, now
    if not call.query.get("anonymousBody", "").strip():
        raise ApiError(400, "MISSING_ARGUMENT", "missing required parameter: anonymousBody")
    return Reply(
        body={
            "column": 1,
            "compileProblem": None,
            "compiled": True,
            "exceptionMessage": "System.UnsupportedOperationException: this sandbox runs no Apex",
            "exceptionStackTrace": "AnonymousBlock: line 1, column 1",
            "line": 1,
            "success": False,
        }
    )
