"""Adds differences to daily readings: a day costs what changed, not what the day holds."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    String,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

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
    changed = ACTIVITY_CHANGE.c
    if connection.execute(select(changed.number).limit(1)).first() is None:
        return
    is_less = connection.execute(select(changed.number).where(changed.many < 0).limit(1)).first()
    for definition in definitions:
        if definition.table.name == DIFFER and can_differ(definition):
            _add(connection, definition)
            if is_less is not None:
                _forget_nothing(connection, definition)
    connection.execute(delete(ACTIVITY_CHANGE))


def _add(connection: Connection, definition: Definition) -> None:
    row: Any = DailyReadingRow
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    adding = build(row).from_select(READING, _difference(definition))
    added = {name: getattr(row, name) + adding.excluded[name] for name in ADDED}
    connection.execute(adding.on_conflict_do_update(index_elements=READING[:3], set_=added))


def _forget_nothing(connection: Connection, definition: Definition) -> None:
    """Where the last of what counted has gone, there is no reading."""
    row: Any = DailyReadingRow
    changed = ACTIVITY_CHANGE.c
    shrunk = select(changed.rep_id, changed[definition.day]).where(changed.many < 0)
    connection.execute(
        delete(row).where(
            row.metric == definition.metric.key,
            tuple_(row.rep_id, row.day).in_(shrunk),
            row.facts == 0,
            row.denominator == 0,
        )
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
    # In the order of the readings' key, which is that of their table; SQLite takes an "ON CONFLICT"
    # after a SELECT without a WHERE for the start of a join.
    wanted = (
        select(cast(literal(str(definition.metric.key)), String()), *place, *added)
        .where(place[0].is_not(None))
        .group_by(*place)
        .having(or_(*(each != 0 for each in added)))
        .order_by(*place)
    )
    if definition.where is not None:
        wanted = wanted.where(compile_term(definition.where, columns))
    return wanted
