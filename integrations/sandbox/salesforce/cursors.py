"""Answers too long for one page: a snapshot each, read on with a locator."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.sandbox.salesforce.database import Database, Row, quoted
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.ids import IdMinter
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.values import Stored

CURSOR_TIME = timedelta(days=2)
#: The oldest snapshot is given up for a newer one beyond this many.
MOST_CURSORS = 100
PREFIX = "01g"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The rows of a statement as they were when it was asked."""

    table: str
    plan: Plan
    size: int
    taken_at: datetime


def invalid_locator() -> ApiError:
    return ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")


class Cursors:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._minter = IdMinter()
        self._snapshots: OrderedDict[str, Snapshot] = OrderedDict()

    def snapshot(self, plan: Plan, *, now: datetime) -> tuple[str, Snapshot]:
        """Keep the rows of a plan; returns their locator without an offset."""
        key = self._minter.mint(PREFIX)
        found = take_snapshot(self._database, f"_cursor_{key}", plan, now=now)
        self._snapshots[key] = found
        while len(self._snapshots) > MOST_CURSORS:
            self._drop(next(iter(self._snapshots)))
        return key, found

    def find(self, key: str, *, now: datetime) -> Snapshot:
        """Raises ApiError (INVALID_QUERY_LOCATOR) for a locator that is unknown or too old."""
        found = self._snapshots.get(key)
        if found is None:
            raise invalid_locator()
        if now - found.taken_at > CURSOR_TIME:
            self._drop(key)
            raise invalid_locator()
        return found

    def clear(self) -> None:
        for key in list(self._snapshots):
            self._drop(key)

    def _drop(self, key: str) -> None:
        drop_snapshot(self._database, self._snapshots.pop(key))


def take_snapshot(database: Database, table: str, plan: Plan, *, now: datetime) -> Snapshot:
    parameters: Sequence[Stored] = plan.parameters
    database.change(f"CREATE TEMP TABLE {quoted(table)} AS {plan.sql}", parameters)
    size = int(database.value(f"SELECT COUNT(*) FROM {quoted(table)}") or 0)  # noqa: S608 -- the name is ours
    return Snapshot(table=table, plan=plan, size=size, taken_at=now)


def drop_snapshot(database: Database, snapshot: Snapshot) -> None:
    database.change(f"DROP TABLE {quoted(snapshot.table)}")


def snapshot_rows(database: Database, snapshot: Snapshot, *, start: int, count: int) -> list[Row]:
    return database.rows(
        f"SELECT * FROM {quoted(snapshot.table)} WHERE rowid > ? AND rowid <= ? ORDER BY rowid",  # noqa: S608 -- the name is ours
        (start, start + count),
    )
