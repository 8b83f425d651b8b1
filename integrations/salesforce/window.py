"""Reading all changes of a window of time, however long it takes Salesforce to list them."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import structlog
from simple_salesforce.exceptions import SalesforceError

from bot.domain.errors import TooManyRecords
from integrations.salesforce.crm_object import CrmObject, soql
from integrations.salesforce.errors import LOST_PLACE, QUERY_TIMED_OUT, error_code
from integrations.salesforce.org import Page, Record, SalesforceOrg
from integrations.salesforce.parsing import find_instant

#: Salesforce takes 16,384 bytes of address and headers together; the rest is for the headers.
LONGEST_QUERY = 14_000
#: Before the first org there was nothing to read.
EARLIEST = datetime(1999, 1, 1, tzinfo=UTC)
SHORTEST_WINDOW = timedelta(minutes=1)
RESTARTS_WITHOUT_PROGRESS = 3
TOO_MANY = "{} has too many records for pages"

_log = structlog.get_logger()


class _EndedEarly(Exception):
    """Pages ended before as many records came as the first one had counted."""


class WindowReader:
    """Pages of records of one object, oldest first, deleted ones included.

    A lost place (INVALID_QUERY_LOCATOR) is found again from the last stamp read, so a record may
    come twice, and so it is when pages end too early; a window that takes too long is halved.
    Raises what simple-salesforce raises.
    """

    def __init__(
        self, org: SalesforceOrg, crm_object: CrmObject, *, longest_query: int = LONGEST_QUERY
    ) -> None:
        self._org = org
        self._object = crm_object
        self._longest_query = longest_query
        self._newest: datetime | None = None
        self._at_most: int | None = None
        self._settled_until = EARLIEST

    def pages(
        self,
        *,
        since: datetime | None,
        until: datetime,
        settled_until: datetime | None = None,
        at_most: int | None = None,
    ) -> Iterator[Sequence[Record]]:
        """``settled_until``: no change that is still to come bears an older stamp.

        Raises TooManyRecords when the first answer counts more than ``at_most``, or takes too long.
        """
        self._at_most = at_most
        self._settled_until = until if settled_until is None else settled_until
        windows = deque([(since, until)])
        restarts = 0
        self._newest = None
        while windows:
            lower, upper = windows.popleft()
            try:
                for page in self._window(lower, upper):
                    restarts = 0 if self._note(page) else restarts
                    yield page
            except _EndedEarly:
                # Records that were erased meanwhile are counted, too, and never come.
                windows.extendleft((reached, upper) for reached in self._reached_beyond(lower))
            except SalesforceError as error:
                code = error_code(error)
                if code in QUERY_TIMED_OUT and self._at_most is not None:
                    raise TooManyRecords(TOO_MANY.format(self._object.sobject)) from error
                lower = max(filter(None, (lower, self._newest)), default=None)
                if code in LOST_PLACE and restarts < RESTARTS_WITHOUT_PROGRESS:
                    restarts += 1
                    windows.appendleft((lower, upper))
                elif code in QUERY_TIMED_OUT and upper - (lower or EARLIEST) > SHORTEST_WINDOW:
                    middle = _middle(lower or EARLIEST, upper)
                    windows.extendleft([(middle, upper), (lower, middle)])
                else:
                    raise
                _log.info("salesforce.window_read_again", sobject=self._object.sobject, code=code)

    def _reached_beyond(self, lower: datetime | None) -> Iterator[datetime]:
        """Where to read on, if that is any further than where we began."""
        if self._newest is not None and (lower is None or self._newest > lower):
            _log.info("salesforce.pages_ended_early", sobject=self._object.sobject)
            yield self._newest

    def records(self, ids: Sequence[str]) -> Iterator[Sequence[Record]]:
        """The records of these ids that there are, whatever their stamps."""
        first, *others = self._field_groups()
        for statement in self._by_id(first, ids) if ids else ():
            page: Page | None = self._query(statement)
            while page is not None:
                yield self._widened(page.records, others)
                page = self._org.more(page.more) if page.more else None

    def _note(self, page: Sequence[Record]) -> bool:
        """Remember how far we are; whether that is further than before.

        Later stamps than ``settled_until`` say nothing: such a record may have been changed after
        the question was asked, and then it stands in the place of its older stamp.
        """
        stamps = (find_instant(record.get(self._object.cursor)) for record in reversed(page))
        # Oldest first, so the last one that says something says it all.
        stamp = next((each for each in stamps if each and each < self._settled_until), None)
        if stamp is None or (self._newest is not None and stamp <= self._newest):
            return False
        self._newest = stamp
        return True

    def _window(self, since: datetime | None, until: datetime) -> Iterator[Sequence[Record]]:
        first, *others = self._field_groups()
        page = self._query(soql(self._object, first, since=since, until=until))
        if self._at_most is not None and page.size > self._at_most:
            raise TooManyRecords(TOO_MANY.format(self._object.sobject))
        self._at_most = None
        missing = page.size
        while True:
            yield self._widened(page.records, others)
            missing -= len(page.records)
            if page.more is None:
                break
            page = self._org.more(page.more)
        if missing > 0:
            raise _EndedEarly

    def _query(self, statement: str) -> Page:
        return self._org.query(statement, with_deleted=True)

    def _field_groups(self) -> list[list[str]]:
        """All fields, in groups that each fit into one address; Id and stamp lead each."""
        keys = list(dict.fromkeys(["Id", self._object.cursor]))
        rest = [each.field for each in self._object.columns if each.field not in keys]
        groups = [list(keys)]
        for field in dict.fromkeys(rest):
            groups[-1].append(field)
            if self._length(groups[-1]) > self._longest_query and len(groups[-1]) > len(keys) + 1:
                groups[-1].pop()
                groups.append([*keys, field])
        return groups

    def _length(self, fields: Sequence[str]) -> int:
        return len(quote_plus(soql(self._object, fields, since=EARLIEST, until=EARLIEST)))

    def _widened(
        self, records: Sequence[Record], groups: Sequence[Sequence[str]]
    ) -> Sequence[Record]:
        """The same records with the fields that did not fit into the first query."""
        if not groups or not records:
            return records
        wide = {str(record["Id"]): dict(record) for record in records}
        for fields in groups:
            for statement in self._by_id(fields, list(wide)):
                page: Page | None = self._query(statement)
                while page is not None:
                    for record in page.records:
                        more = {name: record.get(name) for name in fields[2:]}
                        wide[str(record["Id"])].update(more)
                    page = self._org.more(page.more) if page.more else None
        return list(wide.values())

    def _by_id(self, fields: Sequence[str], ids: Sequence[str]) -> Iterator[str]:
        head = f"SELECT {', '.join(fields)} FROM {self._object.sobject} WHERE Id IN ("  # noqa: S608 -- our own names
        room = self._longest_query - len(quote_plus(head)) - len(quote_plus(")"))
        at_once = max(1, room // len(quote_plus(f"'{ids[0]}',")))
        for start in range(0, len(ids), at_once):
            listed = ",".join(f"'{each}'" for each in ids[start : start + at_once])
            yield f"{head}{listed})"


def _middle(lower: datetime, upper: datetime) -> datetime:
    return (lower + (upper - lower) / 2).replace(microsecond=0)
