"""Bulk API 2.0 query jobs: Salesforce lists everything on its side, and we fetch it in pieces.

A job's results stay for seven days and a locator may be read again, so whoever remembers job and
locator can go on after a crash. Rows come in no order.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from simple_salesforce.exceptions import SalesforceError

from bot.domain.errors import BulkJobLost, PermanentError, TransientError
from bot.ports import BulkPage, MirrorRow
from integrations.salesforce.crm_object import CrmObject, mirrored, mirrored_columns, stamped
from integrations.salesforce.errors import (
    LOST_PLACE,
    NOT_FOUND,
    QUERY_TIMED_OUT,
    SOON,
    error_code,
    translated,
)
from integrations.salesforce.org import SalesforceOrg
from integrations.salesforce.parsing import find_instant, parse_count

#: Four pages at once stay below a hundred megabytes, and a page costs one call.
RECORDS_A_PAGE = 10_000
BATCH = 2_000
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
#: Hours of polling, after which the pull ends; the next one asks again.
POLLS = 500
OPEN = frozenset({"UploadComplete", "InProgress"})
DONE = "JobComplete"
UNDER_WAY = frozenset({"INVALIDJOBSTATE"})
NO_LOCATOR = frozenset({"null", "none", ""})

_log = structlog.get_logger()


class SalesforceBulk:
    """The BulkReader of ``bot.ports`` for one object. Raises CoachingErrors only."""

    def __init__(
        self,
        org: SalesforceOrg,
        crm_object: CrmObject,
        *,
        redact: Callable[[str], str],
        sleep: Callable[[float], None],
        records_a_page: int = RECORDS_A_PAGE,
    ) -> None:
        self._org = org
        self._object = crm_object
        self._redact = redact
        self._sleep = sleep
        self._records_a_page = records_a_page

    def oldest(self) -> datetime | None:
        cursor, sobject = self._object.cursor, self._object.sobject
        statement = f"SELECT {cursor} FROM {sobject} ORDER BY {cursor} LIMIT 1"  # noqa: S608 -- our own names
        with translated(self._redact):
            try:
                records = self._org.query(statement, with_deleted=True).records
            except SalesforceError as error:
                if error_code(error) not in QUERY_TIMED_OUT:
                    raise
                return None
        return find_instant(records[0].get(cursor)) if records else None

    def begin(self, *, since: datetime | None, until: datetime) -> str:
        # ORDER BY and LIMIT would keep Salesforce from splitting the work by ranges of ids.
        cursor = self._object.cursor
        fields = dict.fromkeys(["Id", cursor, *(each.field for each in self._object.columns)])
        statement = (
            f"SELECT {', '.join(fields)} FROM {self._object.sobject} "  # noqa: S608 -- our own names
            f"WHERE {stamped(self._object, since=since, until=until)}"
        )
        wanted = {"operation": "queryAll", "query": statement, "contentType": "CSV"}
        with translated(self._redact):
            job = self._org.call("POST", "jobs/query", json=wanted).json()
        if not isinstance(job, dict) or not job.get("id"):
            raise PermanentError("Salesforce answered a bulk job without an id")
        return str(job["id"])

    def finish(self, job: str, *, is_stopped: Callable[[], bool]) -> int | None:
        pause = FIRST_PAUSE_SECONDS
        for _ in range(POLLS):
            if is_stopped():
                return None
            told = self._told(job)
            state = told.get("state")
            if state == DONE:
                return _whole(told.get("numberRecordsProcessed"), job)
            if state not in OPEN:
                said = self._redact(str(told.get("errorMessage") or ""))[:300]
                raise BulkJobLost(f"Salesforce's bulk job {job} ended as {state}: {said}")
            self._sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
        raise TransientError(f"Salesforce's bulk job {job} is still under way", retry_after=SOON)

    def page(self, job: str, locator: str | None) -> BulkPage:
        params = {"maxRecords": str(self._records_a_page)}
        if locator is not None:
            params["locator"] = locator
        path = f"jobs/query/{job}/results"
        with translated(self._redact), _lost(job):
            answer = self._org.call("GET", path, params=params)
        more = answer.headers.get("Sforce-Locator", "")
        told = answer.headers.get("Sforce-NumberOfRecords", "")
        promised = int(told) if told.isdecimal() else _count(answer.content)
        return BulkPage(
            batches=self._batches(answer.content, promised=promised),
            size=promised,
            locator=None if more.strip().lower() in NO_LOCATOR else more,
        )

    def forget(self, job: str) -> None:
        """Its results fill the org's allowance until then; one that is gone already is fine."""
        path = f"jobs/query/{job}"
        try:
            with translated(self._redact), _lost(job):
                try:
                    self._org.call("DELETE", path)
                except SalesforceError as error:
                    if error_code(error) not in UNDER_WAY:
                        raise
                    self._org.call("PATCH", path, json={"state": "Aborted"})
                    self._org.call("DELETE", path)
        except BulkJobLost:
            _log.info("salesforce.bulk_job_gone", job=job)

    def _told(self, job: str) -> Mapping[str, Any]:
        with translated(self._redact), _lost(job):
            told = self._org.call("GET", f"jobs/query/{job}").json()
        if not isinstance(told, dict):
            raise BulkJobLost(f"Salesforce says nothing of its bulk job {job}")
        return told

    def _batches(self, content: bytes, *, promised: int) -> Iterator[Sequence[MirrorRow]]:
        """Raises TransientError after the last batch when there were not as many as promised."""
        lines = _lines(content)
        header = next(lines, [])
        found = 0
        while cells := list(islice(lines, BATCH)):
            found += len(cells)
            columns = dict(zip(header, zip(*cells, strict=True), strict=True))
            rows = mirrored_columns(self._object, columns)
            if rows is None:
                # An empty cell is null; Salesforce has no empty strings.
                records = [
                    {name: cell or None for name, cell in zip(header, each, strict=True)}
                    for each in cells
                ]
                rows = mirrored(self._object, records)
            yield rows
        if found != promised:
            raise TransientError(
                f"Salesforce announced {promised} records and sent {found}", retry_after=SOON
            )


def _lines(content: bytes) -> Iterator[list[str]]:
    """The header and all rows. Raises TransientError where a row is torn: a body that broke off."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    width = 0
    try:
        # At least Id and stamp are asked for, so an empty line is no record.
        for cells in filter(None, csv.reader(text, strict=True)):
            width = width or len(cells)
            if len(cells) != width:
                raise _torn()
            yield cells
    except (csv.Error, UnicodeDecodeError) as error:
        raise _torn() from error


def _torn() -> TransientError:
    return TransientError("Salesforce's page of a bulk job breaks off in mid-row", retry_after=SOON)


def _whole(number: object, job: str) -> int:
    try:
        return parse_count(number) or 0
    except ValueError as error:
        raise BulkJobLost(f"Salesforce does not count its bulk job {job}: {error}") from error


def _count(content: bytes) -> int:
    """Where the page does not say it; the job's own count is held against the sum of all pages."""
    return max(0, sum(1 for _ in _lines(content)) - 1)


@contextmanager
def _lost(job: str) -> Iterator[None]:
    """Turns "no such job" and "no such locator" into BulkJobLost."""
    try:
        yield
    except SalesforceError as error:
        if error_code(error) not in LOST_PLACE | NOT_FOUND:
            raise
        raise BulkJobLost(f"Salesforce no longer has the bulk job {job}") from error
