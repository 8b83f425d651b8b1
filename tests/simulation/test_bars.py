"""The gates of the statistics, from seeds that the engine was not made on."""

from collections.abc import Callable, Iterator

import pytest

from tests.simulation.bar import Bar
from tests.simulation.bars import GROUPS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
def test_the_statistics_reach(group: Callable[[], Iterator[Bar]]) -> None:
    assert [bar.row() for bar in group() if not bar.is_met] == []


def test_a_gate_can_be_missed() -> None:
    bar = Bar(what="x", measured=0.5, at_least=0.6, rests_on="nothing")
    assert not bar.is_met
    assert Bar(what="x", measured=0.5, at_most=0.5, rests_on="nothing").is_met
    assert bar.row() == "| x | at least 60% | 50% | nothing |"
