"""Carry out a batch: load its records, or answer its query."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from integrations.sandbox.salesforce.bulk import bulk_plan
from integrations.sandbox.salesforce.bulk_v1.documents import refused
from integrations.sandbox.salesforce.bulk_v1.jobs import (
    BATCH_PREFIX,
    RESULT_PREFIX,
    AsyncJob,
    Batch,
    Outcome,
    ResultPart,
)
from integrations.sandbox.salesforce.bulk_v1.rows import read_rows
from integrations.sandbox.salesforce.cursors import take_snapshot
from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.loading import Load, carry_out
from integrations.sandbox.salesforce.soql.plans import Plan

MOST_RECORDS = 10_000
#: A longer answer comes in several results.
LONGEST_RESULT = 100_000
#: After every id.
_BEYOND = "~"


def work_off(instance: Instance, job: AsyncJob, batch: Batch, *, now: datetime) -> None:
    if batch.state != "Queued":
        return
    batch.changed_at = now
    try:
        if job.is_query:
            _answer(instance, job, batch, now=now)
        else:
            _load(instance, job, batch, now=now)
    except ApiError as error:
        batch.state = "Failed"
        what = "process query: " if job.is_query else ""
        code = "" if error.code.startswith("Invalid") else f"{error.code}: "
        batch.message = f"InvalidBatch : Failed to {what}{code}{error.message}"
        if error.code.startswith("Invalid"):
            batch.message = f"{error.code} : {error.message}"
        return
    batch.state = "Completed"


def _load(instance: Instance, job: AsyncJob, batch: Batch, *, now: datetime) -> None:
    load = Load(operation=job.operation, sobject=job.sobject, external_id=job.external_id)
    rows = list(read_rows(job.content_type, batch.content))
    if len(rows) > MOST_RECORDS:
        raise refused("InvalidBatch", f"Records processed exceeded the limit of {MOST_RECORDS}")
    for values in rows:
        try:
            record_id, created = carry_out(instance, load, values, now=now)
        except ApiError as error:
            batch.outcomes.append(Outcome(error=error))
        else:
            batch.outcomes.append(Outcome(record_id=record_id, created=created))
    batch.processed = len(rows)


def _plan(instance: Instance, job: AsyncJob, batch: Batch, *, now: datetime) -> Plan:
    statement = batch.content.decode("utf-8", "replace")
    plan = bulk_plan(instance, statement, now=now, all_rows=job.operation == "queryAll")
    if plan.sobject.name != job.sobject.name:
        raise refused("InvalidBatch", f"Failed to process query: the job is for "
                      f"{job.sobject.name}, the query for {plan.sobject.name}")  # fmt: skip
    if batch.id_range is None:
        return plan
    place = f"c{plan.shape.id_place}"
    return replace(
        plan,
        sql=f"SELECT * FROM ({plan.sql}) WHERE {place} >= ? AND {place} < ?",  # noqa: S608 -- both come from the schema
        parameters=(*plan.parameters, *batch.id_range),
    )


def _answer(instance: Instance, job: AsyncJob, batch: Batch, *, now: datetime) -> None:
    plan = _plan(instance, job, batch, now=now)
    snapshot = take_snapshot(instance.store.database, f"_batch_{batch.id}", plan, now=now)
    batch.snapshot, batch.processed = snapshot, snapshot.size
    for start in range(0, max(snapshot.size, 1), LONGEST_RESULT):
        part = ResultPart(start=start, count=LONGEST_RESULT)
        batch.parts[instance.store.minter.mint(RESULT_PREFIX)] = part


def add_batch(instance: Instance, job: AsyncJob, content: bytes, *, now: datetime) -> Batch:
    """One batch, and behind it those of its chunks when the job is cut by ids."""
    batch = _batch(instance, job, content, now=now)
    if job.is_query and job.chunk_size is not None:
        batch.state = "NotProcessed"
        bounds = _bounds(instance, job)
        for low, high in pairwise(bounds):
            _batch(instance, job, content, now=now).id_range = (low, high)
    return batch


def _batch(instance: Instance, job: AsyncJob, content: bytes, *, now: datetime) -> Batch:
    batch_id = instance.store.minter.mint(BATCH_PREFIX)
    batch = Batch(id=batch_id, content=content, created_at=now, changed_at=now)
    job.batches[batch_id] = batch
    return batch


def _bounds(instance: Instance, job: AsyncJob) -> list[str]:
    """Ids a chunk's length apart, from before the first to beyond the last."""
    table = quoted(job.sobject.name)
    rows = instance.store.database.rows(
        f"SELECT Id FROM (SELECT Id, ROW_NUMBER() OVER (ORDER BY Id) - 1 AS place FROM {table}) "  # noqa: S608 -- the name comes from the schema
        "WHERE place > 0 AND place % ? = 0 ORDER BY Id",
        (job.chunk_size,),
    )
    return ["", *(str(row[0]) for row in rows), _BEYOND]
