"""What Bulk API 1.0 is told and tells about jobs, as JSON or as XML."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from integrations.sandbox.salesforce.bulk_v1.jobs import AsyncJob, Batch
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.values import instant_text
from integrations.sandbox.salesforce.wire import Call, Reply

#: Without a charset, since a widely used client compares the whole text.
JSON, XML, CSV = "application/json", "application/xml", "text/csv"
NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
#: How a refusal of the REST API is called here; all of them are bad requests.
_CODES = {
    "INVALID_SESSION_ID": ("InvalidSessionId", "Invalid session id"),
    "NOT_FOUND": ("InvalidUrl", "Destination URL not found"),
    "REQUEST_LIMIT_EXCEEDED": ("ExceededQuota", None),
    "METHOD_NOT_ALLOWED": ("InvalidUrl", None),
    "JSON_PARSER_ERROR": ("InvalidBatch", None),
}


def refused(code: str, message: str) -> ApiError:
    return ApiError(400, code, message)


def wants_json(call: Call, *, otherwise: bool = False) -> bool:
    """By the type of what was sent, or else of what is accepted."""
    for name in ("content-type", "accept"):
        value = call.headers.get(name, "").lower()
        if "json" in value:
            return True
        if "xml" in value:
            return False
    return otherwise


def refusal(call: Call, error: ApiError) -> Reply:
    code, message = _CODES.get(error.code, (error.code, None))
    body = {"exceptionCode": code, "exceptionMessage": message or error.message}
    status = 400 if error.code == "INVALID_SESSION_ID" else error.status
    return _reply("error", body, as_json=wants_json(call), status=status, verdict=error.code)


def document(call: Call) -> dict[str, Any]:
    """The fields of a jobInfo, without its name. Raises ApiError."""
    if wants_json(call):
        return call.json_object()
    try:
        root = ET.fromstring(call.body)  # noqa: S314 -- a server on loopback, and expat limits what entities may grow to
    except ET.ParseError as error:
        raise refused("InvalidJob", f"Unable to parse Job: {error}") from None
    return {local(child.tag): child.text or "" for child in root}


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def job_reply(call: Call, job: AsyncJob, *, status: int = 200) -> Reply:
    as_json = wants_json(call, otherwise=job.speaks_json)
    return _reply("jobInfo", _job_info(job, as_json=as_json), as_json=as_json, status=status)


def batch_reply(job: AsyncJob, batch: Batch, *, status: int = 200) -> Reply:
    """Whatever was asked for, of a job with JSON in JSON and of any other in XML."""
    as_json = job.content_type == "JSON"
    info = _batch_info(job, batch, as_json=as_json)
    return _reply("batchInfo", info, as_json=as_json, status=status)


def batches_reply(job: AsyncJob) -> Reply:
    as_json = job.content_type == "JSON"
    infos = [_batch_info(job, batch, as_json=as_json) for batch in job.batches.values()]
    return _reply("batchInfoList", {"batchInfo": infos}, as_json=as_json)


def _job_info(job: AsyncJob, *, as_json: bool) -> dict[str, Any]:
    batches = list(job.batches.values())
    found: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.sobject.name,
        "createdById": job.created_by,
        "createdDate": _instant(job.created_at, as_json=as_json),
        "systemModstamp": _instant(job.changed_at, as_json=as_json),
        "state": job.state,
        "concurrencyMode": job.concurrency,
        "contentType": job.content_type,
        "numberBatchesQueued": job.count("Queued"),
        "numberBatchesInProgress": 0,
        "numberBatchesCompleted": job.count("Completed"),
        "numberBatchesFailed": job.count("Failed"),
        "numberBatchesTotal": len(batches),
        "numberRecordsProcessed": sum(batch.processed for batch in batches),
        "numberRetries": 0,
        "apiVersion": float(job.version),
        "numberRecordsFailed": sum(batch.failed for batch in batches),
        "totalProcessingTime": 0,
        "apiActiveProcessingTime": 0,
        "apexProcessingTime": 0,
    }
    if job.external_id is not None:
        found["externalIdFieldName"] = job.external_id
    return found


def _batch_info(job: AsyncJob, batch: Batch, *, as_json: bool) -> dict[str, Any]:
    message = {"stateMessage": batch.message} if batch.message else {}
    return {
        "id": batch.id,
        "jobId": job.id,
        "state": batch.state,
        **message,
        "createdDate": _instant(batch.created_at, as_json=as_json),
        "systemModstamp": _instant(batch.changed_at, as_json=as_json),
        "numberRecordsProcessed": batch.processed,
        "numberRecordsFailed": batch.failed,
        "totalProcessingTime": 0,
        "apiActiveProcessingTime": 0,
        "apexProcessingTime": 0,
    }


def _instant(at: datetime, *, as_json: bool) -> str:
    text = instant_text(at)
    return text if as_json else text.replace("+0000", "Z")


def _reply(
    name: str, body: Mapping[str, Any], *, as_json: bool, status: int = 200, verdict: str = "ok"
) -> Reply:
    if as_json:
        return Reply(status=status, content=json.dumps(body).encode(), media_type=JSON,
                     verdict=verdict)  # fmt: skip
    text = f'{_HEAD}<{name} xmlns="{NAMESPACE}">{_elements(body)}</{name}>'
    return Reply(status=status, content=text.encode(), media_type=XML, verdict=verdict)


def _elements(body: Mapping[str, Any]) -> str:
    parts = []
    for name, value in body.items():
        if isinstance(value, list):
            parts += [f"<{name}>{_elements(each)}</{name}>" for each in value]
        else:
            parts.append(f"<{name}>{escape(str(value))}</{name}>")
    return "".join(parts)


def xml_reply(inner: str, name: str) -> Reply:
    text = (
        f'{_HEAD}<{name} xmlns="{NAMESPACE}" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inner}</{name}>'
    )
    return Reply(content=text.encode(), media_type=XML)


def json_reply(parsed: object) -> Reply:
    text = json.dumps(parsed, separators=(",", ":"), ensure_ascii=False)
    return Reply(content=text.encode(), media_type=JSON)
