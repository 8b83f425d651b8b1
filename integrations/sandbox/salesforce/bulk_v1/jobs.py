"""The jobs and batches of Bulk API 1.0, as data."""

from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.salesforce.cursors import Snapshot, drop_snapshot
from integrations.sandbox.salesforce.database import Database
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.schema import SObject

QUERIES = frozenset({"query", "queryAll"})
BATCH_PREFIX, RESULT_PREFIX = "751", "752"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one row; ``record_id`` is empty where an error stands."""

    record_id: str = ""
    created: bool = False
    error: ApiError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPart:
    """Some of the rows that answer a query: a file of its own."""

    start: int
    count: int


@dataclass(slots=True, kw_only=True)
class Batch:
    """First Queued, then Completed, Failed or NotProcessed."""

    id: str
    content: bytes
    created_at: datetime
    changed_at: datetime
    state: str = "Queued"
    message: str = ""
    processed: int = 0
    #: With PK chunking, the ids from the first up to, not including, the second.
    id_range: tuple[str, str] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    snapshot: Snapshot | None = None
    parts: dict[str, ResultPart] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        return sum(outcome.error is not None for outcome in self.outcomes)


@dataclass(slots=True, kw_only=True)
class AsyncJob:
    """Open, then Closed or Aborted."""

    id: str
    operation: str
    sobject: SObject
    external_id: str | None
    content_type: str
    #: Whether its state is told in JSON, as it was created, or in XML.
    speaks_json: bool
    concurrency: str
    #: Set when the answer is to be cut by ids.
    chunk_size: int | None
    version: str
    created_at: datetime
    created_by: str
    changed_at: datetime
    state: str = "Open"
    batches: dict[str, Batch] = field(default_factory=dict)

    @property
    def is_query(self) -> bool:
        return self.operation in QUERIES

    def count(self, *states: str) -> int:
        return sum(batch.state in states for batch in self.batches.values())


@dataclass(slots=True)
class AsyncJobs:
    jobs: dict[str, AsyncJob] = field(default_factory=dict)

    def fail(self, *, now: datetime) -> None:
        """Every batch that is under way fails."""
        for job in self.jobs.values():
            for batch in job.batches.values():
                if batch.state == "Queued":
                    batch.state, batch.changed_at = "Failed", now
                    batch.message = "InternalServerError : the batch could not be completed"

    def clear(self, database: Database) -> None:
        for job in self.jobs.values():
            for batch in job.batches.values():
                if batch.snapshot is not None:
                    drop_snapshot(database, batch.snapshot)
        self.jobs.clear()
