"""The query jobs of Bulk API 2.0, as data: what was asked for and the snapshot that answers it."""

from dataclasses import dataclass
from datetime import datetime

from integrations.sandbox.salesforce.cursors import Snapshot, drop_snapshot, take_snapshot
from integrations.sandbox.salesforce.database import Database
from integrations.sandbox.salesforce.ids import IdMinter
from integrations.sandbox.salesforce.soql.plans import Plan

PREFIX = "750"
DELIMITERS = {
    "COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^", "BACKQUOTE": "`",
}  # fmt: skip
OPEN = frozenset({"UploadComplete", "InProgress"})
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}


@dataclass(slots=True, kw_only=True)
class BulkJob:
    """A job: first UploadComplete, then JobComplete, Failed or Aborted, and at last deleted."""

    id: str
    operation: str
    plan: Plan
    version: str
    column_delimiter: str
    line_ending: str
    created_at: datetime
    created_by: str
    state: str = "UploadComplete"
    changed_at: datetime
    snapshot: Snapshot | None = None


class BulkJobs:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._minter = IdMinter()
        self._jobs: dict[str, BulkJob] = {}

    @property
    def all(self) -> tuple[BulkJob, ...]:
        return tuple(self._jobs.values())

    def mint(self) -> str:
        return self._minter.mint(PREFIX)

    def add(self, job: BulkJob) -> None:
        self._jobs[job.id] = job

    def find(self, job_id: str) -> BulkJob | None:
        return self._jobs.get(job_id)

    def complete(self, job: BulkJob, *, now: datetime) -> None:
        """Run the statement; its rows stay as they are from here on."""
        job.snapshot = take_snapshot(self._database, f"_job_{job.id}", job.plan, now=now)
        job.state, job.changed_at = "JobComplete", now

    def fail(self, *, now: datetime) -> None:
        """Every job that is under way fails."""
        for job in self._jobs.values():
            if job.state in OPEN:
                job.state, job.changed_at = "Failed", now

    def clear(self) -> None:
        for job in list(self._jobs.values()):
            self.remove(job)

    def remove(self, job: BulkJob) -> None:
        if job.snapshot is not None:
            drop_snapshot(self._database, job.snapshot)
        del self._jobs[job.id]
