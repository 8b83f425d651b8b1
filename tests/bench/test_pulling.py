"""The benchmark of pulls runs and measures what is promised; how fast is no test's business."""

import re

import pytest

from tests.bench.pulling import Sizes, report


@pytest.mark.slow
def test_a_pull_is_measured_beside_discarding_the_same_pages() -> None:
    told = report(Sizes(tasks=4_000, small=2_000, large=4_000, changes=100, turns=1, others=0))
    rows = dict(re.findall(r"^\| (.+) \| ([0-9.e+-]+) \| [0-9.]+ \|$", told, re.MULTILINE))
    assert len(rows) == 7
    # The first pull also asks how many records there are, to choose between pages and jobs.
    assert float(rows["Calls beyond one for each page"]) <= 2
    assert float(rows["Its calls beyond one for each page"]) <= 1
