"""Programme files: what is wrong is said with file, line and what to do; all at once."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import Problem
from bot.domain.programme import MilestoneKind, as_plain, from_plain, programme_for
from bot.onboarding.reading import FOLDER, Known, load_programmes
from tests.coached_team import books

GOOD = """\
title: First 60 days
because: Whoever talks with customers early wins early.
programme: starters
version: 1
roles: [smb_ae]
outcome: first_win
milestones:
  tools_ready:
    title: Tools work
    day: 5
    kind: task
    how: Log in everywhere.
  first_call:
    title: First call
    day: 10
    kind: measured
    how: Call the first customer.
    measure: {metric: calls_completed, at_least: 1, where: seconds >= 60}
    needs: [tools_ready]
  pipeline:
    title: Pipeline begun
    day: 30
    kind: measured
    how: Find new customers.
    measure: {metric: pipeline_created_amount, share_of_target: 0.3}
  first_win:
    title: First win
    day: 60
    kind: measured
    how: Ask for the order.
    measure: {metric: won_count, at_least: 1}
"""


def read(folder: Path, *texts: str) -> list[Problem]:
    (folder / FOLDER).mkdir(exist_ok=True)
    for number, text in enumerate(texts, start=1):
        (folder / FOLDER / f"{number}.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    load_programmes(folder, known(), problems)
    return problems


def known() -> Known:
    return Known(
        metrics=books().metrics,
        models=books().models,
        metric_names=frozenset(map(str, books().metrics)),
        role_names=frozenset(map(str, books().models)),
    )


def test_a_good_file_becomes_a_programme_for_each_role(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == []
    [programme] = load_programmes(tmp_path, known(), [])
    assert [each.kind for each in programme.milestones][:2] == [
        MilestoneKind.TASK,
        MilestoneKind.MEASURED,
    ]
    pipeline = programme.milestone("pipeline")
    assert pipeline is not None
    assert pipeline.measure is not None
    # Three tenths of the low end of the role's range, within the weeks of that range.
    assert (pipeline.measure.at_least, pipeline.measure.weeks) == (9000, 4)


@pytest.mark.parametrize(
    ("old", "new", "line", "words", "hint"),
    [
        ("smb_ae]", "smb_as]", 5, "no role file called 'smb_as'", "did you mean 'smb_ae'?"),
        ("outcome: first_win", "outcome: win", 6, "no milestone called 'win'", "first_win"),
        ("[tools_ready]", "[tool_ready]", 19, "no milestone called 'tool_ready'", "tools_ready"),
        ("[tools_ready]", "[pipeline]", 19, "due on day 30, not before day 10", "earlier day"),
        ("calls_completed", "calls_complete", 18, "no metric called", "calls_completed"),
        ("calls_completed", "win_rate_count", 18, "does not add up day by day", "sign_off"),
        ("seconds >= 60", "second >= 60", 18, "no column called 'second'", "seconds"),
        ("seconds >= 60", "seconds", 18, "a condition is needed", "seconds >= 600"),
        ("at_least: 1, where", "where", 18, "say how much", "one of the two"),
        ("pipeline_created_amount, share", "won_count, share", 25, "no target", "`at_least:`"),
        ("kind: task", "kind: measured", 11, "needs a `measure:`", "name a metric"),
        ("kind: task", "kind: quiz", 11, "kind", ""),
        ("day: 5", "day: 0", 10, "greater than or equal to 1", "write a larger number"),
        ("version: 1", "version: one", 4, "should be a whole number", ""),
        ("title: Tools work", "titel: Tools work", 9, "unknown key 'titel'", "title"),
        ("    how: Log in everywhere.\n", "", 8, "'how' is missing", "add `how:`"),
        (
            "    how: Call the first",
            "    rubric: [Tone]\n    how: Call the first",
            17,
            "a measured has no rubric",
            "remove it",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    tmp_path: Path, old: str, new: str, line: int, words: str, hint: str
) -> None:
    assert GOOD.count(old) >= 1
    problems = read(tmp_path, GOOD.replace(old, new, 1))
    found = [each for each in problems if words in each.message]
    assert found, problems
    assert (found[0].file, found[0].line) == (f"{tmp_path.name}/{FOLDER}/1.yaml", line)
    assert hint in found[0].hint


def test_two_versions_need_two_numbers_and_starts_of_their_own(tmp_path: Path) -> None:
    [same] = read(tmp_path, GOOD, GOOD)
    assert "version 1 of starters is in" in same.message
    [starts] = read(tmp_path, GOOD, GOOD.replace("version: 1", "version: 2"))
    assert "same role and the same starts" in starts.message
    later = GOOD.replace("version: 1", "version: 2\nstarts_from: 2026-02-01")
    assert read(tmp_path, GOOD, later) == []
    newest = GOOD.replace("version: 1", "version: 3\nstarts_from: 2025-02-01")
    [order] = read(tmp_path, GOOD, later, newest)
    assert "version 3 does not begin in its order with 2" in order.message


def test_all_files_are_read_whatever_is_wrong_with_one(tmp_path: Path) -> None:
    problems = read(tmp_path, "title: [", GOOD.replace("smb_ae]", "smb_as]"))
    assert {each.file.rpartition("/")[2] for each in problems} == {"1.yaml", "2.yaml"}


def test_a_version_kept_is_read_again_as_it_was() -> None:
    for programme in books().programmes:
        assert from_plain(as_plain(programme)) == programme


def test_every_role_that_sells_has_a_packaged_programme() -> None:
    sellers = set(books().models) - {"manager"}
    assert {each.role for each in books().programmes} == sellers
    for role in sellers:
        assert programme_for(books().programmes, role, date(2026, 3, 9)) is not None
