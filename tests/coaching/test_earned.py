"""A gap that chance explains is shown, and never said."""

from dataclasses import replace

import pytest

from bot.coaching.earned import weigh_gaps
from bot.coaching.example import MEETINGS_HELD, gap_of
from bot.domain.gap import Band, Gap
from bot.domain.ids import RepId
from bot.domain.metric import Aggregate, Unit, Valence

SHARE = replace(MEETINGS_HELD, unit=Unit.SHARE, aggregate=Aggregate.RATIO, min_facts=3)
MONEY = replace(MEETINGS_HELD, unit=Unit.MONEY, aggregate=Aggregate.SUM)
MEDIAN = replace(MEETINGS_HELD, unit=Unit.DAYS, aggregate=Aggregate.MEDIAN, min_facts=8)
MATES = [RepId(f"mate {number}") for number in range(8)]
KIM = RepId("kim")


def share(value: float, facts: int) -> Gap:
    return gap_of(value, metric=SHARE, facts=facts, low=0.4, high=1.0)


def earned(gap: Gap, mate: Gap, *, fair: float = 1.0) -> bool:
    gaps = {KIM: gap, **dict.fromkeys(MATES, mate)}
    return weigh_gaps(gaps, fair_shares={KIM: fair})[KIM].is_earned


def test_nought_of_three_deals_is_bad_luck_and_nought_of_thirty_is_not() -> None:
    assert not earned(share(0.0, 3), share(0.6, 10))
    assert earned(share(0.0, 30), share(0.6, 10))


def test_being_on_target_takes_facts_as_well() -> None:
    assert not earned(share(0.41, 5), share(0.41, 5))
    assert earned(share(0.8, 40), share(0.6, 10))


def test_where_less_is_better_above_is_short() -> None:
    lower = replace(SHARE, valence=Valence.LOWER)
    many = gap_of(0.9, metric=lower, facts=30, low=0.0, high=0.2)
    assert many.band is Band.SHORT
    assert earned(many, gap_of(0.1, metric=lower, facts=30, low=0.0, high=0.2))


def test_a_count_far_below_the_range_is_earned_and_one_just_below_is_not() -> None:
    # Mates who differ leave room for somebody to differ.
    mates = [gap_of(value) for value in (12, 15, 18, 21, 24, 9, 27, 18)]
    for value, is_real in ((2, True), (13, False)):
        gaps = {KIM: gap_of(value), **dict(zip(MATES, mates, strict=True))}
        assert weigh_gaps(gaps, fair_shares={})[KIM].is_earned is is_real


def test_a_prorated_count_is_held_to_its_own_share_of_the_window() -> None:
    half = gap_of(9, low=7, high=12)
    assert earned(half, gap_of(18), fair=0.5)


def test_nothing_is_earned_in_a_window_in_which_nothing_was_fair_to_expect() -> None:
    assert not earned(gap_of(0, low=0.0, high=0.0), gap_of(18), fair=0.0)


@pytest.mark.parametrize(("value", "is_real"), [(5_000, True), (55_000, False), (0, True)])
def test_money_is_weighed_as_so_many_deals_of_so_much(value: float, is_real: bool) -> None:  # noqa: FBT001 -- a case of the table
    gap = gap_of(value, metric=MONEY, facts=2 if value < 50_000 else 5, low=60_000, high=200_000)
    assert earned(gap, gap) is is_real


@pytest.mark.parametrize(("facts", "is_real"), [(23, False), (24, True)])
def test_a_median_takes_three_times_the_fewest_facts(facts: int, is_real: bool) -> None:  # noqa: FBT001 -- a case of the table
    gap = gap_of(40, metric=MEDIAN, facts=facts, low=10, high=30)
    assert earned(gap, gap) is is_real


def test_without_data_nothing_is_earned_and_nobody_else_is_touched() -> None:
    nothing = gap_of(None, facts=0)
    assert weigh_gaps({KIM: nothing}, fair_shares={}) == {KIM: nothing}
    assert not earned(nothing, gap_of(18))


@pytest.mark.parametrize(("facts", "is_real"), [(8, False), (9, True)])
def test_a_share_of_more_than_the_whole_is_no_proportion_and_spoils_nobodys(
    facts: int,
    is_real: bool,  # noqa: FBT001 -- a case of the table
) -> None:
    """One rep at twice their quota once left everybody's chances without a number."""
    far_below = share(0.1, facts)
    assert earned(far_below, gap_of(2.0, metric=SHARE, facts=9, low=0.4, high=1.0)) is is_real


def test_what_is_likely_holds_its_middle_close_to_the_whole_and_below_nothing() -> None:
    whole = {rep: share(1.0, 26) for rep in MATES}
    owed = {rep: gap_of(-9.0, metric=MONEY, facts=9, low=10, high=20) for rep in MATES}
    for gaps in (whole, owed):
        likely = weigh_gaps(gaps, fair_shares={})[MATES[0]].likely
        assert likely is not None
        assert list(likely) == sorted(likely)
