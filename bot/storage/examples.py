"""The example of a metric file, worked out: its facts in a table of their own, and measured."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Engine, Float, MetaData, String, Table
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.ids import RepId
from bot.domain.metric import Reading
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.metrics.fact_tables import FactTable, Kind
from bot.storage.database import transaction
from bot.storage.facts.select import Source, select_from
from bot.storage.readings import measure_select

TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: String,
    Kind.NUMBER: Float,
    Kind.MONEY: BigInteger,
    Kind.BOOLEAN: Boolean,
    Kind.DATE: Date,
}
ALWAYS = Window(first=date(2000, 1, 1), last=date(2100, 1, 1), label="all")
AS_OF = datetime(2026, 3, 9, tzinfo=UTC)
#: Values worked out by hand are rounded.
NEAR_ENOUGH = 1e-6


def work_out(database: Engine, definition: Definition) -> Mapping[RepId, Reading]:
    """What the definition makes of its example's facts, for each rep that the example expects.

    Raises SQLAlchemyError or TypeError for facts that do not fit their columns.
    """
    example = definition.example
    table = _table_of(definition.table)
    rows = [
        {**_in_cents(definition, row), "id": f"record {number}"}
        for number, row in enumerate(example.facts)
    ]
    with transaction(database) as session:
        table.create(session.connection())
        if rows:
            session.connection().execute(table.insert(), rows)
        readings = measure_select(
            session,
            definition,
            select_from(
                definition, Source(columns=dict(table.columns), clause=table, conditions=[])
            ),
            reps=[RepId(rep) for rep in example.expect],
            window=ALWAYS,
            as_of=AS_OF,
        )
        table.drop(session.connection())
    return readings


def wrong_answers(database: Engine, definition: Definition) -> Iterator[tuple[str | None, str]]:
    """(Rep, what is wrong) for each answer that is not what the definition gives."""
    try:
        found = work_out(database, definition)
    except (SQLAlchemyError, TypeError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield None, f"the example's facts do not fit their columns: {reason}"
        return
    for rep, answer in definition.example.expect.items():
        reading = found[RepId(rep)]
        if reading.facts != answer.facts or not _is_near(reading.value, answer.value):
            expected = f"{_said(answer.value)} from {answer.facts} facts"
            computed = f"{_said(reading.value)} from {reading.facts}"
            yield rep, f"the example expects {expected}, and the definition gives {computed}"


def _said(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.10g}"


def _is_near(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return abs(found - expected) <= NEAR_ENOUGH * max(1.0, abs(expected))


def _table_of(fact_table: FactTable) -> Table:
    columns = [Column(name, TYPES[each.kind]) for name, each in fact_table.columns.items()]
    return Table("example_fact", MetaData(), *columns)


def _in_cents(definition: Definition, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(row[name] * 100) if each.kind is Kind.MONEY and row.get(name) else row.get(name)
        for name, each in definition.table.columns.items()
    }
