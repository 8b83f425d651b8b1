"""Adds differences to daily readings: a day costs what changed, not what the day holds."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.metrics.definition import Definition
from bot.storage.facts.differences import TABLE as DIFFER
from bot.storage.facts.differences import can_differ
from bot.storage.facts.expressions import Expression
from bot.storage.facts.tables import ACTIVITY_CHANGE
from bot.storage.readings import DailyReadingRow
from bot.storage.wide_sums import READING, spread, sums_of

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
    by_day: dict[str, list[Definition]] = defaultdict(list)
    for definition in definitions:
        if definition.table.name == DIFFER and can_differ(definition):
            by_day[definition.day].append(definition)
    for day, group in by_day.items():
        spread(session, group, _differences(group, day), put=_add)
        if is_less is not None:
            for definition in group:
                _forget_nothing(connection, definition)
    connection.execute(delete(ACTIVITY_CHANGE))


def _differences(group: list[Definition], day: str) -> Select[Any]:
    columns: dict[str, Expression] = dict(ACTIVITY_CHANGE.c.items())
    place = (columns["rep_id"], columns[day])
    sums = sums_of(group, columns, place, many=columns["many"])
    return sums.where(place[1].is_not(None)).group_by(*place)


def _add(connection: Connection, sums: Select[Any]) -> None:
    row: Any = DailyReadingRow
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    adding = build(row).from_select(READING, sums)
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
