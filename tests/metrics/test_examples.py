"""Every metric file carries facts and answers worked out by hand; this holds one to the other."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.domain.ids import MetricKey, RepId
from bot.metrics.catalog import load_metrics
from bot.storage.examples import work_out

ROOT = Path(__file__).parents[2]
METRICS = load_metrics(ROOT / "playbooks" / "metrics")


@pytest.mark.parametrize("key", sorted(METRICS))
def test_a_metric_gives_the_answers_worked_out_by_hand(key: MetricKey, database: Engine) -> None:
    definition = METRICS[key]
    readings = work_out(database, definition)
    for rep, answer in definition.example.expect.items():
        assert readings[RepId(rep)].value == pytest.approx(answer.value)
        assert readings[RepId(rep)].facts == answer.facts


def test_there_are_metrics_of_several_kinds() -> None:
    kinds = {definition.metric.aggregate for definition in METRICS.values()}
    assert len(METRICS) >= 50
    assert kinds == {"count", "sum", "ratio", "median", "wait"}
    assert any(definition.metric.is_state for definition in METRICS.values())
