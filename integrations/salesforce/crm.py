"""Salesforce as the Crm of ``bot.ports``."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import CoachingError, MissingField
from bot.ports import (
    BulkReader,
    CallBudget,
    Census,
    Clock,
    CrmField,
    CrmNote,
    CrmWriter,
    Deletions,
    MirrorRow,
)
from integrations.salesforce.ahead import ahead
from integrations.salesforce.bulk import RECORDS_A_PAGE, SalesforceBulk
from integrations.salesforce.census import SalesforceCensus
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm_object import (
    CrmObject,
    Fitted,
    load_objects,
    mirrored,
)
from integrations.salesforce.descriptions import Descriptions
from integrations.salesforce.errors import translated
from integrations.salesforce.org import Record, SalesforceOrg
from integrations.salesforce.replication import LOOK_BACK, ReplicationLog
from integrations.salesforce.session import log_in
from integrations.salesforce.transport import TIMEOUT_SECONDS, CallMeter
from integrations.salesforce.window import LONGEST_QUERY, WindowReader
from integrations.salesforce.writer import SalesforceWriter

#: Fields come, go and are hidden; a description older than this is asked for again.
DESCRIBED_FOR = timedelta(hours=1)
#: How long a transaction may be open, to who never asked.
USUALLY_OPEN = timedelta(minutes=10)

_log = structlog.get_logger()


class SalesforceCrm:
    """Raises CoachingErrors only. Nothing is asked of Salesforce before the first method call."""

    def __init__(
        self,
        org: SalesforceOrg,
        *,
        clock: Clock,
        objects: Mapping[str, CrmObject],
        sleep: Callable[[float], None] = time.sleep,
        redact: Callable[[str], str] = str,
        longest_query: int = LONGEST_QUERY,
        records_a_page: int = RECORDS_A_PAGE,
    ) -> None:
        self._org = org
        self._clock = clock
        self._objects = objects
        self._sleep = sleep
        self._redact = redact
        self._records_a_page = records_a_page
        self._longest_query = longest_query
        self._log = ReplicationLog(org)
        self._descriptions = Descriptions(org, objects, redact=redact)
        #: What ``safe_until`` answered last.
        self._settled: dict[str, datetime] = {}
        self._described_at: datetime | None = None
        self._limits_asked = False

    def objects(self) -> Sequence[str]:
        """All tables, but not those of optional objects that the org lacks or hides."""
        now = self._clock.now()
        if self._described_at is None or now - self._described_at >= DESCRIBED_FOR:
            self._descriptions.forget()
            self._described_at = now
        optional = {table for table, each in self._objects.items() if each.is_optional}
        # What every org has comes first: it tells the version of the API that is spoken there.
        for table in sorted(self._objects.keys() - optional)[:1]:
            self._fit(table)
        return [
            table for table in self._objects if not (table in optional and self._fit(table).lacking)
        ]

    def missing_columns(self, table: str) -> Sequence[str]:
        return self._fit(table).missing

    def fields(self, table: str) -> Sequence[CrmField]:
        return self._descriptions.fields(table)

    def changes(
        self,
        table: str,
        *,
        since: datetime | None,
        until: datetime,
        at_most: int | None = None,
    ) -> Iterator[Sequence[MirrorRow]]:
        """See ``Crm.changes``. Raises MissingField when the object cannot be read at all.

        Records that cannot be mirrored (an id or a close date is empty) are left out, aloud.
        """
        for _ in self._objects[table].columns:
            try:
                yield from self._changes(table, since=since, until=until, at_most=at_most)
            except MissingField as refusal:
                if not self._descriptions.fits_otherwise(table, refusal):
                    raise
            else:
                return

    def safe_until(self, table: str) -> datetime:
        now = self._clock.now()
        if self._descriptions.is_unreplicated(table):
            return now - LOOK_BACK
        with translated(self._redact):
            safe = self._log.covered_until(self._objects[table].sobject, now=now)
        self._settled[table] = safe
        return safe

    def deletions(self, table: str, *, since: datetime, until: datetime) -> Deletions:
        """Objects without a deletion log (User, UserRole) are vouched for: nobody deletes them."""
        if self._descriptions.is_unreplicated(table):
            return Deletions(ids=(), covered_until=until)
        with translated(self._redact):
            return self._log.deletions(self._objects[table].sobject, since=since, until=until)

    def census(self, table: str) -> Census | None:
        fitted = self._fit(table)
        if fitted.lacking:
            return None
        return SalesforceCensus(
            self._org,
            fitted.crm_object,
            redact=self._redact,
            longest_query=self._longest_query,
        )

    def bulk(self, table: str) -> BulkReader | None:
        fitted = self._fit(table)
        if fitted.lacking:
            return None
        return SalesforceBulk(
            self._org,
            fitted.crm_object,
            redact=self._redact,
            sleep=self._sleep,
            records_a_page=self._records_a_page,
        )

    def calls(self) -> CallBudget:
        calls = self._org.meter.calls()
        # Never log in only to ask: refused credentials would be tried twice, and locked.
        if calls.used is not None or self._limits_asked or not self._org.is_logged_in:
            return calls
        self._limits_asked = True
        try:
            with translated(self._redact):
                return self._org.ask_calls()
        except CoachingError:
            _log.warning("salesforce.lacks_limits")
            return calls

    def writer(self) -> CrmWriter:
        return SalesforceWriter(self._org, self._objects, redact=self._redact)

    def take_unusable(self, table: str) -> Mapping[str, tuple[str, str]]:
        return self._descriptions.unusable(table).take()

    def notes(self) -> Sequence[CrmNote]:
        return self._org.notes()

    def _changes(
        self, table: str, *, since: datetime | None, until: datetime, at_most: int | None
    ) -> Iterator[Sequence[MirrorRow]]:
        fitted = self._fit(table)
        if fitted.lacking:
            raise MissingField(
                f"Salesforce object {fitted.crm_object.sobject} cannot be read: it lacks or hides"
                f" {', '.join(fitted.lacking)}",
                hint="give the integration user read access to the object and these fields",
            )
        reader = WindowReader(self._org, fitted.crm_object, longest_query=self._longest_query)
        settled_until = self._settled.get(table, until - USUALLY_OPEN)
        pages = reader.pages(since=since, until=until, settled_until=settled_until, at_most=at_most)
        yield from ahead(self._mirrored(fitted.crm_object, pages))

    def _mirrored(
        self, crm_object: CrmObject, pages: Iterator[Sequence[Record]]
    ) -> Iterator[Sequence[MirrorRow]]:
        while True:
            with translated(self._redact):
                page = next(pages, None)
            if page is None:
                return
            if rows := mirrored(crm_object, page):
                yield rows

    def _fit(self, table: str) -> Fitted:
        return self._descriptions.fit(table)


def open_salesforce(
    credentials: SalesforceCredentials,
    *,
    clock: Clock,
    sleep: Callable[[float], None] = time.sleep,
    draw: Callable[[], float] = random.random,
    longest_query: int = LONGEST_QUERY,
    records_a_page: int = RECORDS_A_PAGE,
    objects: Mapping[str, CrmObject] | None = None,
    patience: tuple[float, float] = TIMEOUT_SECONDS,
) -> SalesforceCrm:
    """The Crm behind these credentials; logs in at its first use, not here.

    It reads ``objects`` by mirror table, by default all that we know; ``records_a_page`` are
    fetched at once of a bulk job.

    ``sleep`` takes seconds and ``draw`` gives a uniform number in [0, 1): both pace retries.
    ``patience``: seconds to wait for a connection, and for bytes.
    """
    meter = CallMeter()
    org = SalesforceOrg(
        lambda: log_in(credentials, meter=meter, sleep=sleep, draw=draw, patience=patience),
        meter=meter,
    )
    return SalesforceCrm(
        org,
        clock=clock,
        objects=load_objects() if objects is None else objects,
        sleep=sleep,
        redact=credentials.redact,
        longest_query=longest_query,
        records_a_page=records_a_page,
    )
