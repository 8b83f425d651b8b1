"""Ingest jobs of Bulk API 2.0: records as CSV in, results as CSV out."""

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.bulk_jobs import DELIMITERS, LINE_ENDINGS
from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError, not_found
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.ingest_jobs import Cells, IngestJob
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.loading import (
    OPERATIONS,
    Load,
    carry_out,
    from_cells,
    id_of,
)
from integrations.sandbox.salesforce.multipart import is_multipart, parts
from integrations.sandbox.salesforce.values import instant_text
from integrations.sandbox.salesforce.wire import Call, Reply

UNDER_WAY = frozenset({"Open", "UploadComplete", "InProgress"})


def _refused(message: str, code: str = "INVALIDJOB") -> ApiError:
    return ApiError(400, code, message)


def _job(instance: Instance, job_id: str) -> IngestJob:
    job = instance.ingest.jobs.get(long_id(job_id))
    if job is None:
        raise not_found()
    return job


def create_job(instance: Instance, call: Call, *, now: datetime) -> Reply:
    sent = parts(call) if is_multipart(call) else {"job": call.body}
    body = replace(call, body=sent.get("job", b"")).json_object()
    operation = body.get("operation")
    if operation not in OPERATIONS:
        raise _refused(f"Unable to find operation {operation}")
    sobject = sobject_named(instance, str(body.get("object", "")))
    delimiter, ending = body.get("columnDelimiter", "COMMA"), body.get("lineEnding", "LF")
    if delimiter not in DELIMITERS or ending not in LINE_ENDINGS:
        raise _refused(f"Unknown columnDelimiter {delimiter} or lineEnding {ending}")
    if str(body.get("contentType", "CSV")).upper() != "CSV":
        raise _refused(f"Unsupported content type: {body['contentType']}. Only CSV is supported")
    external_id = body.get("externalIdFieldName")
    if operation == "upsert" and sobject.field(str(external_id)) is None:
        raise _refused("External ID field name is required for upsert jobs")
    job = IngestJob(
        id=instance.jobs.mint(),
        sobject=sobject,
        operation=str(operation),
        external_id=external_id,
        delimiter=str(delimiter),
        line_ending=str(ending),
        version=call.version,
        created_at=now,
        created_by=instance.credentials.user_id,
        changed_at=now,
    )
    if "content" in sent:
        # With its data, a job is as if closed at once.
        job.content, job.state = sent["content"], "UploadComplete"
    instance.ingest.jobs[job.id] = job
    return Reply(body=_info(job))


def _info(job: IngestJob) -> dict[str, Any]:
    info: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.sobject.name,
        "createdById": job.created_by,
        "createdDate": instant_text(job.created_at),
        "systemModstamp": instant_text(job.changed_at),
        "state": job.state,
        "externalIdFieldName": job.external_id,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version),
        "jobType": "V2Ingest",
        "contentUrl": f"services/data/v{job.version}/jobs/ingest/{job.id}/batches",
        "lineEnding": job.line_ending,
        "columnDelimiter": job.delimiter,
    }
    if job.state == "JobComplete":
        info |= {
            "numberRecordsProcessed": len(job.done) + len(job.failed),
            "numberRecordsFailed": len(job.failed),
            "retries": 0,
            "totalProcessingTime": 1,
            "apiActiveProcessingTime": 1,
            "apexProcessingTime": 0,
        }
    return info


def upload(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    job = _job(instance, job_id)
    if job.state != "Open" or job.content:
        raise _refused(f"Found multiple contents for job: <{job.id}>", "INVALIDJOBSTATE")
    job.content, job.changed_at = call.body, now
    return Reply(status=201)


def set_state(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    job, wanted = _job(instance, job_id), call.json_object().get("state")
    if wanted not in {"UploadComplete", "Aborted"} or job.state not in UNDER_WAY:
        raise _refused(f"Job {job.state} cannot become {wanted}", "INVALIDJOBSTATE")
    job.state, job.changed_at = str(wanted), now
    return Reply(body=_info(job))


def read_job(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    """The first time that anyone asks after the upload, the work gets done."""
    del call
    job = _job(instance, job_id)
    if job.state == "UploadComplete":
        _work_off(instance, job, now=now)
    return Reply(body=_info(job))


def list_jobs(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del call, now
    records = [_info(job) for job in instance.ingest.jobs.values()]
    return Reply(body={"done": True, "records": records, "nextRecordsUrl": None})


def delete_job(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    del call, now
    job = _job(instance, job_id)
    if job.state in UNDER_WAY:
        raise _refused(f"A job in state {job.state} cannot be deleted", "INVALIDJOBSTATE")
    del instance.ingest.jobs[job.id]
    return Reply(status=204)


def _work_off(instance: Instance, job: IngestJob, *, now: datetime) -> None:
    load = Load(operation=job.operation, sobject=job.sobject, external_id=job.external_id)
    text = io.StringIO(job.content.decode("utf-8-sig"), newline="")
    for cells in csv.DictReader(text, delimiter=DELIMITERS[job.delimiter]):
        try:
            record_id, is_new = carry_out(instance, load, from_cells(cells), now=now)
        except ApiError as error:
            fields = ":".join(error.fields or ())
            job.failed.append((f"{error.code}:{error.message}:{fields} --", cells))
        else:
            job.done.append((record_id, is_new, cells))
    job.state, job.changed_at = "JobComplete", now


def results(instance: Instance, call: Call, job_id: str, kind: str, *, now: datetime) -> Reply:
    del call, now
    job = _job(instance, job_id)
    if job.state in UNDER_WAY:
        raise _refused(f"Results are not available for a job in state {job.state}",
                       "INVALIDJOBSTATE")  # fmt: skip
    lead: list[str]
    rows: list[tuple[list[str], Cells]]
    if kind == "successfulResults":
        lead = ["sf__Id", "sf__Created"]
        rows = [([each, str(is_new).lower()], cells) for each, is_new, cells in job.done]
    elif kind == "failedResults":
        lead = ["sf__Id", "sf__Error"]
        rows = [([id_of(cells), problem], cells) for problem, cells in job.failed]
    else:
        lead, rows = [], []
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=DELIMITERS[job.delimiter],
        lineterminator=LINE_ENDINGS[job.line_ending],
        quoting=csv.QUOTE_ALL,
    )
    header = next(csv.reader(io.StringIO(job.content.decode("utf-8-sig")),
                             delimiter=DELIMITERS[job.delimiter]), [])  # fmt: skip
    writer.writerow([*lead, *header])
    writer.writerows([*start, *cells.values()] for start, cells in rows)
    return Reply(content=text.getvalue().encode(), media_type="text/csv;charset=UTF-8")
