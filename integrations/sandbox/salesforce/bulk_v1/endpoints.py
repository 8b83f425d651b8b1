"""The resources of Bulk API 1.0, below ``/services/async/XX.X``."""

from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.bulk_v1.documents import (
    CSV,
    JSON,
    XML,
    batch_reply,
    batches_reply,
    document,
    job_reply,
    json_reply,
    refused,
    wants_json,
    xml_reply,
)
from integrations.sandbox.salesforce.bulk_v1.jobs import QUERIES, AsyncJob, Batch
from integrations.sandbox.salesforce.bulk_v1.rows import outcomes_reply, records_reply
from integrations.sandbox.salesforce.bulk_v1.work import add_batch, work_off
from integrations.sandbox.salesforce.cursors import snapshot_rows
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.loading import OPERATIONS
from integrations.sandbox.salesforce.wire import Call, Reply

MEDIA_TYPES = {"CSV": CSV, "XML": XML, "JSON": JSON}
_SERIAL = frozenset({"1", "serial"})
USUAL_CHUNK, LARGEST_CHUNK = 100_000, 250_000


def create_job(instance: Instance, call: Call, *, now: datetime) -> Reply:
    body = document(call)
    operation, content_type = str(body.get("operation")), str(body.get("contentType") or "XML")
    if operation not in OPERATIONS | QUERIES:
        raise refused("InvalidJob", f"Unable to parse Job: unknown operation {operation}")
    if content_type not in MEDIA_TYPES:
        raise refused("InvalidJob", f"Unable to parse Job: unknown contentType {content_type}")
    sobject = instance.schema.find(str(body.get("object", "")))
    if sobject is None:
        raise refused("InvalidJob", f"Unable to find object: {body.get('object')}")
    external_id = body.get("externalIdFieldName")
    if operation == "upsert" and sobject.field(str(external_id)) is None:
        raise refused("InvalidJob", f"External ID was blank for {sobject.name}. An External ID "
                      "must be specified for upsert.")  # fmt: skip
    job = AsyncJob(
        id=instance.jobs.mint(),
        operation=operation,
        sobject=sobject,
        external_id=external_id,
        content_type=content_type,
        speaks_json=wants_json(call),
        concurrency=_concurrency(body),
        chunk_size=_chunk_size(call.headers.get("sforce-enable-pkchunking")),
        version=call.version,
        created_at=now,
        created_by=instance.credentials.user_id,
        changed_at=now,
    )
    instance.async_jobs.jobs[job.id] = job
    return job_reply(call, job, status=201)


def _concurrency(body: dict[str, Any]) -> str:
    is_serial = str(body.get("concurrencyMode", "")).lower() in _SERIAL
    return "Serial" if is_serial else "Parallel"


def _chunk_size(header: str | None) -> int | None:
    """``true`` or ``chunkSize=50000; startRow=...`` asks for chunks."""
    if header is None or header.strip().lower() in {"false", "0"}:
        return None
    for option in header.replace(",", ";").split(";"):
        name, _, value = option.partition("=")
        if name.strip().lower() == "chunksize" and value.strip().isdigit():
            return min(max(1, int(value)), LARGEST_CHUNK)
    return USUAL_CHUNK


def _job(instance: Instance, job_id: str) -> AsyncJob:
    job = instance.async_jobs.jobs.get(long_id(job_id))
    if job is None:
        raise refused("InvalidJob", f"Unable to find job: {job_id}")
    return job


def _batch(job: AsyncJob, batch_id: str) -> Batch:
    batch = job.batches.get(long_id(batch_id))
    if batch is None:
        raise refused("InvalidBatch", f"Unable to find batch: {batch_id}")
    return batch


def read_job(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    job = _job(instance, job_id)
    _work(instance, job, now=now)
    return job_reply(call, job)


def _work(instance: Instance, job: AsyncJob, *, now: datetime) -> None:
    """Whoever asks how a job fares finds it done."""
    for batch in job.batches.values():
        work_off(instance, job, batch, now=now)


def set_state(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    job, wanted = _job(instance, job_id), str(document(call).get("state"))
    if wanted not in {"Closed", "Aborted"}:
        raise refused("InvalidJob", f"Unable to parse Job: a job cannot become {wanted}")
    if job.state == "Aborted":
        raise refused("InvalidJobState", f"Job {job.id} has been aborted")
    job.state, job.changed_at = wanted, now
    if wanted == "Aborted":
        for batch in job.batches.values():
            if batch.state == "Queued":
                batch.state, batch.message = "NotProcessed", "Aborted"
    return job_reply(call, job)


def create_batch(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    job = _job(instance, job_id)
    if job.state != "Open":
        raise refused("InvalidJobState", f"Job {job.id} is not open: {job.state}")
    if not call.body.strip():
        raise refused("InvalidBatch", "The batch is empty")
    return batch_reply(job, add_batch(instance, job, call.body, now=now), status=201)


def list_batches(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    del call
    job = _job(instance, job_id)
    _work(instance, job, now=now)
    return batches_reply(job)


def read_batch(
    instance: Instance, call: Call, job_id: str, batch_id: str, *, now: datetime
) -> Reply:
    del call
    job = _job(instance, job_id)
    batch = _batch(job, batch_id)
    work_off(instance, job, batch, now=now)
    return batch_reply(job, batch)


def read_request(
    instance: Instance, call: Call, job_id: str, batch_id: str, *, now: datetime
) -> Reply:
    """What the client sent, byte for byte."""
    del call, now
    job = _job(instance, job_id)
    batch = _batch(job, batch_id)
    return Reply(content=batch.content, media_type=MEDIA_TYPES[job.content_type])


def results(instance: Instance, call: Call, job_id: str, batch_id: str, *, now: datetime) -> Reply:
    """What became of the rows, or of a query the names of its results."""
    del call, now
    job = _job(instance, job_id)
    batch = _batch(job, batch_id)
    if batch.state != "Completed":
        raise refused("InvalidBatch", f"Batch {batch.id} is not completed: {batch.state}")
    if not job.is_query:
        return outcomes_reply(job.content_type, batch.outcomes)
    if job.content_type == "JSON":
        return json_reply(list(batch.parts))
    return xml_reply("".join(f"<result>{name}</result>" for name in batch.parts), "result-list")


def result(
    instance: Instance, call: Call, job_id: str, batch_id: str, name: str, *, now: datetime
) -> Reply:
    del now
    job = _job(instance, job_id)
    batch = _batch(job, batch_id)
    part = batch.parts.get(long_id(name))
    if part is None or batch.snapshot is None:
        raise refused("InvalidBatch", f"Unable to find result: {name}")
    database = instance.store.database
    rows = snapshot_rows(database, batch.snapshot, start=part.start, count=part.count)
    base = f"/services/data/v{call.version}"
    return records_reply(job.content_type, batch.snapshot.plan, rows, base=base)
