"""The benchmark runs, and DuckDB adds up to what we fill; how fast is not a test's business."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.facts.select import Knowledge
from tests.bench import duck
from tests.bench.fill import NOW, TODAY, Stopwatch, prepared, report
from tests.bench.large_team import Size

SMALL = Size(reps=12, activities=3000, weeks=5, deals_a_rep=6)


def test_duckdb_adds_up_to_what_was_filled(tmp_path: Path) -> None:
    database = prepared(SMALL, tmp_path, Stopwatch())
    duck.write_parquet(tmp_path)
    told = duck.sums(tmp_path, Knowledge(day=TODAY, now=NOW))
    wanted = "SELECT metric, sum(numerator) AS total FROM daily_reading GROUP BY metric"
    with database.connect() as connection:
        filled = {str(row.metric): float(row.total) for row in connection.execute(text(wanted))}
    database.dispose()
    assert told["calls_completed"] > 0
    assert {key: filled.get(key, 0.0) for key in told} == pytest.approx(told)


def test_activities_are_told_by_indexes_alone(tmp_path: Path) -> None:
    """A metric that asks an activity for more belongs into the index too: see ``ADDED_UP``."""
    database = prepared(SMALL, tmp_path, Stopwatch())
    plans = []
    with database.connect() as connection:
        for _, sums in duck.asked(Knowledge(day=TODAY, now=NOW)):
            words = str(sums.compile(database, compile_kwargs={"literal_binds": True}))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}")
            plans += [str(row.detail) for row in plan if re.match("SCAN activity", row.detail)]
    database.dispose()
    assert sorted(plans) == [
        "SCAN activity USING COVERING INDEX activity_rep_day",
        # Meetings for each conversation are told by another day.
        "SCAN activity USING COVERING INDEX activity_rep_day",
        "SCAN activity USING INDEX activity_meeting",
    ]


def test_the_table_has_a_ratio_for_each_promise() -> None:
    ratio = re.compile(r"^\| .+ \| ([0-9.e+-]+) \| [0-9.]+ \|$", re.MULTILINE)
    rows = ratio.findall(report(SMALL, changes=50))
    assert len(rows) == 3
    assert all(float(ratio) > 0 for ratio in rows)
