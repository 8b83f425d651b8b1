"""Adds differences to daily readings: a day costs what changed, not what the day holds."""

from collections.abc import Iterable
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
from bot.storage.facts.differences import TABLE as DIFFER
from bot.storage.facts.differences import can_differ
from bot.storage.facts.expressions import Expression, as_number, compile_term
from bot.storage.facts.tables import ACTIVITY_CHANGE
from bot.storage.readings import DailyReadingRow

READING = ("metric", "day", "rep_id", "numerator", "denominator", "facts")
ADDED = ("numerator", "denominator", "facts")


def add_differences(session: Session, definitions: Iterable[Definition]) -> None:
    """Add what changed since to the readings of ``definitions``, which were true before.

    All others are told nothing: they are filled from the activities themselves.
    """
    connection = session.connection()
    if connection.execute(select(ACTIVITY_CHANGE.c.number).limit(1)).first() is None:
        return
    sums = _sums()
    sums.create(connection)
    for definition in definitions:
        if definition.table.name == DIFFER and can_differ(definition):
            connection.execute(insert(sums).from_select(READING, _difference(definition)))
    _add(session, sums)
    sums.drop(connection)
    connection.execute(delete(ACTIVITY_CHANGE))


@lru_cache(maxsize=1)
def _sums() -> Table:
    """One table for ever, or no statement that names it is compiled only once."""
    return Table(
        "difference",
        MetaData(),
        Column("metric", String()),
        Column("day", Date()),
        Column("rep_id", String(18)),
        *(Column(name, Float()) for name in ADDED[:2]),
        Column("facts", Integer()),
        prefixes=["TEMPORARY"],
    )


def _difference(definition: Definition) -> Select[Any]:
    changed = ACTIVITY_CHANGE
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
    place = (changed.c[definition.day], changed.c.rep_id)
    wanted = (
        select(cast(literal(str(definition.metric.key)), String()), *place, *added)
        .where(place[0].is_not(None))
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
    connection.execute(adding.on_conflict_do_update(index_elements=READING[:3], set_=added))
    shrunk = select(*(sums.c[name] for name in READING[:3])).where(
        or_(sums.c.facts < 0, sums.c.denominator < 0)
    )
    place = tuple_(*(getattr(row, name) for name in READING[:3]))
    is_nothing = and_(col(row.facts) == 0, col(row.denominator) == 0)
    connection.execute(delete(row).where(place.in_(shrunk), is_nothing))
