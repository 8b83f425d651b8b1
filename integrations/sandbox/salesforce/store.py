"""The records of the simulated organisation, as they stand at the sandbox clock's present."""

import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import IntegrityError
from typing import Self

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.archive import archive_old_activities
from integrations.sandbox.salesforce.database import Database, Row, quoted
from integrations.sandbox.salesforce.derived import Stage, derive
from integrations.sandbox.salesforce.errors import BadExport
from integrations.sandbox.salesforce.export_folder import ExportFile, read_folder
from integrations.sandbox.salesforce.ids import IdMinter, long_id
from integrations.sandbox.salesforce.organisation import (
    add_organization,
    add_stages,
    schema_for_changes,
    schema_for_files,
)
from integrations.sandbox.salesforce.schema import Schema, SObject, standard_objects
from integrations.sandbox.salesforce.values import Stored, instant_text, to_stored

#: Deleted records can be read and restored for this long, and are listed as deleted as long.
BIN_TIME = timedelta(days=15)
_ONLY_NEW = frozenset({"CreatedDate"})


@dataclass(frozen=True, slots=True)
class _Deed:
    """A change that has been checked and waits for its time."""

    at: datetime
    sobject: SObject
    record_id: str
    #: None deletes.
    values: dict[str, Stored] | None


class Store:
    """Records, what will become of them, and what was deleted.

    Reading methods show the state at ``advance()``, which every request calls first.
    """

    def __init__(
        self, schema: Schema, *, clock: SandboxClock, archives_activities: bool = False
    ) -> None:
        self.schema = schema
        self.clock = clock
        self.database = Database()
        self.minter = IdMinter()
        self.stages: Mapping[str, Stage] = {}
        #: The log of deletions was trimmed up to here; None when it never was.
        self.deletions_known_since: datetime | None = None
        self._archives_activities = archives_activities
        self._archived_on: str = ""
        self._feed: list[_Deed] = []
        self._fed = 0
        self._late: list[tuple[datetime, int, _Deed]] = []
        self._sequence = itertools.count()
        for sobject in schema.objects.values():
            self.database.create_table(sobject)

    @classmethod
    def from_changes(cls, changes: Iterable[Change], *, clock: SandboxClock) -> Self:
        """An organisation to which things happen as the clock reaches them.

        Raises ValueError for a change that its object cannot take.
        """
        feed = sorted(changes, key=lambda change: change.at)
        store = cls(schema_for_changes(feed), clock=clock, archives_activities=True)
        store._index()
        add_stages(store, feed)
        if not any(change.sobject == "Organization" for change in feed):
            add_organization(store)
        store._feed = [store._checked(change) for change in feed]
        store.advance()
        return store

    @classmethod
    def from_folder(cls, folder: Path, *, clock: SandboxClock) -> Self:
        """An organisation as a folder of export files holds it. Raises BadExport."""
        files, problems = read_folder(folder, standard_objects())
        store = cls(schema_for_files(files), clock=clock)
        for file in files:
            store._load(file, problems)
        if problems:
            raise BadExport(problems)
        store._index()
        add_stages(store, ())
        if not any(file.sobject.name == "Organization" for file in files):
            add_organization(store)
        return store

    def close(self) -> None:
        self.database.close()

    def _index(self) -> None:
        for sobject in self.schema.objects.values():
            self.database.create_indexes(sobject)

    def _load(self, file: ExportFile, problems: list[str]) -> None:
        sobject = self.schema.objects[file.sobject.name]
        names = [field.name for field in file.columns]
        try:
            self.database.load(sobject, names, file.rows(problems))
        except IntegrityError:
            problems.extend(file.twins())
            return
        table = quoted(sobject.name)
        stamps = [
            name
            for name in ("SystemModstamp", "LastModifiedDate", "CreatedDate")
            if sobject.field(name)
        ]
        for name in stamps:
            fallback = ", ".join(map(quoted, [name, *stamps]))
            self.database.change(
                f"UPDATE {table} SET {quoted(name)} = COALESCE({fallback}, ?) "  # noqa: S608 -- names come from the schema and are quoted
                f"WHERE {quoted(name)} IS NULL",
                (instant_text(self.clock.now()),),
            )
        if sobject.has_deleted_rows and sobject.field("SystemModstamp"):
            self.database.change(
                f"INSERT INTO _tombstone SELECT ?, Id, SystemModstamp, 1 FROM {table} "  # noqa: S608 -- names come from the schema and are quoted
                "WHERE IsDeleted AND SystemModstamp > ?",
                (sobject.name, instant_text(self.clock.now() - BIN_TIME)),
            )

    def advance(self) -> datetime:
        """Let everything happen that is due by now, and return now."""
        now = self.clock.now()
        with self.database.transaction():
            while self._fed < len(self._feed) and self._feed[self._fed].at <= now:
                self._carry_out(self._feed[self._fed])
                self._fed += 1
            while self._late and self._late[0][0] <= now:
                self._carry_out(heapq.heappop(self._late)[2])
            self._empty_bin(now)
            today = now.date().isoformat()
            if self._archives_activities and today != self._archived_on:
                archive_old_activities(self.database, today=now.date())
                self._archived_on = today
        return now

    def apply(self, change: Change, *, visible_at: datetime | None = None) -> None:
        """Let one more thing happen: when the clock reaches it, or ``visible_at``.

        A ``visible_at`` later than ``change.at`` is a slow transaction: its records appear late
        and bear the older SystemModstamp. Raises ValueError when its object cannot take it.
        """
        deed = self._checked(change)
        with self.database.transaction():
            heapq.heappush(self._late, (visible_at or change.at, next(self._sequence), deed))
        self.advance()

    def settled_until(self, now: datetime) -> datetime:
        """Nothing that becomes visible after ``now`` bears an older stamp than this instant."""
        open_since = [deed.at for due, _, deed in self._late if due > now >= deed.at]
        return min([now, *open_since])

    def _checked(self, change: Change) -> _Deed:
        sobject = self.schema.objects.get(change.sobject)
        if sobject is None:
            raise ValueError(f"the organisation has no object {change.sobject!r}")
        record_id = long_id(change.id)
        if change.is_deletion:
            if not sobject.deletable:
                raise ValueError(f"{change.sobject} records cannot be deleted in Salesforce")
            return _Deed(change.at, sobject, record_id, None)
        values: dict[str, Stored] = {}
        for name, value in change.fields.items():
            field = sobject.field(name)
            if field is None:
                raise ValueError(f"{change.sobject} has no field {name}")
            try:
                values[field.name] = to_stored(field, value)
            except ValueError as error:
                raise ValueError(f"{change.sobject} {change.id}, {name}: {error}") from None
        values |= derive(sobject.name, values, self.stages)
        return _Deed(change.at, sobject, record_id, values)

    def _carry_out(self, deed: _Deed) -> None:
        if deed.values is None:
            self.delete(deed.sobject, deed.record_id, at=deed.at)
        else:
            self.put(deed.sobject, deed.record_id, deed.values, at=deed.at)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.database.transaction():
            yield

    def put(
        self, sobject: SObject, record_id: str, values: Mapping[str, Stored], *, at: datetime
    ) -> None:
        """Create the record or set fields of it; stamps follow from ``at``."""
        stamp = instant_text(at.replace(microsecond=0))
        stamps = {
            name: stamp
            for name in ("CreatedDate", "LastModifiedDate", "SystemModstamp")
            if sobject.field(name) is not None
        }
        columns = {field.column for field in sobject.fields}
        known = {name: value for name, value in values.items() if name in columns}
        self.database.put(
            sobject, {**stamps, **known, "Id": record_id}, only_new=_ONLY_NEW.difference(values)
        )

    def delete(self, sobject: SObject, record_id: str, *, at: datetime, hard: bool = False) -> bool:
        """Move a record to the bin, or past it when ``hard``. False when there is none."""
        table = quoted(sobject.name)
        if hard:
            touched = self.database.change(f"DELETE FROM {table} WHERE Id = ?", (record_id,))  # noqa: S608 -- the name comes from the schema
        else:
            touched = self._mark(sobject, record_id, deleted=True, at=at)
        if touched:
            self.database.change(
                "INSERT OR REPLACE INTO _tombstone VALUES (?, ?, ?, ?)",
                (sobject.name, record_id, instant_text(at.replace(microsecond=0)), int(not hard)),
            )
        return bool(touched)

    def undelete(self, sobject: SObject, record_id: str, *, at: datetime) -> bool:
        """Take a record out of the bin. False when it is not in there."""
        touched = self._mark(sobject, record_id, deleted=False, at=at)
        if touched:
            self.database.change(
                "DELETE FROM _tombstone WHERE sobject = ? AND id = ?", (sobject.name, record_id)
            )
        return bool(touched)

    def _mark(self, sobject: SObject, record_id: str, *, deleted: bool, at: datetime) -> int:
        stamps = [n for n in ("LastModifiedDate", "SystemModstamp") if sobject.field(n)]
        settings = ", ".join(["IsDeleted = ?", *(f"{name} = ?" for name in stamps)])
        return self.database.change(
            f"UPDATE {quoted(sobject.name)} SET {settings} WHERE Id = ? AND IsDeleted = ?",  # noqa: S608 -- names come from the schema
            (
                int(deleted),
                *[instant_text(at.replace(microsecond=0))] * len(stamps),
                record_id,
                int(not deleted),
            ),
        )

    def _empty_bin(self, now: datetime) -> None:
        due = self.database.rows(
            "SELECT sobject, id FROM _tombstone WHERE in_bin AND deleted_at <= ?",
            (instant_text(now - BIN_TIME),),
        )
        for sobject, record_id in due:
            self.database.change(
                f"DELETE FROM {quoted(str(sobject))} WHERE Id = ?",  # noqa: S608 -- the name comes from the schema
                (record_id,),
            )
            self.database.change(
                "UPDATE _tombstone SET in_bin = 0 WHERE sobject = ? AND id = ?",
                (sobject, record_id),
            )

    def forget_deletions(self, before: datetime) -> None:
        """Trim the log of deletions, as Salesforce does when it grows too large."""
        self.deletions_known_since = before
        stamp = instant_text(before)
        self.database.change("DELETE FROM _tombstone WHERE NOT in_bin AND deleted_at < ?", (stamp,))

    def record(self, sobject: SObject, record_id: str) -> dict[str, Stored] | None:
        """All stored fields of a record, deleted or not."""
        names = [field.column for field in sobject.fields]
        found: list[Row] = self.database.rows(
            f"SELECT {', '.join(map(quoted, names))} FROM {quoted(sobject.name)} WHERE Id = ?",  # noqa: S608 -- names come from the schema
            (record_id,),
        )
        return dict(zip(names, found[0], strict=True)) if found else None

    def count(self, sobject: SObject) -> int:
        """Records that are not deleted."""
        condition = " WHERE NOT IsDeleted" if sobject.has_deleted_rows else ""
        table = quoted(sobject.name)
        return int(self.database.value(f"SELECT COUNT(*) FROM {table}{condition}") or 0)  # noqa: S608 -- the name comes from the schema
