"""The benchmark of answers runs, and answers all that was asked; how fast is no test's business."""

import re

from tests.bench.commands import report
from tests.bench.large_team import Size

SMALL = Size(reps=10, activities=2000, weeks=5, deals_a_rep=6, reps_a_team=5)


def test_every_question_is_answered() -> None:
    told = report(SMALL, rate=10, seconds=1)
    rows = dict(re.findall(r"^\| (.+) \| ([0-9.e+-]+) \| [01] \|$", told, re.MULTILINE))
    assert len(rows) == 5
    assert rows.pop("Commands without an answer") == "0"
    assert all(float(value) > 0 for value in rows.values())
