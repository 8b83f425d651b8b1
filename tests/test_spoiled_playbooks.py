"""Each line of a plan, a programme and a scorecard spoiled in some way: told, and never a crash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import Problem
from bot.hiring.scorecard_file import load_scorecards
from tests.compensation.test_plan_file import SPOTLESS, loaded
from tests.hiring.test_scorecard_file import GOOD as SCORECARD
from tests.hiring.test_scorecard_file import ROLES, written
from tests.onboarding.test_programme_files import GOOD as PROGRAMME
from tests.onboarding.test_programme_files import read

FILES = {"plan": SPOTLESS, "programme": PROGRAMME, "scorecard": SCORECARD}
#: What may stand where something else should.
WRONG = (
    "-1", "0", "1e99", ".nan", ".inf", "true", "~", "''", "[]", "{}", "[[a]]", "{a: {b: c}}",
    "2026-02-30", "'<!channel>'", "*gone", "&here x", "!!python/object:os.system x", '"\\0"',
    "'" + "x" * 3_000 + "'", "[a, a", "a: b: c", "\t- a", "💥", "0x1F", "12:30:45",
)  # fmt: skip


def spoiled(text: str) -> Iterator[str]:
    """Every line in turn: with a wrong value, twice, and gone."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        for which in range(3):
            value = WRONG[(7 * number + which) % len(WRONG)]
            yield "\n".join([*lines[:number], f"{key}{colon} {value}", *lines[number + 1 :]])
        yield "\n".join([*lines[:number], line, line, *lines[number + 1 :]])
        yield "\n".join([*lines[:number], *lines[number + 1 :]])


def problems_of(kind: str, folder: Path, text: str) -> list[Problem]:
    match kind:
        case "plan":
            return loaded(folder, ae=text)[1]
        case "programme":
            return read(folder, text)
        case _:
            problems: list[Problem] = []
            load_scorecards(written(folder, text), roles=ROLES, problems=problems)
            return problems


@pytest.mark.parametrize("kind", FILES)
def test_whatever_is_wrong_is_told_with_its_file_and_line(kind: str, tmp_path: Path) -> None:
    told = 0
    for text in spoiled(FILES[kind]):
        found = problems_of(kind, tmp_path, text)
        told += bool(found)
        for problem in found:
            assert problem.file.endswith(".yaml")
            assert problem.line is not None
            assert 1 <= problem.line <= text.count("\n") + 2
            assert problem.message
            assert len(str(problem)) < 1_500
    assert told > 3 * FILES[kind].count("\n")
