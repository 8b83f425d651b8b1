"""query, queryAll and the pages that follow."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.columns import columns_of
from integrations.sandbox.salesforce.cursors import invalid_locator, snapshot_rows
from integrations.sandbox.salesforce.database import Row
from integrations.sandbox.salesforce.errors import SoqlError, malformed
from integrations.sandbox.salesforce.families import PLACE, TOTAL, Page, of_one_family
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.record_access import find_answer
from integrations.sandbox.salesforce.soql.clauses import too_many_groups
from integrations.sandbox.salesforce.soql.parser import parse
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.soql.shapes import Record
from integrations.sandbox.salesforce.wire import Call, Reply

#: Aggregates come in one page of at most this many.
MOST_GROUPS = 2_000


def plan_for(instance: Instance, statement: str, *, now: datetime, all_rows: bool) -> Plan:
    """Raises SoqlError in Salesforce's words, with row and column."""
    query = parse(statement)
    try:
        return instance.compiler(now, all_rows=all_rows).plan(query)
    except SoqlError as error:
        raise error.located(statement) from None


def query(instance: Instance, call: Call, *, now: datetime) -> Reply:
    if "explain" in call.query:
        return _explain(instance, call.query["explain"], now=now)
    return _answer(instance, call, now=now, all_rows=False)


def query_all(instance: Instance, call: Call, *, now: datetime) -> Reply:
    return _answer(instance, call, now=now, all_rows=True)


def _answer(instance: Instance, call: Call, *, now: datetime, all_rows: bool) -> Reply:
    statement = call.query.get("q", "")
    if not statement.strip():
        raise malformed("A query string has to be specified")
    if call.query.get("columns", "").lower() == "true":
        return Reply(body=columns_of(plan_for(instance, statement, now=now, all_rows=all_rows)))
    return answered(instance, call, statement, now=now, all_rows=all_rows)


def _explain(instance: Instance, statement: str, *, now: datetime) -> Reply:
    """How the statement would be carried out: always by looking at every record."""
    sobject = plan_for(instance, statement, now=now, all_rows=False).sobject
    count = instance.store.count(sobject)
    plan = {
        "cardinality": count,
        "fields": [],
        "leadingOperationType": "TableScan",
        "notes": [],
        "relativeCost": 1.0,
        "sobjectCardinality": count,
        "sobjectType": sobject.name,
    }
    return Reply(body={"plans": [plan], "sourceQuery": statement})


def answered(
    instance: Instance, call: Call, statement: str, *, now: datetime, all_rows: bool
) -> Reply:
    """The first page of what a statement finds. Raises SoqlError."""
    rights = find_answer(instance, call, statement)
    if rights is not None:
        return rights
    plan = plan_for(instance, statement, now=now, all_rows=all_rows)
    database = instance.store.database
    if plan.counts_only:
        size = int(database.value(plan.sql, plan.parameters) or 0)
        return Reply(body={"totalSize": size, "done": True, "records": []})
    batch = instance.batch_size(call.headers.get("sforce-query-options"))
    most = MOST_GROUPS if plan.is_aggregate else batch
    rows = database.some_rows(plan.sql, plan.parameters, most + 1)
    if len(rows) > most:
        if plan.is_aggregate:
            raise too_many_groups()
        key, _ = instance.cursors.snapshot(plan, now=now)
        return _page(instance, call, key, 0, batch, now=now)
    records = _shown(instance, call, plan, rows, batch, now=now)
    return Reply(body={"totalSize": len(records), "done": True, "records": records})


def query_more(instance: Instance, call: Call, locator: str, *, now: datetime) -> Reply:
    key, dash, offset = locator.rpartition("-")
    if not dash or not offset.isdigit():
        raise invalid_locator()
    batch = instance.batch_size(call.headers.get("sforce-query-options"))
    return _page(instance, call, key, int(offset), batch, now=now)


def _page(
    instance: Instance, call: Call, key: str, start: int, batch: int, *, now: datetime
) -> Reply:
    snapshot = instance.cursors.find(key, now=now)
    if start >= snapshot.size:
        raise invalid_locator()
    database = instance.store.database
    rows = snapshot_rows(database, snapshot, start=start, count=batch)
    size, is_done = snapshot.size, start + len(rows) >= snapshot.size
    if snapshot.plan.is_family:
        rows = of_one_family(rows)
        size = int(rows[0][TOTAL] or 0)
        is_done = int(rows[-1][PLACE] or 0) >= size
    end = start + len(rows)
    body: dict[str, Any] = {"totalSize": size, "done": is_done}
    if not is_done:
        body["nextRecordsUrl"] = f"{call.base}/query/{key}-{end}"
    body["records"] = _shown(instance, call, snapshot.plan, rows, batch, now=now)
    return Reply(body=body)


def _shown(
    instance: Instance, call: Call, plan: Plan, rows: Iterable[Row], batch: int, *, now: datetime
) -> list[Record]:
    page = Page(
        database=instance.store.database,
        cursors=instance.cursors,
        base=call.base,
        size=batch,
        now=now,
    )
    return page.records(plan.shape, rows)


def plain_records(plan: Plan, rows: Iterable[Row], *, base: str) -> list[Record]:
    """Of statements without children."""
    return [plan.shape.record(row, base=base) for row in rows]
