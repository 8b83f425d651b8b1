"""What Salesforce says of its own change log: how far it is complete, and what is gone for good."""

from datetime import datetime, timedelta

import structlog
from simple_salesforce.exceptions import SalesforceError

from bot.ports import Deletions
from integrations.salesforce.errors import NO_ACCESS, error_code
from integrations.salesforce.org import ABSENT_STATUS, SalesforceOrg
from integrations.salesforce.parsing import find_instant, full_id

#: How long a transaction may stay open unseen, where Salesforce does not say it. What changed in an
#: hour is soon read again.
LOOK_BACK = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
#: Salesforce keeps deletions for 15 days and complains about an earlier start.
KEPT_FOR = timedelta(days=15) - timedelta(hours=1)
TOO_MANY = frozenset({"EXCEEDED_ID_LIMIT"})
BAD_DATE = frozenset({"INVALID_REPLICATION_DATE"})

_log = structlog.get_logger()


class ReplicationLog:
    """Without the endpoints (other servers that speak like Salesforce) it falls back, aloud once.

    Seconds are dropped by the server, so instants asked for are whole minutes.
    """

    def __init__(self, org: SalesforceOrg) -> None:
        self._org = org
        self._absent: set[tuple[str, str]] = set()
        #: When deletions were last asked for, and how far they were said to be complete.
        self._covered: dict[str, tuple[datetime, datetime]] = {}

    def covered_until(self, sobject: str, *, now: datetime) -> datetime:
        """When the longest transaction that is still open began, at the latest ``now``."""
        asked_at, covered = self._covered.get(sobject, (None, now))
        if asked_at == now:
            # Both answers say how far all changes are there, and the other one is here already.
            return covered
        fallback = now - LOOK_BACK
        if ("updated", sobject) in self._absent:
            return fallback
        try:
            end = _whole_minute(now)
            answer = self._org.updated(sobject, start=end - 2 * MINUTE, end=end)
        except SalesforceError as error:
            self._note("updated", sobject, error)
            return fallback
        told = find_instant(answer.get("latestDateCovered"))
        return fallback if told is None else min(told, now)

    def deletions(self, sobject: str, *, since: datetime, until: datetime) -> Deletions:
        """Ids deleted at or after ``since``; nothing is vouched for where there is no such log."""
        if ("deleted", sobject) in self._absent:
            return Deletions(ids=(), covered_until=since)
        start = _whole_minute(max(since, until - KEPT_FOR))
        # The end is no part of the window, and what happens this minute is.
        end = _whole_minute(until) + MINUTE
        try:
            return self._between(sobject, start, end, until=until)
        except SalesforceError as error:
            if error_code(error) in BAD_DATE:
                # Some instances refuse an end that has not come yet.
                end = _whole_minute(until)
                return self._between(sobject, min(start, end - MINUTE), end, until=until)
            self._note("deleted", sobject, error)
            return Deletions(ids=(), covered_until=since)

    def _between(
        self, sobject: str, start: datetime, end: datetime, *, until: datetime
    ) -> Deletions:
        try:
            answer = self._org.deleted(sobject, start=start, end=end)
        except SalesforceError as error:
            if error_code(error) not in TOO_MANY or end - start < 2 * MINUTE:
                raise
            middle = _whole_minute(start + (end - start) / 2)
            early = self._between(sobject, start, middle, until=until)
            late = self._between(sobject, middle, end, until=until)
            return Deletions(
                ids=(*early.ids, *late.ids),
                covered_until=late.covered_until,
                known_since=early.known_since,
            )
        told = find_instant(answer.get("latestDateCovered"))
        if told is not None:
            self._covered[sobject] = (until, min(told, _whole_minute(until)))
        covered = told or min(end, until - LOOK_BACK)
        listed = answer.get("deletedRecords") or ()
        ids = tuple(full_id(each["id"]) for each in listed if each.get("id"))
        return Deletions(
            ids=ids,
            covered_until=min(covered, until),
            known_since=find_instant(answer.get("earliestDateAvailable")),
        )

    def _note(self, endpoint: str, sobject: str, error: SalesforceError) -> None:
        """Go on without the endpoint, unless the failure is not about the endpoint at all."""
        if error.status in ABSENT_STATUS or error_code(error) in NO_ACCESS:
            self._absent.add((endpoint, sobject))
        elif error.status != 400:  # noqa: PLR2004 -- Bad Request: this object is not replicated
            raise error
        _log.warning(f"salesforce.lacks_{endpoint}", sobject=sobject, code=error_code(error))


def _whole_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
