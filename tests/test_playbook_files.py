"""playbooks/ as sales leaders write them: every mistake is said, with file, line and hint."""

import shutil
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.playbook_files import Playbooks, load_playbooks

ROOT = Path(__file__).parents[1]
METRIC = """\
title: Won deals
because: Counts what was won, nothing more than that.
guards_against: closing small ones only
unit: count
aggregate: count
better: higher
timing: lagging
min_facts: 1
facts:
  from: closed_opportunity
  day: closed_on
  where: is_won
example:
  facts:
    - {rep_id: kim, closed_on: 2026-03-02, is_won: true}
  expect:
    kim: {value: 1, facts: 1}
"""
ROLE = """\
title: Account executive
because: Somebody has to sell.
role: {discipline: AE, segment: all}
targets:
  won_deals: {low: 1, high: 9, weeks: 4, leverage: 0.1, play: asking}
"""


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """One metric, one role and one play that are in order."""
    folder = tmp_path / "playbooks"
    for name, text in (
        ("metrics/won_deals.yaml", METRIC),
        ("roles/ae.yaml", ROLE),
        ("plays/asking.md", "# Ask"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def change(books: Path, file: str, before: str, after: str) -> None:
    path = books / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def complaints(books: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load_playbooks(books)
    return str(refused.value)


def test_what_is_in_order_is_read(books: Path) -> None:
    found: Playbooks = load_playbooks(books)
    assert list(found.metrics) == ["won_deals"]
    [model] = found.models.values()
    assert [(each.low, each.high, each.play) for each in model.ranges.values()] == [
        (1.0, 9.0, "asking")
    ]


def test_the_playbooks_that_we_ship_are_in_order() -> None:
    assert len(load_playbooks(ROOT / "playbooks").metrics) >= 10


def test_the_mistakes_of_all_files_are_said_at_once(books: Path) -> None:
    change(books, "metrics/won_deals.yaml", "from: closed_opportunity", "from: closed_oportunity")
    change(books, "roles/ae.yaml", "won_deals", "won_daels")
    change(books, "roles/ae.yaml", "play: asking", "play: askin")
    (books / "roles" / "sdr.yaml").write_text("title: [", encoding="utf-8")
    (books / "plays" / "latin.md").write_bytes("Söhne".encode("latin-1"))
    assert (
        complaints(books)
        == """\
playbooks/metrics/won_deals.yaml:10: no fact table called 'closed_oportunity'
  hint: did you mean 'closed_opportunity'?
playbooks/plays/latin.md:1: not UTF-8 text: invalid start byte
  hint: save it as UTF-8
playbooks/roles/ae.yaml:5: no metric called 'won_daels'
  hint: did you mean 'won_deals'?
playbooks/roles/ae.yaml:5: no play called 'askin'
  hint: did you mean 'asking'?
playbooks/roles/sdr.yaml:1: not valid YAML: expected the node content, but found '<stream end>'
  hint: check indentation, quotes and colons near this line"""
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param("min_facts: 1", 'min_facts: "1"', ":8: min_facts: should be", id="text"),
        pytest.param(
            "unit: count", "unit: euros", ":4: unit: should be 'count', 'money'", id="unit"
        ),
        pytest.param("unit: count", "unit: money", ":4: this is no amount of money", id="no-money"),
        pytest.param("better: higher", "beter: higher", ":6: unknown key 'beter'", id="unknown"),
        pytest.param(
            "day: closed_on", "day: created_on", ":11: 'created_on' does not put", id="day"
        ),
        pytest.param("where: is_won", "where: is_wno", ":12: no column called", id="column"),
        pytest.param("where: is_won", "where: amount", ":12: this is money", id="no-condition"),
        pytest.param("where: is_won", "where: SQRT(1) > 1", ":12: 'SQRT(1)' may not", id="call"),
        pytest.param("where: is_won", "where: amount > 1e30", ":12: the number 1e30", id="range"),
        pytest.param("where: is_won", "value: amount", ":12: a count has no 'value'", id="value"),
        pytest.param("where: is_won", "credit: owner", ":12: facts are credited", id="credit"),
        pytest.param(
            "better: higher", "better: higher\nguard: won", ":7: no metric called 'won'", id="guard"
        ),
        pytest.param(
            "closed_on: 2026-03-02, is_won", "is_won", ":15: an example fact needs", id="no-day"
        ),
        pytest.param("is_won: true}", "won: true}", ":15: no column called 'won'", id="example"),
    ],
)
def test_a_mistake_in_a_metric_file_is_said_with_its_line(
    books: Path, before: str, after: str, said: str
) -> None:
    change(books, "metrics/won_deals.yaml", before, after)
    assert f"playbooks/metrics/won_deals.yaml{said}" in complaints(books)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param("low: 1", "low: 10", ":5: low 10.0 lies above high 9.0", id="upside-down"),
        pytest.param("low: 1", "low: .nan", ":5: targets.won_deals.low: should be", id="nan"),
        pytest.param("weeks: 4", "weeks: yes", ":5: targets.won_deals.weeks: should", id="yes"),
        pytest.param("weeks: 4", "weeks: 0", ":5: targets.won_deals.weeks: should", id="never"),
        pytest.param("leverage: 0.1", "leverage: 7", ":5: targets.won_deals.leverage", id="much"),
        pytest.param("role: {", "rolle: {", ":3: unknown key 'rolle'", id="unknown-key"),
        pytest.param("segment: all", "segment: 5", ":3: role.segment: should be text", id="number"),
    ],
)
def test_a_mistake_in_a_role_file_is_said_with_its_line(
    books: Path, before: str, after: str, said: str
) -> None:
    change(books, "roles/ae.yaml", before, after)
    assert f"playbooks/roles/ae.yaml{said}" in complaints(books)


def test_a_metric_file_that_is_broken_is_not_also_called_missing(books: Path) -> None:
    change(books, "metrics/won_deals.yaml", "unit: count", "unit: euros")
    other = METRIC.replace("better: higher", "better: higher\nguard: won_deals")
    (books / "metrics" / "other.yaml").write_text(other, encoding="utf-8")
    assert "no metric called" not in complaints(books)


def test_a_ratio_of_money_may_not_pass_for_a_number(books: Path) -> None:
    ratio = METRIC.replace("aggregate: count", "aggregate: ratio").replace(
        "where: is_won", "numerator: amount"
    )
    (books / "metrics" / "won_deals.yaml").write_text(ratio, encoding="utf-8")
    assert ":4: this is money, not count" in complaints(books)
    shares = ratio.replace("numerator: amount", "numerator: amount\n  denominator: amount")
    (books / "metrics" / "won_deals.yaml").write_text(shares, encoding="utf-8")
    load_playbooks(books)


def test_a_metric_cannot_guard_itself(books: Path) -> None:
    change(books, "metrics/won_deals.yaml", "better: higher", "better: higher\nguard: won_deals")
    assert ":7: a metric cannot guard itself\n  hint: name one" in complaints(books)


def test_a_share_lies_between_nothing_and_all(books: Path) -> None:
    shutil.copy(ROOT / "playbooks" / "metrics" / "past_due_share.yaml", books / "metrics")
    change(
        books, "roles/ae.yaml", "won_deals: {low: 1, high: 9", "past_due_share: {low: 0, high: 80"
    )
    assert ":5: a share lies between 0 and 1\n  hint: write 0.8 for 80 %" in complaints(books)


def test_empty_folders_are_said_to_be_empty(tmp_path: Path) -> None:
    said = complaints(tmp_path / "nowhere")
    assert "nowhere/metrics: there is no metric file here" in said
