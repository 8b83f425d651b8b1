"""What a period may still come to, and what the next deal is worth: estimates that hold."""

from decimal import Decimal

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.compensation.curve import Curve, Tier
from bot.compensation.outlook import next_deal, outlook
from bot.compensation.payout import pay_component, with_value
from tests.compensation.plans import component, measured, plan_of

VARIABLE = Decimal(40_000)
QUOTA = Decimal(100_000)
ACCELERATED = Curve(
    tiers=(
        Tier(begins=Decimal(0), rate=Decimal("0.8")),
        Tier(begins=Decimal("0.5"), rate=Decimal("1.2")),
        Tier(begins=Decimal(1), rate=Decimal("1.5")),
    )
)
VALUES = st.decimals("0", "150000", places=2)
SIZES = st.decimals("500", "60000", places=2)


@given(VALUES, SIZES)
def test_the_next_deal_is_worth_what_the_plan_pays_more_with_it(
    value: Decimal, size: Decimal
) -> None:
    won = component(ACCELERATED)
    plan, now = plan_of(won), measured(value, QUOTA)
    found = next_deal(plan, won, now, variable=VARIABLE, size=size)
    assert found is not None
    more = pay_component(plan, won, with_value(now, value + size), variable=VARIABLE).amount
    assert found.worth == more - pay_component(plan, won, now, variable=VARIABLE).amount


@given(VALUES, SIZES)
def test_so_many_deals_and_no_fewer_are_paid_at_the_next_rate(
    value: Decimal, size: Decimal
) -> None:
    won = component(ACCELERATED)
    found = next_deal(plan_of(won), won, measured(value, QUOTA), variable=VARIABLE, size=size)
    assert found is not None
    if found.bend is None:
        assert value > QUOTA
        return
    start = found.bend.at * QUOTA
    assume(found.deals < 99)
    assert value + found.deals * size > start
    assert value + (found.deals - 1) * size <= start


def test_a_threshold_is_reached_by_the_deal_that_comes_to_it() -> None:
    won = component(Curve(threshold=Decimal("0.6")))
    found = next_deal(
        plan_of(won),
        won,
        measured(Decimal(20_000), QUOTA),
        variable=VARIABLE,
        size=Decimal(20_000),
    )
    assert found is not None
    assert found.deals == 2
    assert found.worth == 0


def test_beyond_the_last_tier_there_is_no_better_rate_to_promise() -> None:
    won = component(ACCELERATED)
    found = next_deal(
        plan_of(won), won, measured(Decimal(120_000), QUOTA), variable=VARIABLE, size=QUOTA
    )
    assert found is not None
    assert found.bend is None


def test_too_early_and_with_too_few_facts_there_is_no_pace() -> None:
    won = component(Curve())
    plan, now = plan_of(won), measured(Decimal(50_000), QUOTA)
    for elapsed, facts in (("0.2", 9), ("0.5", 2)):
        found = outlook(plan, won, now, variable=VARIABLE, elapsed=Decimal(elapsed), facts=facts)
        assert found is None
    over = outlook(plan, won, now, variable=VARIABLE, elapsed=Decimal(1), facts=9)
    assert over is not None
    assert over.low == over.likely == over.high == 5000


def test_nine_in_ten_periods_end_within_the_span_that_was_told() -> None:
    """Deals of one size arrive at random; what was seen by two fifths foretells the rest."""
    rng, won = np.random.default_rng(5), component(Curve())
    plan, size, elapsed = plan_of(won), Decimal(5_000), Decimal("0.4")
    within = told = 0
    for _ in range(400):
        seen, later = int(rng.poisson(6.0)), int(rng.poisson(9.0))
        now = measured(seen * size, QUOTA)
        found = outlook(plan, won, now, variable=VARIABLE, elapsed=elapsed, facts=seen)
        if found is not None:
            whole = with_value(now, (seen + later) * size)
            paid = pay_component(plan, won, whole, variable=VARIABLE).amount
            told += 1
            within += found.low <= paid <= found.high
    assert told > 350
    assert 0.87 <= within / told <= 0.99
