"""Nine in ten of the eights a week that halve, whenever they do, and near what is possible."""

from tests.simulation.halved import ORGANISATIONS, falls_of, recall, stored

CHECKED = 3


def test_the_first_organisations_give_what_is_stored() -> None:
    """When the engine changes: ``python -m tests.simulation.halved``, then ``make update``."""
    found = stored()
    assert len({fall.organisation for fall in found}) > 0.9 * ORGANISATIONS
    for number in range(CHECKED):
        assert falls_of(number) == [fall for fall in found if fall.organisation == number]


def test_nine_in_ten_are_noticed_within_eight_weeks() -> None:
    mine, could = recall(stored())
    assert mine >= 0.9
    assert mine >= 0.94 * could
