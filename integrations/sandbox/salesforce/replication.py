"""getUpdated and getDeleted: what changed in a window, and how far that answer can be trusted."""

from datetime import datetime, timedelta

from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.describe import sobject_named
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.store import BIN_TIME
from integrations.sandbox.salesforce.values import instant_text, parse_instant
from integrations.sandbox.salesforce.wire import Call, Reply

UPDATED_REACH = timedelta(days=30)
SHORTEST = timedelta(minutes=1)
MOST_IDS = 600_000


def _invalid(message: str) -> ApiError:
    return ApiError(400, "INVALID_REPLICATION_DATE", message)


def _window(call: Call, *, now: datetime, reach: timedelta) -> tuple[datetime, datetime]:
    """Start and end of the window, their seconds cut off. Raises ApiError."""
    bounds = []
    for name in ("start", "end"):
        text = call.query.get(name)
        if not text:
            raise ApiError(400, "MISSING_ARGUMENT", f"missing required parameter: {name}")
        try:
            # A plus sign that was not escaped arrives as a space.
            instant = parse_instant(text.replace(" ", "+"))
        except ValueError:
            raise _invalid(f"invalid date/time for {name}: {text}") from None
        bounds.append(instant.replace(second=0, microsecond=0))
    start, end = bounds
    if end - start < SHORTEST:
        raise _invalid("endDate must be at least one minute greater than the startDate")
    if start < now - reach - SHORTEST:
        raise _invalid(f"startDate cannot be more than {reach.days} days ago")
    return start, end


def _covered(instance: Instance, end: datetime, now: datetime) -> str:
    return instant_text(min(end, instance.settled_until(now)).replace(microsecond=0))


def updated(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    sobject = sobject_named(instance, name)
    if not sobject.replicated or sobject.field("SystemModstamp") is None:
        raise ApiError(400, "INVALID_TYPE", f"object type '{sobject.name}' is not replicable")
    start, end = _window(call, now=now, reach=UPDATED_REACH)
    condition = " AND NOT IsDeleted" if sobject.has_deleted_rows else ""
    rows = instance.store.database.rows(
        f"SELECT Id FROM {quoted(sobject.name)} WHERE SystemModstamp >= ? "  # noqa: S608 -- the name comes from the schema
        f"AND SystemModstamp < ?{condition} ORDER BY SystemModstamp, Id",
        (instant_text(start), instant_text(end)),
    )
    if len(rows) > MOST_IDS:
        raise ApiError(400, "EXCEEDED_ID_LIMIT", f"more than {MOST_IDS} ids; narrow the window")
    body = {"ids": [row[0] for row in rows], "latestDateCovered": _covered(instance, end, now)}
    return Reply(body=body)


def deleted(instance: Instance, call: Call, name: str, *, now: datetime) -> Reply:
    sobject = sobject_named(instance, name)
    if not (sobject.deletable and sobject.replicated):
        raise ApiError(400, "INVALID_TYPE", f"object type '{sobject.name}' is not replicable")
    start, end = _window(call, now=now, reach=BIN_TIME)
    rows = instance.store.database.rows(
        "SELECT id, deleted_at FROM _tombstone WHERE sobject = ? AND deleted_at >= ? "
        "AND deleted_at < ? ORDER BY deleted_at, id",
        (sobject.name, instant_text(start), instant_text(end)),
    )
    known_since = instance.store.deletions_known_since
    earliest = max(filter(None, (now - BIN_TIME, known_since))).replace(second=0, microsecond=0)
    return Reply(
        body={
            "deletedRecords": [{"id": row[0], "deletedDate": row[1]} for row in rows],
            "earliestDateAvailable": instant_text(earliest),
            "latestDateCovered": _covered(instance, end, now),
        }
    )
