"""What a role's file says it was learned from: every mistake is said with file, line and hint."""

import shutil
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.ids import MetricKey
from bot.playbook_files import load_playbooks

ROOT = Path(__file__).parents[1]
ROLE = """\
title: Account executive
because: Somebody has to sell.
role: {discipline: AE, segment: all}
targets:
  won_count: {low: 1, high: 9, weeks: 4, leverage: 0.1}
"""


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Our metrics and one role that is in order."""
    folder = tmp_path / "playbooks"
    (folder / "roles").mkdir(parents=True)
    shutil.copytree(ROOT / "playbooks" / "metrics", folder / "metrics")
    (folder / "roles" / "ae.yaml").write_text(ROLE, encoding="utf-8")
    return folder


def change(books: Path, before: str, after: str) -> None:
    path = books / "roles" / "ae.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def complaints(books: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load_playbooks(books)
    return str(refused.value)


LEARNED = """evidence: strong
learned:
  day: 2026-03-09
  reps: 14
  quarters: 6
  ranges:
    won_count: {grade: strong, low: [0.5, 1.5], high: [8, 10]}
targets:"""


def test_what_ranges_were_learned_from_is_read(books: Path) -> None:
    change(books, "targets:", LEARNED)
    [model] = [each for each in load_playbooks(books).models.values() if each.key == "ae"]
    assert model.evidence == "strong"
    assert model.learned is not None
    assert (model.learned.reps, model.learned.quarters) == (14, 6)
    assert model.learned.ranges[MetricKey("won_count")].high == (8, 10)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(
            "evidence: strong", "evidence: expert", ":4: evidence 'expert' does not", id="modest"
        ),
        pytest.param("    won_count", "    won_cuont", ":10: 'won_cuont' has no target", id="name"),
        pytest.param("[8, 10]", "[10, 8]", ":10: an interval is two numbers", id="upside-down"),
        pytest.param("[8, 10]", "[8]", ":10: an interval is two numbers", id="one-number"),
        pytest.param("day: 2026-03-09", "day: monday", ":6: learned.day: should be", id="day"),
        pytest.param("reps: 14", "reps: 0", ":7: learned.reps: should be", id="nobody"),
        pytest.param("grade: strong", "grade: sure", ":10: learned.ranges.won_count", id="grade"),
    ],
)
def test_a_mistake_in_what_was_learned_is_said_with_its_line(
    books: Path, before: str, after: str, said: str
) -> None:
    change(books, "targets:", LEARNED.replace(before, after))
    assert f"playbooks/roles/ae.yaml{said}" in complaints(books)


def test_evidence_claimed_without_a_basis_is_refused(books: Path) -> None:
    change(books, "targets:", "evidence: strong\ntargets:")
    assert ":4: evidence 'strong' does not go with no `learned:`" in complaints(books)
