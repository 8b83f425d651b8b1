"""metrics, check and why, as typed."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Console
from tests.given import Story

FIELDS = ["metric", "rep", "manager", "from", "to", "value", "facts", "as_of"]


def readings(console: Console, *words: str) -> dict[tuple[str, str], dict[str, object]]:
    said = console("metrics", *words, "--format", "json")
    assert said.code == 0, said.errors
    return {(row["metric"], row["rep"]): row for row in json.loads(said.out)}


def test_a_reading_has_exactly_the_fields_that_others_rely_on(
    imported: Console, story: Story
) -> None:
    kim, maria = story.people["Kim"], story.people["Maria"]
    found = readings(imported, "won_amount", "--as-of", "2026-03-09", "--window", "this month")
    assert {tuple(row) for row in found.values()} == {tuple(FIELDS)}
    assert found["won_amount", kim] == {
        "metric": "won_amount",
        "rep": kim,
        "manager": maria,
        "from": "2026-03-01",
        "to": "2026-03-09",
        "value": 12345.0,
        "facts": 1,
        "as_of": "2026-03-09",
    }


def test_a_window_without_a_beginning_has_none(imported: Console, story: Story) -> None:
    found = readings(imported, "won_count", "--as-of", "2026-03-09", "--window", "all")
    assert found["won_count", story.people["Kim"]]["from"] is None


def test_a_state_is_that_of_the_day_and_nothing_divided_by_nothing_is_no_zero(
    imported: Console, story: Story
) -> None:
    kim = story.people["Kim"]
    keys = ("open_pipeline_amount", "past_due_share", "win_rate_count")
    found = readings(imported, *keys, "--as-of", "2026-03-09")
    assert found["open_pipeline_amount", kim]["value"] == 150_000
    assert found["past_due_share", kim]["value"] == 1.0
    assert found["open_pipeline_amount", kim]["from"] == "2026-03-09"
    assert found["win_rate_count", story.people["Sam"]]["value"] is None
    earlier = readings(imported, "past_due_share", "--as-of", "2026-03-01")
    assert earlier["past_due_share", kim]["value"] == 0.0


def test_readings_can_be_had_as_csv(imported: Console, story: Story) -> None:
    said = imported("metrics", "won_count", "--as-of", "2026-03-09", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert list(rows[0]) == FIELDS
    assert {row["rep"]: row["value"] for row in rows}[story.people["Kim"]] == "1.0"


def test_what_a_metric_left_out_is_said_in_every_format(
    rewritten: Callable[[str, str, str], Path], pacesetter: Console, story: Story
) -> None:
    folder = rewritten("Opportunity.csv", "12345", "-12345")
    history = folder / "OpportunityHistory.csv"
    history.write_text(history.read_text("utf-8").replace("12345", "-12345"), encoding="utf-8")
    assert pacesetter("import", str(folder)).code == 0
    asked = ("won_amount", "won_count", "--as-of", "2026-03-09")
    found, kim, sam = readings(pacesetter, *asked), story.people["Kim"], story.people["Sam"]
    assert found["won_amount", kim]["left_out"] == [{"why": "negative amount", "facts": 1}]
    assert found["won_amount", kim]["value"] == 0
    assert "left_out" not in found["won_amount", sam]
    assert "left_out" not in found["won_count", kim]
    said = pacesetter("metrics", *asked, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert list(rows[0]) == [*FIELDS, "left_out"]
    words = "1 with an amount below zero: the amount is left out"
    assert [row["left_out"] for row in rows if row["left_out"]] == [words]
    assert f"note: {words}" in pacesetter("metrics", *asked).out


def test_readings_can_be_had_as_a_table_for_people(imported: Console) -> None:
    said = imported("metrics", "won_count", "--as-of", "2026-03-09")
    assert "Kim Acme" in said.out
    assert "1 facts" in said.out


def test_one_metric_is_shown_with_the_records_behind_each_reading(imported: Console) -> None:
    said = imported("metrics", "won_amount", "--as-of", "2026-03-09", "--window", "all")
    lines = said.out.splitlines()
    assert any(line.startswith("date ") and "close date" in line for line in lines)
    [kim] = [at for at, line in enumerate(lines) if line.startswith("Kim Acme")]
    assert "1.234e+04" in lines[kim] or "12,34" in lines[kim]
    assert "006" in lines[kim + 1]


def test_waits_of_everybody_are_summed_up_in_one_curve(imported: Console) -> None:
    said = imported("metrics", "first_deal_days", "--as-of", "2026-03-09")
    assert "everybody together: " in said.out
    assert "waits are over" in said.out


def test_definitions_need_no_data(pacesetter: Console) -> None:
    said = pacesetter("metrics", "--format", "json")
    keys = {row["metric"] for row in json.loads(said.out)}
    assert {"won_amount", "win_rate_count", "open_pipeline_count", "meetings_held"} <= keys
    assert not (pacesetter.home / "pacesetter.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["won_amuont"], "did you mean 'won_amount'?", id="metric"),
        pytest.param(["--as-of", "9.3.2026"], "write one like 2026-03-09", id="day"),
        pytest.param(["--as-of", date.min.isoformat()], "outside the years", id="year-1"),
        pytest.param(["--format", "xml"], "write table, json or csv", id="format"),
    ],
)
def test_what_is_misspelt_is_met_with_a_hint(
    pacesetter: Console, words: list[str], said: str
) -> None:
    answer = pacesetter("metrics", *words)
    assert answer.code == 2
    assert said in answer.errors
    assert answer.out == ""


def test_a_window_that_nobody_knows_is_met_with_those_there_are(imported: Console) -> None:
    said = imported("metrics", "--as-of", "2026-03-09", "--window", "sometime")
    assert said.code == 1
    assert "hint: try `this week`" in said.errors


def test_a_window_of_less_than_nothing_is_none(imported: Console) -> None:
    for window in ("last -3 weeks", "last 0 weeks"):
        said = imported("metrics", "--as-of", "2026-03-09", "--window", window)
        assert said.code == 1
        assert "hint: try `this week`" in said.errors


def test_check_says_that_all_is_well(pacesetter: Console) -> None:
    said = pacesetter("check")
    assert (said.code, said.errors) == (0, "")
    assert said.out.startswith("all is well: ")


def test_check_says_everything_that_is_wrong_with_file_line_and_hint(pacesetter: Console) -> None:
    (pacesetter.home / "app.yaml").write_text("nudges:\n  per_dya: 2\n", encoding="utf-8")
    roles = pacesetter.home / "playbooks" / "roles"
    roles.mkdir(parents=True)
    (pacesetter.home / "playbooks" / "metrics").mkdir()
    (roles / "ae.yaml").write_text("title: [", encoding="utf-8")
    said = pacesetter("check")
    assert said.code == 2
    assert "app.yaml:2: unknown key 'per_dya'\n  hint: did you mean 'per_day'?" in said.errors
    assert "playbooks/roles/ae.yaml:1: not valid YAML" in said.errors
    assert "metrics: there is no metric file here" in said.errors
    assert said.out == ""


def test_check_works_the_examples_out_and_says_all_else_too(pacesetter: Console) -> None:
    ours = pacesetter.home / "playbooks"
    shutil.copytree(ROOT / "playbooks", ours)
    metric = ours / "metrics" / "late_logging_share.yaml"
    text = metric.read_text(encoding="utf-8")
    metric.write_text(text.replace("value: 0.25", "value: 9"), encoding="utf-8")
    (ours / "metrics" / "won_count.yaml").write_text("title: [", encoding="utf-8")
    line = 1 + text[: text.index("value: 0.25")].count("\n")
    said = pacesetter("check")
    assert said.code == 2
    assert (
        f"playbooks/metrics/late_logging_share.yaml:{line}: "
        "the example expects 9 from 4 facts, and the definition gives 0.25 from 4\n  hint: "
    ) in said.errors
    assert "playbooks/metrics/won_count.yaml:1: not valid YAML" in said.errors


@pytest.mark.parametrize("subject", ["006000000000000AAA", "9" * 20, "²", "' OR 1=1"])
def test_why_knows_nothing_of_what_was_never_decided(imported: Console, subject: str) -> None:
    said = imported("why", subject)
    assert said.code == 1
    assert "nothing was ever decided about" in said.out
