"""Adds differences to daily readings: a day costs what changed, not what the day holds."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from bot.domain.metric import Aggregate
from bot.metrics.definition import Definition
from bot.storage.facts.differences import Differences
from bot.storage.facts.expressions import Expression, as_number, compile_term
from bot.storage.facts.tables import ActivityRow
from bot.storage.readings import DailyReadingRow

READING = ("metric", "rep_id", "day", "numerator", "denominator", "facts")
ADDED = ("numerator", "denominator", "facts")


def add_differences(session: Session, differences: Differences) -> None:
    """In the transaction that changed the activities, so that each counts once."""
    rows = differences.rows()
    if not rows:
        return
    connection = session.connection()
    changed, sums = _changed(), _sums()
    changed.create(connection)
    sums.create(connection)
    connection.execute(insert(changed), rows)
    for definition in differences.definitions:
        connection.execute(insert(sums).from_select(READING, _difference(definition, changed)))
    _add(session, sums)
    sums.drop(connection)
    changed.drop(connection)


@lru_cache(maxsize=1)
def _changed() -> Table:
    """One table for ever, or no statement that names it is compiled only once."""
    mirrored = ActivityRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    columns = [Column(column.name, column.type) for column in mirrored.columns]
    return Table(
        "activity_change",
        MetaData(),
        *columns,
        Column("many", Integer()),
        prefixes=["TEMPORARY"],
    )


@lru_cache(maxsize=1)
def _sums() -> Table:
    return Table(
        "difference",
        MetaData(),
        Column("metric", String()),
        Column("rep_id", String(18)),
        Column("day", Date()),
        *(Column(name, Float()) for name in ADDED[:2]),
        Column("facts", Integer()),
        prefixes=["TEMPORARY"],
    )


def _difference(definition: Definition, changed: Table) -> Select[Any]:
    columns: dict[str, Expression] = dict(changed.c.items())
    many = changed.c.many
    numerator = as_number(definition.numerator, columns)
    facts = func.sum(case((numerator.is_not(None), many), else_=0))
    total: Expression = func.coalesce(func.sum(numerator * many), 0.0)
    below: Expression = facts
    if definition.metric.aggregate is Aggregate.COUNT:
        total = facts
    elif definition.metric.aggregate is Aggregate.RATIO:
        denominator = as_number(definition.denominator, columns)
        below = func.coalesce(func.sum(denominator * many), 0.0)
    added = (total, below, facts)
    place = (changed.c.rep_id, changed.c[definition.day])
    wanted = (
        select(cast(literal(str(definition.metric.key)), String()), *place, *added)
        .where(place[1].is_not(None))
        .group_by(*place)
        .having(or_(*(each != 0 for each in added)))
    )
    if definition.where is not None:
        wanted = wanted.where(compile_term(definition.where, columns))
    return wanted


def _add(session: Session, sums: Table) -> None:
    connection = session.connection()
    row: Any = DailyReadingRow
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    # In the order of the key, which is that of the table; SQLite takes an "ON CONFLICT" after a
    # bare SELECT for the start of a join.
    ordered = select(sums).where(sums.c.metric.is_not(None)).order_by(*sums.c[READING[:3]])
    adding = build(row).from_select(READING, ordered)
    added = {name: getattr(row, name) + adding.excluded[name] for name in ADDED}
    connection.execute(
        adding.on_conflict_do_update(index_elements=["metric", "rep_id", "day"], set_=added)
    )
    shrunk = select(sums.c.metric, sums.c.rep_id, sums.c.day).where(
        or_(sums.c.facts < 0, sums.c.denominator < 0)
    )
    place = tuple_(col(row.metric), col(row.rep_id), col(row.day))
    is_nothing = and_(col(row.facts) == 0, col(row.denominator) == 0)
    connection.execute(delete(row).where(place.in_(shrunk), is_nothing))
