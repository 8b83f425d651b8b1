"""Ours is ahead wherever a fall can be told from noise, and what is stored is the engine's."""

from tests.simulation.comparison import (
    FIXED,
    LIMIT,
    NAMES,
    OURS,
    OWN,
    falls_found,
    lines,
    recall_of_all,
    stored,
)
from tests.simulation.generator import FACTORS, WEEKLY_MEANS

CHECKED = 3


def test_the_first_organisations_give_what_is_stored() -> None:
    """When the engine changes: ``python -m tests.simulation.comparison``, then ``make update``."""
    found, _ = stored()
    for number in range(CHECKED):
        assert falls_found(number) == [one for one in found if one.organisation == number]


def test_ours_is_ahead_on_every_line_where_the_fall_can_be_told_from_noise() -> None:
    told = [line for line in lines(stored()[0]) if line.can_be_told]
    assert len(told) >= len(FACTORS) * len(WEEKLY_MEANS) - 1
    for line in told:
        assert line.recall[OURS] > max(line.recall[FIXED], line.recall[OWN]), line
        assert line.delay[OURS] <= min(line.delay[FIXED], line.delay[OWN]), line


def test_all_are_held_to_one_false_rate_and_ours_comes_near_the_limit() -> None:
    found, false = stored()
    assert max(false[name] for name in NAMES) <= 0.0101
    everything = recall_of_all(found)
    assert everything[OURS] >= 0.58
    assert everything[OURS] >= 0.83 * everything[LIMIT]
    assert everything[OURS] >= 2.5 * max(everything[FIXED], everything[OWN])
