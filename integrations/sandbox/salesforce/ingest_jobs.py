"""The ingest jobs of Bulk API 2.0, as data: what was sent and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.salesforce.schema import SObject

Cells = dict[str, str]


@dataclass(slots=True, kw_only=True)
class IngestJob:
    id: str
    sobject: SObject
    operation: str
    external_id: str | None
    delimiter: str
    line_ending: str
    version: str
    created_at: datetime
    created_by: str
    changed_at: datetime
    state: str = "Open"
    content: bytes = b""
    #: (id, whether it was created, the row), and (what was wrong, the row).
    done: list[tuple[str, bool, Cells]] = field(default_factory=list)
    failed: list[tuple[str, Cells]] = field(default_factory=list)


@dataclass(slots=True)
class IngestJobs:
    jobs: dict[str, IngestJob] = field(default_factory=dict)
