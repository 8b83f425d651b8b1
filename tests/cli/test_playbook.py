"""playbook show and learn, as typed."""

from pathlib import Path

from tests.cli.conftest import Console


def test_too_few_reps_are_told_and_nothing_is_written(imported: Console, tmp_path: Path) -> None:
    path = tmp_path / "mine.diff"
    said = imported(
        "playbook", "learn", "mid_market_ae", "--as-of", "2026-03-09", "--to", str(path)
    )
    assert said.code == 0, said.errors
    assert "evidence none" in said.out
    assert "8 reps are needed" in said.out
    assert said.out.rstrip().endswith("Nothing to propose: the ranges stay as they are.")
    assert not path.exists()


def test_a_role_that_nobody_knows_is_answered_with_those_there_are(imported: Console) -> None:
    said = imported("playbook", "learn", "astronaut")
    assert said.code == 1
    assert "there is no role 'astronaut'" in said.errors
    assert "account_manager" in said.errors


def test_a_role_can_be_named_as_people_write_it(pacesetter: Console) -> None:
    said = pacesetter("playbook", "show", "Mid-Market AE")
    assert said.code == 0, said.errors
    assert said.out.startswith("Account executive, mid-market")
    assert "expert" in said.out
