"""The few endpoints of an org that we use, logged in at the first call.

Everything here raises what simple-salesforce and requests raise.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from simple_salesforce.exceptions import SalesforceError, SalesforceGeneralError

from bot.ports import CallBudget, CrmNote
from integrations.salesforce.parsing import parse_count
from integrations.salesforce.session import SteadySalesforce
from integrations.salesforce.transport import CallMeter

Record = Mapping[str, object]
#: How a server says that it has no such endpoint.
ABSENT_STATUS = frozenset({404, 405, 501})

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    records: Sequence[Record]
    #: Path of the next page, None after the last.
    more: str | None
    #: Of all pages together, as the org says it.
    size: int = 0


class SalesforceOrg:
    def __init__(self, log_in: Callable[[], SteadySalesforce], *, meter: CallMeter) -> None:
        self._log_in = log_in
        self._lock = threading.Lock()
        self._salesforce: SteadySalesforce | None = None
        self._has_query_all = True
        self.meter = meter

    @property
    def is_logged_in(self) -> bool:
        return self._salesforce is not None

    def salesforce(self) -> SteadySalesforce:
        with self._lock:
            if self._salesforce is None:
                self._salesforce = self._log_in()
            return self._salesforce

    def notes(self) -> Sequence[CrmNote]:
        """How we are logged in; nothing before the first call."""
        return () if self._salesforce is None else self._salesforce.notes()

    def describe(self, sobject: str) -> Mapping[str, Any]:
        return self._ask(f"sobjects/{sobject}/describe")

    def follow_version(self) -> bool:
        """Speak the next best version of the API where the org does not know ours; whether so."""
        return self.salesforce().follow_version()

    def query(self, statement: str, *, with_deleted: bool) -> Page:
        """Where there is no queryAll, deleted records are found by other means or not at all."""
        if not (with_deleted and self._has_query_all):
            return _page(self.salesforce().query(statement))
        try:
            return _page(self.salesforce().query(statement, include_deleted=True))
        except SalesforceError as error:
            if error.status not in ABSENT_STATUS:
                raise
            page = _page(self.salesforce().query(statement))
        self._has_query_all = False
        _log.warning("salesforce.lacks_query_all")
        return page

    def more(self, path: str) -> Page:
        return _page(self.salesforce().query_more(path, identifier_is_url=True))

    def updated(self, sobject: str, *, start: datetime, end: datetime) -> Mapping[str, Any]:
        return self._ask(f"sobjects/{sobject}/updated/", start=_instant(start), end=_instant(end))

    def deleted(self, sobject: str, *, start: datetime, end: datetime) -> Mapping[str, Any]:
        return self._ask(f"sobjects/{sobject}/deleted/", start=_instant(start), end=_instant(end))

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401 -- passed through to requests
        return self.salesforce().call(method, path, **kwargs)

    def ask_calls(self) -> CallBudget:
        """Ask for the day's calls where no answer has yet told them by its header."""
        heard_before = self.meter.heard()
        daily = self._ask("limits/").get("DailyApiRequests")
        told = daily if isinstance(daily, dict) else {}
        allowed, left = _whole(told.get("Max")), _whole(told.get("Remaining"))
        if allowed is not None and left is not None and self.meter.calls().used is None:
            self.meter.set(used=allowed - left, allowed=allowed, heard_before=heard_before)
        return self.meter.calls()

    def _ask(self, path: str, **params: str) -> Mapping[str, Any]:
        answer = self.salesforce().restful(path, params=params or None)
        return answer if isinstance(answer, dict) else {}


def _whole(number: object) -> int | None:
    """A count, which some servers write as 5.0 or "5"."""
    try:
        return parse_count(number)
    except ValueError:
        return None


def _page(answer: Any) -> Page:  # noqa: ANN401 -- any JSON
    if not isinstance(answer, dict):
        # A list of errors belongs to a status of its own; with another one, nobody has read it.
        raise SalesforceGeneralError("query", requests.codes.ok, "query", answer)
    # Some servers that speak like Salesforce leave out what they have to say only with a next page.
    more = None if answer.get("done") is True else answer.get("nextRecordsUrl")
    if more:
        # Salesforce gives a path; some servers that speak like it give a whole address.
        url = urlsplit(more)
        more = f"{url.path}?{url.query}" if url.query else url.path
    return Page(
        records=answer.get("records") or (),
        more=more or None,
        size=_whole(answer.get("totalSize")) or 0,
    )


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
