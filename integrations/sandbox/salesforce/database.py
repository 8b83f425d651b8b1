"""The SQLite database inside the simulated Salesforce: one table per object, one column a field."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from zoneinfo import ZoneInfo

from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.soql.geography import DISTANCE, distance
from integrations.sandbox.salesforce.values import Stored, column_type, parse_instant

#: Kibibytes of page cache; what exceeds it spills to a temporary file that nobody can open.
CACHE_KIBIBYTES = 65_536

Row = tuple[Stored, ...]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class Database:
    """Private, temporary, and safe to use from several threads, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        # An empty name is SQLite's temporary on-disk database, gone when the connection closes.
        self._connection = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._depth = 0
        self._values: dict[str, dict[str, set[str]]] = {}
        for pragma in (
            "journal_mode = MEMORY",
            "synchronous = OFF",
            f"cache_size = -{CACHE_KIBIBYTES}",
            "temp_store = FILE",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.create_function("FOLD", 1, _fold, deterministic=True)
        self._connection.create_function("IN_ZONE", 2, _in_zone, deterministic=True)
        self._connection.create_function(DISTANCE, 5, distance, deterministic=True)
        self._connection.execute(
            "CREATE TABLE _tombstone (sobject TEXT, id TEXT, deleted_at TEXT, in_bin INTEGER, "
            "PRIMARY KEY (sobject, id))"
        )

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested, and then the inner one can fail alone."""
        with self._lock:
            name = f"level_{self._depth}"
            self._connection.execute(f"SAVEPOINT {name}")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._connection.execute(f"ROLLBACK TO {name}")
                self._values.clear()
                raise
            finally:
                self._depth -= 1
                self._connection.execute(f"RELEASE {name}")

    def values(self, table: str, column: str, *, most: int) -> list[str]:
        """Some of what records hold, or held since it was first asked: all where they are few."""
        with self._lock:
            known = self._values.setdefault(table, {})
            if column not in known:
                # It takes seconds where there are millions; whatever is put there later is added.
                name, place = quoted(column), quoted(table)
                found = self.rows(
                    f"SELECT DISTINCT {name} FROM {place} WHERE {name} IS NOT NULL LIMIT ?",  # noqa: S608 -- names come from the schema and are quoted
                    (most,),
                )
                known[column] = {str(row[0]) for row in found}
            return sorted(known[column])[:most]

    def rows(self, sql: str, parameters: Sequence[Stored] = ()) -> list[Row]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def some_rows(self, sql: str, parameters: Sequence[Stored], count: int) -> list[Row]:
        """At most ``count`` rows, without computing the rest."""
        with self._lock:
            cursor = self._connection.execute(sql, parameters)
            try:
                return cursor.fetchmany(count)
            finally:
                cursor.close()

    def value(self, sql: str, parameters: Sequence[Stored] = ()) -> Stored:
        """The single value of a query that yields one row."""
        value: Stored = self.rows(sql, parameters)[0][0]
        return value

    def change(self, sql: str, parameters: Sequence[Stored] = ()) -> int:
        """Run a statement and return how many rows it touched."""
        with self._lock:
            return self._connection.execute(sql, parameters).rowcount

    def create_table(self, sobject: SObject) -> None:
        columns = [
            f"{quoted(field.name)} {column_type(field)}"
            + (" PRIMARY KEY" if field.name == "Id" else "")
            + (" NOT NULL DEFAULT 0" if field.kind == "boolean" else "")
            for field in sobject.fields
        ]
        self.change(f"CREATE TABLE {quoted(sobject.name)} ({', '.join(columns)})")

    def create_indexes(self, sobject: SObject) -> None:
        for field in sobject.fields:
            if field.name == "SystemModstamp" or field.children is not None:
                name = quoted(f"{sobject.name}.{field.name}")
                table, column = quoted(sobject.name), quoted(field.name)
                self.change(f"CREATE INDEX {name} ON {table} ({column})")

    def load(self, sobject: SObject, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = ", ".join(map(quoted, columns))
        marks = ", ".join("?" * len(columns))
        with self.transaction():
            self._values.pop(sobject.name, None)
            self._connection.executemany(
                f"INSERT INTO {quoted(sobject.name)} ({names}) VALUES ({marks})",  # noqa: S608 -- names come from the schema and are quoted
                rows,
            )

    def put(
        self, sobject: SObject, values: Mapping[str, Stored], *, only_new: frozenset[str]
    ) -> None:
        """Insert a record, or set these fields of it save those that ``only_new`` records get."""
        with self._lock:
            self.change(_put_sql(sobject.name, tuple(values), only_new), tuple(values.values()))
            for column, known in self._values.get(sobject.name, {}).items():
                if (value := values.get(column)) is not None:
                    known.add(str(value))


@cache
def _put_sql(table: str, columns: tuple[str, ...], only_new: frozenset[str]) -> str:
    names = ", ".join(map(quoted, columns))
    marks = ", ".join("?" * len(columns))
    updates = ", ".join(
        f"{quoted(name)} = excluded.{quoted(name)}"
        for name in columns
        if name != "Id" and name not in only_new
    )
    action = f"UPDATE SET {updates}" if updates else "NOTHING"
    return (
        f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks}) "  # noqa: S608 -- names come from the schema and are quoted
        f"ON CONFLICT (Id) DO {action}"
    )


def _fold(value: Stored) -> Stored:
    return value.lower() if isinstance(value, str) else value


def _in_zone(stored: Stored, zone: str) -> Stored:
    """An instant in the zone's own time, in the same form."""
    if not isinstance(stored, str):
        return None
    local = parse_instant(stored).astimezone(_zone(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
