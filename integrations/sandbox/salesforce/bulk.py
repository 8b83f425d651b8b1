"""Bulk API 2.0 query jobs over REST."""

import base64
import binascii
import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.bulk_jobs import DELIMITERS, LINE_ENDINGS, OPEN, BulkJob
from integrations.sandbox.salesforce.cursors import invalid_locator, snapshot_rows
from integrations.sandbox.salesforce.database import Row
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.queries import plan_for
from integrations.sandbox.salesforce.soql.parser import parse
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.values import instant_text, to_csv
from integrations.sandbox.salesforce.wire import Call, Reply

DEFAULT_PAGE = 50_000
#: No page is longer, whatever is asked for; the locator leads on.
LARGEST_PAGE = 100_000
PAGES_AT_ONCE = 5
_OPERATIONS = {"query": False, "queryAll": True}


def _refused(message: str, code: str = "API_ERROR", status: int = 400) -> ApiError:
    return ApiError(status, code, message)


def create_job(instance: Instance, call: Call, *, now: datetime) -> Reply:
    body = call.json_object()
    operation, statement = body.get("operation"), body.get("query")
    if operation not in _OPERATIONS or not isinstance(statement, str):
        raise _refused("Required fields are missing or wrong: operation (query or queryAll), query")
    delimiter = str(body.get("columnDelimiter", "COMMA"))
    ending = str(body.get("lineEnding", "LF"))
    if delimiter not in DELIMITERS or ending not in LINE_ENDINGS:
        raise _refused(f"Unknown columnDelimiter {delimiter} or lineEnding {ending}")
    job = BulkJob(
        id=instance.jobs.mint(),
        operation=operation,
        plan=bulk_plan(instance, statement, now=now, all_rows=_OPERATIONS[operation]),
        version=call.version,
        column_delimiter=delimiter,
        line_ending=ending,
        created_at=now,
        changed_at=now,
        created_by=instance.credentials.user_id,
    )
    instance.jobs.add(job)
    instance.usage.bulk_jobs += 1
    return Reply(body=_info(job))


def bulk_plan(instance: Instance, statement: str, *, now: datetime, all_rows: bool) -> Plan:
    """Raises ApiError for what Bulk queries may not contain."""
    query = parse(statement)
    plan = plan_for(instance, statement, now=now, all_rows=all_rows)
    if plan.counts_only or plan.is_aggregate:
        raise _refused("Aggregate Relationships and GROUP BY are not supported by the Bulk API")
    if query.offset is not None:
        raise _refused("OFFSET is not supported by the Bulk API")
    if plan.shape.children:
        raise _refused("Nested queries are not supported by the Bulk API")
    if plan.shape.cases:
        raise _refused("TYPEOF is not supported by the Bulk API")
    if any(field.kind == "address" for _, _, field in plan.columns):
        raise _refused("Selecting compound data not supported in Bulk Query",
                       "FUNCTIONALITY_NOT_ENABLED")  # fmt: skip
    if any(field.kind == "base64" for _, _, field in plan.columns):
        raise _refused("Selecting binary fields not supported in Bulk Query",
                       "FUNCTIONALITY_NOT_ENABLED")  # fmt: skip
    return plan


def _info(job: BulkJob) -> dict[str, Any]:
    info: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.plan.sobject.name,
        "createdById": job.created_by,
        "createdDate": instant_text(job.created_at),
        "systemModstamp": instant_text(job.changed_at),
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version),
        "lineEnding": job.line_ending,
        "columnDelimiter": job.column_delimiter,
    }
    if job.state == "Failed":
        info |= {"errorMessage": "InternalServerError : the query could not be completed"}
    if job.snapshot is not None:
        info |= {
            "jobType": "V2Query",
            "numberRecordsProcessed": job.snapshot.size,
            "retries": 0,
            "totalProcessingTime": 1,
            "isPkChunkingSupported": True,
        }
    return info


def _job(instance: Instance, job_id: str) -> BulkJob:
    job = instance.jobs.find(long_id(job_id))
    if job is None:
        raise ApiError(404, "NOT_FOUND", "The requested resource does not exist")
    return job


def read_job(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    """The first time that anyone asks, the work gets done."""
    del call
    job = _job(instance, job_id)
    if job.state in OPEN:
        instance.jobs.complete(job, now=now)
    return Reply(body=_info(job))


def list_jobs(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del call, now
    records = [_info(job) for job in instance.jobs.all]
    return Reply(body={"done": True, "records": records, "nextRecordsUrl": None})


def abort_job(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    job = _job(instance, job_id)
    if call.json_object().get("state") != "Aborted":
        raise _refused("A query job can only be set to the state Aborted")
    if job.state not in OPEN:
        raise _refused(f"Aborting already {job.state} Job not allowed", "INVALIDJOBSTATE")
    job.state, job.changed_at = "Aborted", now
    return Reply(body=_info(job))


def delete_job(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    del call, now
    job = _job(instance, job_id)
    if job.state in OPEN:
        raise _refused(f"A job in state {job.state} cannot be deleted", "INVALIDJOBSTATE")
    instance.jobs.remove(job)
    return Reply(status=204)


def results(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    del now
    job = _job(instance, job_id)
    if job.snapshot is None:
        raise _refused(f"Results are not available for a job in state {job.state}",
                       "INVALIDJOBSTATE")  # fmt: skip
    if job.version != call.version:
        raise _refused("Results must be read with the API version of the job", "CONFLICT", 409)
    most = call.query.get("maxRecords") or str(DEFAULT_PAGE)
    if not most.isdigit() or int(most) < 1:
        raise _refused(f"maxRecords must be a positive number: {most}")
    start = _offset(call.query.get("locator"), job.snapshot.size)
    count = min(int(most), LARGEST_PAGE)
    rows = snapshot_rows(instance.store.database, job.snapshot, start=start, count=count)
    end = start + len(rows)
    return Reply(
        content=_csv(job, rows).encode(),
        media_type="text/csv;charset=UTF-8",
        headers={
            "Sforce-NumberOfRecords": str(len(rows)),
            "Sforce-Locator": _locator(end) if end < job.snapshot.size else "null",
        },
    )


def result_pages(instance: Instance, call: Call, job_id: str, *, now: datetime) -> Reply:
    """Where the next few pages are, so that they can be fetched at once."""
    del now
    job = _job(instance, job_id)
    if job.snapshot is None:
        raise _refused(f"Results are not available for a job in state {job.state}",
                       "INVALIDJOBSTATE")  # fmt: skip
    start = _offset(call.query.get("locator"), job.snapshot.size)
    at = f"{call.base}/jobs/query/{job.id}/results"
    starts = range(start, max(job.snapshot.size, 1), DEFAULT_PAGE)
    pages = [
        {"resultUrl": f"{at}?locator={_locator(each)}" if each else at}
        for each in starts[:PAGES_AT_ONCE]
    ]
    more = starts[PAGES_AT_ONCE:]
    body: dict[str, Any] = {"resultPages": pages, "done": not more}
    if more:
        body["nextRecordsUrl"] = (
            f"{at.removesuffix('results')}resultPages?locator={_locator(more[0])}"
        )
    return Reply(body=body)


def _locator(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def _offset(locator: str | None, size: int) -> int:
    if not locator or locator == "null":
        return 0
    try:
        offset = int(base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except (ValueError, binascii.Error):
        raise invalid_locator() from None
    if not 0 < offset < size:
        raise invalid_locator()
    return offset


def _csv(job: BulkJob, rows: Sequence[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=DELIMITERS[job.column_delimiter],
        lineterminator=LINE_ENDINGS[job.line_ending],
        quoting=csv.QUOTE_ALL,
    )
    columns = [(place, to_csv(field)) for _, place, field in job.plan.columns]
    writer.writerow([name for name, _, _ in job.plan.columns])
    writer.writerows([convert(row[place]) for place, convert in columns] for row in rows)
    return text.getvalue()
