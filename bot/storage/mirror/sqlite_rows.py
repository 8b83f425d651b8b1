"""Rows into SQLite a column at a time, since a first load has millions of them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlmodel import SQLModel

from bot.storage.columns import Instant
from bot.storage.mirror.stale import StaleRecordRow

Columns = Mapping[str, Sequence[object]]


def insert_unknown(connection: Connection, mirror: Table, columns: Columns) -> bool:
    """Insert the rows, which become stale; False, and nothing done, where any of them is known.

    Nothing comes between looking and inserting: a transaction of ours holds the write lock.
    """
    ids = json.dumps(columns["id"])
    known = connection.exec_driver_sql(
        f"SELECT 1 FROM {mirror.name} WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1",  # noqa: S608 -- our own names
        (ids,),
    ).first()
    if known is not None:
        return False
    count = len(columns["id"])
    lacking = {name: [value] * count for name, value in defaults(mirror, [*columns]).items()}
    insert_columns(connection, mirror, {**columns, **lacking})
    stale = SQLModel.metadata.tables[str(StaleRecordRow.__tablename__)]
    connection.exec_driver_sql(
        f"INSERT INTO {stale.name} (table_name, record_id) SELECT ?, value FROM json_each(?)"  # noqa: S608 -- our own names
        " WHERE true ON CONFLICT DO NOTHING",
        (mirror.name, ids),
    )
    return True


def insert_columns(connection: Connection, table: Table, columns: Columns) -> None:
    """As SQLAlchemy would, in a third of the time."""
    bound: list[Sequence[object]] = []
    texts: dict[object, object] = {}
    for name, values in columns.items():
        column = table.c[name]
        convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if isinstance(column.type, Instant | Date) and convert is not None:
            for value in set(values) - texts.keys():
                texts[value] = convert(value)
            bound.append([texts[value] for value in values])
        elif convert is not None and not isinstance(column.type, Boolean):
            bound.append([convert(value) for value in values])
        else:
            bound.append(values)
    marks = ", ".join("?" * len(bound))
    names = ", ".join(f'"{name}"' for name in columns)
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 -- our own names
        list(zip(*bound, strict=True)),
    )


def defaults(mirror: Table, given: Sequence[str]) -> dict[str, Any]:
    """What columns hold that a new record says nothing of."""
    return {
        column.name: column.default.arg
        for column in mirror.c
        if column.name not in given and isinstance(column.default, ScalarElementColumnDefault)
    }
