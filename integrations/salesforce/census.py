"""What an org holds of one object right now: how many, which, and the records behind ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from simple_salesforce.exceptions import SalesforceError

from bot.ports import MirrorRow
from integrations.salesforce.crm_object import CrmObject, mirrored, only_these, soql_instant
from integrations.salesforce.errors import LOST_PLACE, QUERY_TIMED_OUT, error_code, translated
from integrations.salesforce.org import ABSENT_STATUS, Page, SalesforceOrg
from integrations.salesforce.parsing import find_instant, full_id, parse_count
from integrations.salesforce.window import LONGEST_QUERY, WindowReader

RESTARTS = 3
#: Answers to a plain COUNT(), which servers that speak like Salesforce need not know.
CANNOT_COUNT = ABSENT_STATUS | {400}

_log = structlog.get_logger()


class SalesforceCensus:
    """The Census of ``bot.ports`` for one object. Raises CoachingErrors only.

    Archived activities are counted like all others. ``redact`` takes secrets out of complaints.
    """

    def __init__(
        self,
        org: SalesforceOrg,
        crm_object: CrmObject,
        *,
        redact: Callable[[str], str],
        longest_query: int = LONGEST_QUERY,
    ) -> None:
        fields = {each.name: each.field for each in crm_object.columns}
        self._org = org
        self._object = crm_object
        self._created_field = fields.get("created_at")
        self._has_bin = "is_deleted" in fields
        self._redact = redact
        self._longest_query = longest_query
        self.is_by_creation = self._created_field is not None

    def count(self, *, since: datetime | None, until: datetime | None) -> int | None:
        statement = self._statement("COUNT()", since=since, until=until)
        with translated(self._redact):
            try:
                return _counted(self._org.query(statement, with_deleted=True))
            except SalesforceError as error:
                if error_code(error) in QUERY_TIMED_OUT:
                    return None
                if error.status not in CANNOT_COUNT:
                    raise
        listed = self.stamps(since=since, until=until)
        return None if listed is None else len(listed)

    def stamps(
        self, *, since: datetime | None, until: datetime | None
    ) -> Mapping[str, datetime | None] | None:
        statement = self._statement(f"Id, {self._object.cursor}", since=since, until=until)
        with translated(self._redact):
            for _ in range(RESTARTS):
                try:
                    return dict(self._listed(statement))
                except SalesforceError as error:
                    if error_code(error) in QUERY_TIMED_OUT:
                        return None
                    if error_code(error) not in LOST_PLACE:
                        raise
                    _log.info("salesforce.listing_read_again", sobject=self._object.sobject)
            return dict(self._listed(statement))

    def records(self, ids: Sequence[str]) -> Iterator[Sequence[MirrorRow]]:
        """Records in the bin are among them; those that cannot be mirrored are left out, aloud."""
        reader = WindowReader(self._org, self._object, longest_query=self._longest_query)
        pages = reader.records(ids)
        while True:
            with translated(self._redact):
                page = next(pages, None)
            if page is None:
                return
            if rows := mirrored(self._object, page):
                yield rows

    def unstamped(
        self, *, since: datetime | None, until: datetime | None
    ) -> Iterator[Sequence[MirrorRow]]:
        wanted = [each for each in self._object.columns if each.is_unstamped]
        if not wanted:
            return
        kept = {"id", "stamp", *(each.name for each in wanted)}
        narrow = replace(
            self._object,
            columns=tuple(each for each in self._object.columns if each.name in kept),
            complete=lambda row: row,
        )
        fields = ", ".join(dict.fromkeys(each.field for each in narrow.columns))
        pages = self._pages(self._statement(fields, since=since, until=until))
        while True:
            with translated(self._redact):
                page = next(pages, None)
            if page is None:
                return
            yield mirrored(narrow, page.records)

    def _listed(self, statement: str) -> Iterator[tuple[str, datetime | None]]:
        for page in self._pages(statement):
            for record in page.records:
                yield full_id(record["Id"]), find_instant(record.get(self._object.cursor))

    def _pages(self, statement: str) -> Iterator[Page]:
        page: Page | None = self._org.query(statement, with_deleted=True)
        while page is not None:
            yield page
            page = self._org.more(page.more) if page.more else None

    def _statement(self, what: str, *, since: datetime | None, until: datetime | None) -> str:
        conditions = ["IsDeleted = false"] if self._has_bin else []
        conditions.extend(only_these(self._object))
        if self._created_field and since is not None:
            conditions.append(f"{self._created_field} >= {soql_instant(since)}")
        if self._created_field and until is not None:
            conditions.append(f"{self._created_field} < {soql_instant(until)}")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {what} FROM {self._object.sobject}{where}"  # noqa: S608 -- our own names


def _counted(page: Page) -> int:
    """Salesforce says it by the size of an empty page, and others by a row that holds it."""
    if len(page.records) != 1:
        return page.size
    numbers = [value for name, value in page.records[0].items() if name != "attributes"]
    return parse_count(numbers[0]) or 0 if len(numbers) == 1 else page.size
