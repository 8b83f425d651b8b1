"""Scorecards are read from playbooks, and every mistake is named with its file and line."""

from pathlib import Path

import pytest

from bot.domain.errors import Problem
from bot.hiring.scorecard_file import load_scorecards

ROOT = Path(__file__).parents[2]
ROLES = ("smb_ae", "sdr_outbound")
GOOD = """title: Account executive
mission: Win small businesses.
bench_target: 3
outcomes:
  - {days: 90, outcome: First deal won}
  - {days: 180, outcome: Quota met once}
  - {days: 365, outcome: Quota met three times}
competencies:
  drive:
    title: Drive
    because: Nobody else fills the week.
    ask: Ask for the hardest target they ever had.
    anchors: {1: None, 2: Roughly, 3: Knows the numbers, 4: Changed early, 5: Set it higher}
"""


def written(folder: Path, text: str, *, name: str = "smb_ae") -> Path:
    (folder / "playbooks" / "hiring").mkdir(parents=True, exist_ok=True)
    (folder / "playbooks" / "hiring" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "playbooks" / "hiring"


def complaints(folder: Path, text: str, *, name: str = "smb_ae") -> list[str]:
    problems: list[Problem] = []
    found = load_scorecards(written(folder, text, name=name), roles=ROLES, problems=problems)
    assert found == {}
    return [str(problem) for problem in problems]


def test_a_scorecard_is_read_with_its_anchors_and_outcomes(tmp_path: Path) -> None:
    [card] = load_scorecards(written(tmp_path, GOOD), roles=ROLES, problems=[]).values()
    assert (card.role, card.bench_target) == ("smb_ae", 3)
    assert [each.days for each in card.outcomes] == [90, 180, 365]
    assert card.competencies["drive"].anchors[2] == "Knows the numbers"
    assert card.competencies["drive"].is_must


def test_ours_have_what_a_scorecard_needs() -> None:
    roles = [path.stem for path in (ROOT / "playbooks" / "roles").glob("*.yaml")]
    problems: list[Problem] = []
    cards = load_scorecards(ROOT / "playbooks" / "hiring", roles=roles, problems=problems)
    assert problems == []
    assert {"sdr_outbound", "smb_ae", "mid_market_ae", "enterprise_ae"} <= set(cards)
    for card in cards.values():
        assert len(card.competencies) >= 4
        assert len(card.beware) >= 1
        assert all(len(set(each.anchors)) == 5 for each in card.competencies.values())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "5: Set it higher",
            "6: Set it higher",
            "playbooks/hiring/smb_ae.yaml:13: '5' is missing\n  hint: add `5:`",
        ),
        (
            "  - {days: 180, outcome: Quota met once}\n",
            "  - {days: 90, outcome: Quota met once}\n",
            (
                "playbooks/hiring/smb_ae.yaml:4: nothing is to come about by day 180\n"
                "  hint: add a line such as `- {days: 180, outcome: …}`"
            ),
        ),
        (
            "  drive:",
            "  Deal-Drive:",
            (
                "playbooks/hiring/smb_ae.yaml:9: 'Deal-Drive' is no key for a competency\n"
                "  hint: write it in small letters, 40 at most, such as deal_management"
            ),
        ),
        (
            "bench_target: 3",
            "bench_targets: 3",
            (
                "playbooks/hiring/smb_ae.yaml:3: unknown key 'bench_targets'\n"
                "  hint: did you mean 'bench_target'?"
            ),
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    assert before in GOOD
    assert expected in complaints(tmp_path, GOOD.replace(before, after))


def test_a_scorecard_of_a_role_that_nobody_has_is_refused(tmp_path: Path) -> None:
    assert complaints(tmp_path, GOOD, name="smb_ea") == [
        (
            "playbooks/hiring/smb_ea.yaml:1: no role playbook called 'smb_ea'\n"
            "  hint: did you mean 'smb_ae'?"
        )
    ]


def test_two_competencies_of_one_title_could_not_be_told_apart(tmp_path: Path) -> None:
    other = GOOD[GOOD.index("  drive:") :].replace("  drive:", "  hunger:")
    [problem] = complaints(tmp_path, GOOD + other)
    assert ":15: 'drive' has that title too" in problem


def test_more_competencies_than_a_talk_can_test_are_refused(tmp_path: Path) -> None:
    one = GOOD[GOOD.index("  drive:") :]
    text = GOOD + "".join(
        one.replace("  drive:", f"  drive_{n}:").replace("title: Drive", f"title: Drive {n}")
        for n in range(8)
    )
    [problem] = complaints(tmp_path, text)
    assert "9 competencies are more than interviews can test" in problem
