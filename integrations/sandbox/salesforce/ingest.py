"""Ingest jobs of Bulk API 2.0: records as CSV in, results as CSV out."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.bulk_jobs import DELIMITERS, LINE_ENDINGS
from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError, not_found
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.ingest_jobs import Cells, IngestJob
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.values import instant_text
from integrations.sandbox.salesforce.wire import Call, Reply
from integrations.sandbox.salesforce.writing import create, delete, find_record, record_with, update

OPERATIONS = frozenset({"insert", "update", "upsert", "delete", "hardDelete"})
#: A cell that empties a field; a blank one leaves it as it is.
NO_VALUE = "#N/A"
UNDER_WAY = frozenset({"Open", "UploadComplete", "InProgress"})


def _refused(message: str, code: str = "INVALIDJOB") -> ApiError:
    return ApiError(400, code, message)


def _job(instance: Instance, job_id: str) -> IngestJob:
    job = instance.ingest.jobs.get(long_id(job_id))
    if job is None:
        raise not_found()
    return job


def create_job(instance: Instance, call: Call, *, now: datetime) -> Reply:
    body = call.json_object()
    operation = body.get("operation")
    if operation not in OPERATIONS:
        raise _refused(f"Unable to find operation {operation}")
    sobject = sobject_named(instance, str(body.get("object", "")))
    delimiter, ending = body.get("columnDelimiter", "COMMA"), body.get("lineEnding", "LF")
    if delimiter not in DELIMITERS or ending not in LINE_ENDINGS:
        raise _refused(f"Unknown columnDelimiter {delimiter} or lineEnding {ending}")
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
    change = _CHANGES[job.operation]
    text = io.StringIO(job.content.decode("utf-8-sig"), newline="")
    for cells in csv.DictReader(text, delimiter=DELIMITERS[job.delimiter]):
        try:
            with instance.store.transaction():
                record_id, is_new = change(instance, job, cells, now)
        except ApiError as error:
            fields = ":".join(error.fields or ())
            job.failed.append((f"{error.code}:{error.message}:{fields} --", cells))
        else:
            job.done.append((record_id, is_new, cells))
    job.state, job.changed_at = "JobComplete", now


def _body(instance: Instance, job: IngestJob, cells: Cells) -> dict[str, Any]:
    """Blank cells say nothing. Raises ApiError for a parent that nobody knows."""
    body: dict[str, Any] = {}
    for name, cell in cells.items():
        if name.lower() == "id" or not cell:
            continue
        if "." in name:
            link, parent_id = _parent(instance, job.sobject, name, cell)
            body[link.name] = parent_id
        else:
            body[name] = None if cell == NO_VALUE else cell
    return body


def _parent(instance: Instance, sobject: SObject, name: str, value: str) -> tuple[Field, str]:
    """``Account.External_Key__c`` names a parent by a value of its own."""
    relationship, _, key = name.partition(".")
    link = sobject.parent_field(relationship)
    target = instance.schema.find(link.targets[0]) if link else None
    known = target.field(key) if target else None
    if link is None or target is None or known is None:
        raise ApiError(400, "INVALID_FIELD", f"Foreign key external ID: {name} is not known")
    record = record_with(instance, target, known, value)
    if record is None:
        raise ApiError(400, "INVALID_FIELD", f"Foreign key external ID: {value} not found for "
                       f"field {key} in entity {target.name}")  # fmt: skip
    return link, str(record["Id"])


def _insert(instance: Instance, job: IngestJob, cells: Cells, now: datetime) -> tuple[str, bool]:
    return create(instance, job.sobject, _body(instance, job, cells), now=now), True


def _named(cells: Cells) -> str:
    return next((cell for name, cell in cells.items() if name.lower() == "id"), "")


def _update(instance: Instance, job: IngestJob, cells: Cells, now: datetime) -> tuple[str, bool]:
    record_id = long_id(_named(cells))
    update(instance, job.sobject, record_id, _body(instance, job, cells), now=now)
    return record_id, False


def _upsert(instance: Instance, job: IngestJob, cells: Cells, now: datetime) -> tuple[str, bool]:
    key = job.sobject.field(str(job.external_id))
    if key is None or key.kind == "id":
        is_new = not _named(cells)
        return _insert(instance, job, cells, now) if is_new else _update(instance, job, cells, now)
    body = _body(instance, job, cells)
    record = record_with(instance, job.sobject, key, str(body.get(key.name, "")))
    if record is None:
        return create(instance, job.sobject, body, now=now), True
    del body[key.name]
    update(instance, job.sobject, str(record["Id"]), body, now=now)
    return str(record["Id"]), False


def _delete(instance: Instance, job: IngestJob, cells: Cells, now: datetime) -> tuple[str, bool]:
    record_id = long_id(_named(cells))
    delete(instance, job.sobject, record_id, now=now)
    return record_id, False


def _hard_delete(
    instance: Instance, job: IngestJob, cells: Cells, now: datetime
) -> tuple[str, bool]:
    record = find_record(instance, job.sobject, _named(cells), deleted_too=True)
    record_id = str(record["Id"])
    instance.store.delete(job.sobject, record_id, at=now, hard=True)
    return record_id, False


_CHANGES: Mapping[str, Callable[[Instance, IngestJob, Cells, datetime], tuple[str, bool]]] = {
    "insert": _insert,
    "update": _update,
    "upsert": _upsert,
    "delete": _delete,
    "hardDelete": _hard_delete,
}


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
        rows = [([_named(cells), problem], cells) for problem, cells in job.failed]
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
