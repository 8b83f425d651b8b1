"""Rows into the mirror by set: only what is new or newer is written, and remembered as stale.

Rows are first put beside the mirror in a temporary table, so that single statements can tell
which of them change anything, on SQLite and PostgreSQL alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from bot.ports import MirrorBatch, MirrorRow
from bot.storage.mirror import MIRROR_TABLES
from bot.storage.mirror.next_step_change import OpportunityNextStepChangeRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow
from bot.storage.mirror.sqlite_rows import Columns, defaults, insert_columns, insert_unknown
from bot.storage.mirror.stale import StaleRecordRow

BESIDE = "incoming_row"


def upsert(session: Session, table_name: str, rows: Iterable[MirrorRow]) -> int:
    """Insert new records, change those that are not older than what is there; how many it was.

    A column absent from a row keeps what the mirror has, and is empty (or its default) in a new
    record. Of several rows with one id the newest counts. In the same transaction changed ids
    become stale, and a deal that changed hands leaves an OpportunityOwnerChangeRow, one whose next
    step was written anew an OpportunityNextStepChangeRow.
    """
    connection = session.connection()
    if isinstance(rows, MirrorBatch) and len(set(rows.columns["id"])) == len(rows):
        return _upsert_alike(connection, table_name, rows.columns) if len(rows) else 0
    by_columns: dict[frozenset[str], dict[object, MirrorRow]] = defaultdict(dict)
    for row in rows:
        alike = by_columns[frozenset(row)]
        twin = alike.get(row["id"])
        if twin is None or _stamp(row) >= _stamp(twin):
            alike[row["id"]] = row
    return sum(
        _upsert_alike(
            connection, table_name, {name: [row[name] for row in alike.values()] for name in names}
        )
        for names, alike in by_columns.items()
    )


def refresh(session: Session, table_name: str, rows: Sequence[MirrorRow]) -> int:
    """Change some columns of records that are there under the very same stamp; how many it was."""
    if not rows:
        return 0
    connection, mirror = session.connection(), _mirror(table_name)
    given = [column.name for column in mirror.c if column.name in rows[0]]
    values = [name for name in given if name not in {"id", "stamp"}]
    columns = {name: [row[name] for row in rows] for name in given}
    with _beside(connection, mirror, columns) as incoming:
        same = and_(mirror.c.id == incoming.c.id, mirror.c.stamp == incoming.c.stamp)
        differs = or_(*(mirror.c[name].is_distinct_from(incoming.c[name]) for name in values))
        _note_stale(connection, table_name, select(mirror.c.id).where(same, differs))
        if table_name == OpportunityRow.__tablename__:
            _note_changes(connection, mirror, incoming, only=and_(same, differs))
        new = {name: incoming.c[name] for name in values}
        return connection.execute(update(mirror).where(same, differs).values(new)).rowcount


def newest_stamp(session: Session, table_name: str) -> datetime | None:
    mirror = _mirror(table_name)
    return session.connection().execute(select(func.max(mirror.c.stamp))).scalar()


def mark_deleted(session: Session, table_name: str, ids: Iterable[str]) -> int:
    """Mark records that are gone for good; they stay, and become stale. How many it was."""
    listed = {"id": list(dict.fromkeys(ids))}
    if not listed["id"]:
        return 0
    connection, mirror = session.connection(), _mirror(table_name)
    with _beside(connection, mirror, listed) as incoming:
        return _mark(connection, mirror, mirror.c.id.in_(select(incoming.c.id)))


def _upsert_alike(connection: Connection, table_name: str, columns: Columns) -> int:
    mirror = _mirror(table_name)
    given = {column.name: columns[column.name] for column in mirror.c if column.name in columns}
    if unknown := columns.keys() - given:
        raise ValueError(f"mirror table {table_name} has no column {', '.join(sorted(unknown))}")
    if connection.dialect.name == "sqlite" and insert_unknown(connection, mirror, given):
        return len(given["id"])
    with _beside(connection, mirror, given) as incoming:
        known = and_(mirror.c.id == incoming.c.id, not_(_differs(mirror, incoming, [*given])))
        alike = connection.execute(
            delete(incoming).where(select(literal(1)).where(known).correlate(incoming).exists())
        ).rowcount
        count = len(given["id"]) - alike
        if count:
            _note_stale(connection, table_name, select(incoming.c.id))
            if table_name == OpportunityRow.__tablename__:
                _note_changes(connection, mirror, incoming)
            _merge(connection, mirror, incoming, [*given])
    return count


def _merge(connection: Connection, mirror: Table, incoming: Table, given: Sequence[str]) -> None:
    lacking = defaults(mirror, given)
    source = (
        select(
            *(incoming.c[name] for name in given),
            *(literal(value, mirror.c[name].type) for name, value in lacking.items()),
        )
        # The order keeps two pulls at once from locking the same rows crosswise on PostgreSQL.
        .order_by(incoming.c.id)
    )
    changed = [name for name in given if name != "id"]
    if connection.dialect.name == "sqlite":
        # Only one transaction writes at a time here. What fails midway is left to it: otherwise
        # SQLite would put every page aside, as it was, before a statement changes it.
        known, newer = mirror.c.id == incoming.c.id, incoming.c.stamp >= mirror.c.stamp
        new = {name: incoming.c[name] for name in changed}
        update_known = update(mirror).where(known, newer).values(new)
        is_known = select(literal(1)).where(known).correlate(incoming).exists()
        add = insert(mirror).from_select([*given, *lacking], source.where(not_(is_known)))
        for statement in (update_known, add):
            connection.execute(statement.prefix_with("OR FAIL"))
        return
    upserting = postgresql.insert(mirror).from_select([*given, *lacking], source)
    excluded = upserting.excluded
    connection.execute(
        upserting.on_conflict_do_update(
            index_elements=["id"],
            set_={name: excluded[name] for name in changed},
            where=excluded["stamp"] >= mirror.c.stamp,
        )
    )


def _differs(mirror: Table, incoming: Table, given: Sequence[str]) -> ColumnElement[bool]:
    columns = incoming.c
    return and_(
        columns["stamp"] >= mirror.c.stamp,
        or_(*(mirror.c[name].is_distinct_from(columns[name]) for name in given if name != "id")),
    )


def _note_stale(connection: Connection, table_name: str, changed: Select[Any]) -> None:
    stale = SQLModel.metadata.tables[str(StaleRecordRow.__tablename__)]
    [record_id] = changed.selected_columns
    source = changed.with_only_columns(literal(table_name), record_id)
    connection.execute(
        _insert(connection, stale)
        .from_select(
            ["table_name", "record_id"], source.where(record_id.is_not(None)).order_by(record_id)
        )
        .on_conflict_do_nothing()
    )


#: What is remembered of a deal beyond what it is now: the column, and where its past goes.
NOTED = (
    ("owner_id", OpportunityOwnerChangeRow, ("from_owner_id", "to_owner_id")),
    ("next_step", OpportunityNextStepChangeRow, ("before", "after")),
)


def _note_changes(
    connection: Connection,
    mirror: Table,
    incoming: Table,
    *,
    only: ColumnElement[bool] | None = None,
) -> None:
    which = mirror.c.id == incoming.c.id if only is None else only
    for column, row, names in NOTED:
        if column not in incoming.c:
            continue
        changes = SQLModel.metadata.tables[str(row.__tablename__)]
        before, after = mirror.c[column], incoming.c[column]
        source = select(incoming.c.id, before, after, incoming.c.stamp).where(
            which, before.is_distinct_from(after)
        )
        connection.execute(
            insert(changes).from_select(["opportunity_id", *names, "changed_at"], source)
        )


def _mark(connection: Connection, mirror: Table, which: ColumnElement[bool]) -> int:
    alive = and_(which, mirror.c.is_deleted.is_(False))
    _note_stale(connection, mirror.name, select(mirror.c.id).where(alive))
    return connection.execute(update(mirror).where(alive).values(is_deleted=True)).rowcount


@contextmanager
def _beside(connection: Connection, mirror: Table, columns: Columns) -> Iterator[Table]:
    """A temporary table of some of the mirror's columns that holds the rows."""
    incoming = _incoming(mirror, tuple(columns))
    incoming.create(connection)
    if connection.dialect.name == "postgresql":
        _copy(connection, [*columns], zip(*columns.values(), strict=True))
    else:
        insert_columns(connection, incoming, columns)
    yield incoming
    incoming.drop(connection)


@cache
def _incoming(mirror: Table, names: tuple[str, ...]) -> Table:
    """Kept, so that SQLAlchemy knows the statements again and does not compile them anew."""
    return Table(
        BESIDE,
        MetaData(),
        *(Column(name, mirror.c[name].type) for name in names),
        prefixes=["TEMPORARY"],
    )


def _copy(connection: Connection, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY pg_temp.{BESIDE} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _mirror(table_name: str) -> Table:
    return SQLModel.metadata.tables[str(MIRROR_TABLES[table_name].__tablename__)]


def _stamp(row: MirrorRow) -> datetime:
    stamp = row["stamp"]
    if not isinstance(stamp, datetime):
        raise TypeError("every mirror row has a stamp")
    return stamp
