"""A range for the quarter holds what it says, and is not given where nothing can be learned."""

from random import Random

import pytest

from bot.coaching.forecast import FEWEST_QUARTERS, PastQuarter, QuarterPoint, expected, forecast

#: What becomes of an amount by stage, and of all of it what comes along besides.
YIELDS = {"Discovery": 0.1, "Proposal": 0.3, "Negotiation": 0.6}


def quarter(chance: Random, *, fortune: float = 1.0) -> PastQuarter:
    """Deals of like sizes; each is won or not, and a few come along that nobody knew of."""
    open_then = dict.fromkeys(YIELDS, 0)
    came_of = dict.fromkeys(YIELDS, 0)
    for stage, share in YIELDS.items():
        for _ in range(chance.randint(8, 20)):
            amount = chance.randint(20, 80)
            open_then[stage] += amount
            came_of[stage] += amount if chance.random() < share * fortune else 0
    late = sum(chance.randint(20, 80) for _ in range(chance.randint(0, 4)))
    won = chance.randint(100, 300)
    then = QuarterPoint(won=won, open=open_then)
    return PastQuarter(then=then, came_of=came_of, won_in_all=won + sum(came_of.values()) + late)


@pytest.mark.parametrize("quarters", [4, 8])
def test_quarters_end_within_the_range_four_times_in_five(quarters: int) -> None:
    chance, within, times = Random(7), 0, 800  # noqa: S311 - a simulation
    for _ in range(times):
        past = [quarter(chance, fortune=chance.uniform(0.8, 1.2)) for _ in range(quarters)]
        now = quarter(chance, fortune=chance.uniform(0.8, 1.2))
        outlook = forecast(now.then, past)
        assert outlook is not None
        within += outlook.low <= now.won_in_all <= outlook.high
    assert within / times == pytest.approx(0.8, abs=0.05)


def alike(won: int, of: int, rest: int) -> PastQuarter:
    then = QuarterPoint(won=won, open={"Proposal": of})
    return PastQuarter(then=then, came_of={"Proposal": rest}, won_in_all=won + rest)


def test_quarters_that_all_went_alike_leave_no_doubt() -> None:
    past = [alike(50, of, of // 2) for of in (100, 200, 300, 400)]
    outlook = forecast(QuarterPoint(won=70, open={"Proposal": 600}), past)
    assert outlook is not None
    assert (outlook.low, outlook.middle, outlook.high) == (370, 370, 370)


def test_what_differed_more_makes_the_range_wider() -> None:
    now = QuarterPoint(won=0, open={"Proposal": 200})
    calm = forecast(now, [alike(0, 200, rest) for rest in (90, 100, 110, 100)])
    wild = forecast(now, [alike(0, 200, rest) for rest in (40, 160, 20, 180)])
    assert calm is not None
    assert wild is not None
    assert wild.low < calm.low < calm.middle == wild.middle < calm.high < wild.high


def test_what_was_won_is_won() -> None:
    now = QuarterPoint(won=500, open={"Proposal": 10})
    outlook = forecast(now, [alike(0, 100, rest) for rest in (0, 100, 0, 100)])
    assert outlook is not None
    assert outlook.low >= 500


def test_too_few_quarters_and_an_empty_pipeline_give_no_range() -> None:
    past = [alike(0, 100, 50) for _ in range(FEWEST_QUARTERS)]
    assert forecast(QuarterPoint(won=0, open={"Proposal": 100}), past[1:]) is None
    assert forecast(QuarterPoint(won=0, open={}), past) is None


def test_a_stage_that_no_quarter_had_counts_as_all_do() -> None:
    past = [alike(0, 100, 50)]
    assert expected({"Proposal": 10, "Pilot": 10}, past) == pytest.approx(10)
