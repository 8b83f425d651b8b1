"""The running simulated Salesforce: everything that a request may touch."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.sandbox.salesforce.bulk_jobs import BulkJobs
from integrations.sandbox.salesforce.bulk_v1.jobs import AsyncJobs
from integrations.sandbox.salesforce.cursors import Cursors
from integrations.sandbox.salesforce.faults import FaultKind, Faults
from integrations.sandbox.salesforce.ingest_jobs import IngestJobs
from integrations.sandbox.salesforce.request_log import RequestLog
from integrations.sandbox.salesforce.schema import Schema
from integrations.sandbox.salesforce.sessions import Credentials, Sessions
from integrations.sandbox.salesforce.soql.compiler import Compiler
from integrations.sandbox.salesforce.soql.dates import Calendar
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.salesforce.usage import Usage

SMALLEST_PAGE, LARGEST_PAGE = 200, 2_000


@dataclass(frozen=True, kw_only=True)
class Instance:
    store: Store
    credentials: Credentials
    sessions: Sessions
    usage: Usage
    faults: Faults
    cursors: Cursors
    jobs: BulkJobs
    log: RequestLog
    #: What logins answer as the organisation's address; None stands for the server's own.
    instance_url: str | None
    page_size: int
    organization_id: str
    started_at: datetime
    ingest: IngestJobs = field(default_factory=IngestJobs)
    async_jobs: AsyncJobs = field(default_factory=AsyncJobs)
    _schemas: dict[tuple[frozenset[tuple[str, ...]], ...], Schema] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """The objects and fields that the logged-in user may see."""
        hidden = frozenset(
            (fault.sobject, fault.field) for fault in self.faults.standing(FaultKind.HIDDEN_FIELD)
        )
        renamed = frozenset(
            (fault.sobject, fault.field, fault.value)
            for fault in self.faults.standing(FaultKind.RENAMED_FIELD)
        )
        if not hidden and not renamed:
            return self.store.schema
        if (hidden, renamed) not in self._schemas:
            seen = self.store.schema.seen(hidden=hidden, renamed=renamed)
            self._schemas[hidden, renamed] = seen
        return self._schemas[hidden, renamed]

    def calendar(self, now: datetime) -> Calendar:
        names = ("FiscalYearStartMonth", "UsesStartDateAsFiscalYearName")
        organization = self.store.schema.objects["Organization"]
        known = [name if organization.field(name) else "NULL" for name in names]
        rows = self.store.database.rows(f"SELECT {', '.join(known)} FROM Organization LIMIT 1")  # noqa: S608 -- names come from the schema
        month, of_start = rows[0] if rows else (None, None)
        return Calendar(
            now=now,
            zone=ZoneInfo(self.credentials.zone),
            fiscal_start_month=int(month or 1),
            fiscal_year_of_start=bool(of_start),
        )

    def compiler(self, now: datetime, *, all_rows: bool) -> Compiler:
        return Compiler(
            schema=self.schema,
            calendar=self.calendar(now),
            all_rows=all_rows,
            user_id=self.credentials.user_id,
        )

    def batch_size(self, options: str | None) -> int:
        """The page size that ``Sforce-Query-Options`` asks for, within what is allowed."""
        size = self.page_size
        for option in (options or "").split(","):
            name, _, value = option.partition("=")
            if name.strip().lower() == "batchsize" and value.strip().isdigit():
                size = min(max(int(value), SMALLEST_PAGE), LARGEST_PAGE)
        for fault in self.faults.standing(FaultKind.SMALL_PAGES):
            size = min(size, max(1, fault.size))
        return size

    def settled_until(self, now: datetime) -> datetime:
        """No record will appear later with a stamp before this instant."""
        slowest = max(
            (fault.seconds for fault in self.faults.standing(FaultKind.SLOW_TRANSACTION)),
            default=0.0,
        )
        return min(self.store.settled_until(now), now - timedelta(seconds=slowest))
