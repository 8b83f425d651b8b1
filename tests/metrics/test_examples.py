"""Every metric file carries facts and answers worked out by hand; this holds one to the other."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, Engine, Float, MetaData, String, Table

from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.metrics.catalog import load_metrics
from bot.metrics.definition import Definition
from bot.metrics.fact_tables import FactTable, Kind
from bot.storage.database import transaction
from bot.storage.facts.select import Source, select_from
from bot.storage.readings import measure_select

ROOT = Path(__file__).parents[2]
METRICS = load_metrics(ROOT / "playbooks" / "metrics")
TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: String,
    Kind.NUMBER: Float,
    Kind.MONEY: BigInteger,
    Kind.BOOLEAN: Boolean,
    Kind.DATE: Date,
}
ALWAYS = Window(first=date(2000, 1, 1), last=date(2100, 1, 1), label="all")


def table_of(fact_table: FactTable) -> Table:
    columns = [Column(name, TYPES[each.kind]) for name, each in fact_table.columns.items()]
    return Table("example_fact", MetaData(), *columns)


def in_cents(definition: Definition, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(row[name] * 100) if each.kind is Kind.MONEY and row.get(name) else row.get(name)
        for name, each in definition.table.columns.items()
    }


@pytest.mark.parametrize("key", sorted(METRICS))
def test_a_metric_gives_the_answers_worked_out_by_hand(key: MetricKey, database: Engine) -> None:
    definition = METRICS[key]
    example = definition.example
    table = table_of(definition.table)
    rows = [
        {**in_cents(definition, row), "id": f"record {number}"}
        for number, row in enumerate(example.facts)
    ]
    with transaction(database) as session:
        table.create(session.connection())
        session.connection().execute(table.insert(), rows)
        source = Source(columns=dict(table.columns), clause=table, conditions=[])
        readings = measure_select(
            session,
            definition,
            select_from(definition, source),
            reps=[RepId(rep) for rep in example.expect],
            window=ALWAYS,
            as_of=datetime(2026, 3, 9, tzinfo=UTC),
        )
    for rep, answer in example.expect.items():
        assert readings[RepId(rep)].value == pytest.approx(answer.value)
        assert readings[RepId(rep)].facts == answer.facts


def test_there_are_metrics_of_several_kinds() -> None:
    kinds = {definition.metric.aggregate for definition in METRICS.values()}
    assert len(METRICS) >= 50
    assert kinds == {"count", "sum", "ratio", "median", "wait"}
    assert any(definition.metric.is_state for definition in METRICS.values())
