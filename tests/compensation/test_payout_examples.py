"""Worked examples of what plans pay, in numbers that anybody can follow."""

from decimal import Decimal

import pytest

from bot.compensation.curve import Curve, Tier
from bot.compensation.payout import (
    Kind,
    Measured,
    Undone,
    claw_back,
    pay_component,
    pay_spiff,
    settle_draw,
)
from bot.compensation.plan import Draw, Spiff, Task
from bot.domain.ids import MetricKey
from tests.compensation.plans import FIRST, LAST, component, measured, paid, plan_of

CENT = Decimal("0.01")


def test_a_worked_example_with_decelerator_and_accelerator() -> None:
    """0.65 up to half of the quota, 1.35 up to all of it, 1.5 beyond; target 10,000 a quarter."""
    curve = Curve(
        tiers=tuple(
            Tier(begins=Decimal(begins), rate=Decimal(rate))
            for begins, rate in (("0", "0.65"), ("0.5", "1.35"), ("1", "1.5"))
        )
    )
    quota, variable = Decimal(100_000), Decimal(40_000)
    for value, expected in ((0, 0), (50_000, 3250), (75_000, 6625), (100_000, 10_000)):
        assert paid(curve, Decimal(value), quota, variable) == expected
    assert paid(curve, Decimal(120_000), quota, variable) == 13_000


def test_a_retroactive_tier_pays_all_that_came_before_anew() -> None:
    curve = Curve(
        tiers=(
            Tier(begins=Decimal(0), rate=Decimal(1)),
            Tier(begins=Decimal(1), rate=Decimal("1.5"), is_retroactive=True),
        )
    )
    quota, variable = Decimal(100_000), Decimal(40_000)
    assert paid(curve, quota, quota, variable) == 10_000
    assert paid(curve, quota + CENT, quota, variable) == 15_000
    [bend] = curve.bends()
    assert [bend.at, bend.jump] == [1, Decimal("0.5")]


def test_under_the_threshold_nothing_is_paid_and_at_it_all() -> None:
    curve = Curve(threshold=Decimal("0.6"))
    assert paid(curve, Decimal(59_999), Decimal(100_000), Decimal(40_000)) == 0
    assert paid(curve, Decimal(60_000), Decimal(100_000), Decimal(40_000)) == 6000


def test_what_is_not_known_is_said_and_not_paid() -> None:
    only = component(Curve())
    for each in (measured(None, Decimal(5)), measured(Decimal(5), None)):
        [line] = pay_component(plan_of(only), only, each, variable=Decimal(40_000)).lines
        assert line.kind is Kind.NOT_KNOWN
        assert line.amount == 0


def test_tasks_pay_by_how_far_they_are_done() -> None:
    tasks = (
        Task(key="plans", title="Plans", share=Decimal("0.6")),
        Task(key="reviews", title="Reviews", share=Decimal("0.4")),
    )
    only = component(Curve(), metric=None, tasks=tasks)
    half = Measured(
        first_day=FIRST, last_day=LAST, value=None, quota=None, done={"plans": Decimal("0.5")}
    )
    found = pay_component(plan_of(only), only, half, variable=Decimal(40_000))
    assert [line.kind for line in found.lines] == [Kind.TASK, Kind.NOT_KNOWN]
    assert [line.amount for line in found.lines] == [3000, 0]


def test_a_spiff_pays_for_each_up_to_the_most() -> None:
    spiff = Spiff(
        title="Spring",
        metric=MetricKey("meetings_held"),
        each=Decimal(150),
        first_day=FIRST,
        last_day=LAST,
        most=Decimal(400),
    )
    assert [pay_spiff(spiff, Decimal(count)).amount for count in (0, 2, 3)] == [0, 300, 400]


@pytest.mark.parametrize(("is_recoverable", "owed"), [(True, 1000), (False, 0)])
def test_a_draw_makes_up_for_what_is_missing(*, is_recoverable: bool, owed: int) -> None:
    plan = plan_of(
        component(Curve()),
        draw=Draw(each_month=Decimal(1000), months=3, is_recoverable=is_recoverable),
    )
    settled = settle_draw(plan, Decimal(2000), months_of_draw=3)
    assert [line.amount for line in settled.lines] == [1000]
    assert settled.owed == owed


def test_an_undone_deal_takes_back_what_it_had_earned_and_no_more() -> None:
    """It had lifted the quarter over the quota, where a share pays one and a half."""
    curve = Curve(
        tiers=(
            Tier(begins=Decimal(0), rate=Decimal(1)),
            Tier(begins=Decimal(1), rate=Decimal("1.5")),
        )
    )
    only = component(curve)
    plan = plan_of(only)
    undone = Undone(name="Globex", amount=Decimal(40_000), won_on=FIRST)
    whole = measured(Decimal(120_000), Decimal(100_000))
    [line] = claw_back(plan, only, whole, [undone], variable=Decimal(40_000))
    assert line.amount == -(13_000 - 8000)


def test_what_two_undone_deals_take_back_is_what_the_period_paid_too_much() -> None:
    only = component(Curve(cap=Decimal("1.1")))
    plan = plan_of(only)
    undone = [
        Undone(name=name, amount=Decimal(30_000), won_on=FIRST) for name in ("Acme", "Globex")
    ]
    whole = measured(Decimal(130_000), Decimal(100_000))
    lines = claw_back(plan, only, whole, undone, variable=Decimal(40_000))
    assert sum(line.amount for line in lines) == 7000 - 11_000
