"""Every feature of a plan at once: nothing of what holds for one is lost by the others."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compensation.curve import NOTHING, Curve, Tier
from bot.compensation.payout import (
    ComponentPay,
    Kind,
    Measured,
    Undone,
    claw_back,
    pay_component,
    pay_spiff,
    settle_draw,
    target_of,
    with_value,
)
from bot.compensation.plan import PERIODS_A_YEAR, Component, Draw, PayPlan, Period, Spiff, Task
from bot.domain.ids import MetricKey
from tests.compensation.plans import FIRST, LAST, component, measured, plan_of
from tests.compensation.test_payout import ATTAINED, QUOTAS, VARIABLES, curves, decimals

CENT = Decimal("0.01")
WEIGHTS = st.lists(st.integers(1, 20), min_size=2, max_size=4)
AMOUNTS = decimals("-500000", "900000")


@st.composite
def plans(draw: st.DrawFn) -> PayPlan:
    """Tiers, thresholds, caps, tasks, several periods, a draw and a clawback."""
    weights = draw(WEIGHTS)
    parts: list[Component] = []
    for number, weight in enumerate(weights):
        share = str(Decimal(weight) / sum(weights))
        is_task = number == 0 and draw(st.booleans())
        parts.append(
            replace(
                component(Curve() if is_task else draw(curves()), weight=share, key=f"c{number}"),
                period=draw(st.sampled_from([Period.MONTH, Period.QUARTER])),
                metric=None if is_task else MetricKey("won_amount"),
                tasks=(Task(key="a", title="A", share=Decimal(1)),) if is_task else (),
            )
        )
    least = draw(decimals("1", "9000"))
    advance = Draw(each_month=least, months=9, is_recoverable=draw(st.booleans()))
    return plan_of(*parts, draw=advance, clawback_days=90)


def whole(quota: Decimal, value: Decimal, presence: Decimal, done: Decimal) -> Measured:
    return Measured(
        first_day=FIRST,
        last_day=LAST,
        value=value,
        quota=quota,
        presence=presence,
        done={"a": done},
    )


@settings(max_examples=60, deadline=None)
@given(plans(), QUOTAS, VARIABLES, ATTAINED, ATTAINED, decimals("0", "1"))
def test_more_pays_no_less_the_target_pays_the_target_and_the_parts_are_the_sum(
    plan: PayPlan, quota: Decimal, variable: Decimal, one: Decimal, other: Decimal, part: Decimal
) -> None:
    less, more = sorted((one, other))

    def paid(each: Component, at: Decimal) -> ComponentPay:
        done = min(at, Decimal(1))
        return pay_component(plan, each, whole(quota, at * quota, part, done), variable=variable)

    for each in plan.components:
        found = paid(each, more)
        assert paid(each, less).amount <= found.amount
        assert all(line.amount == line.amount.quantize(CENT) for line in found.lines)
        assert paid(each, Decimal(1)).amount == found.target
        if each.curve.cap is not None:
            assert found.amount <= each.curve.cap * found.target + CENT


@settings(max_examples=60, deadline=None)
@given(plans(), VARIABLES)
def test_targets_of_all_parts_and_periods_are_the_years_variable_pay(
    plan: PayPlan, variable: Decimal
) -> None:
    for each in Period:
        many = PERIODS_A_YEAR[each]
        assert sum(target_of(variable, each, n + 1) for n in range(many)) == variable
    year = sum(
        pay_component(plan, each, replace(whole(Decimal(7), Decimal(7), Decimal(1), Decimal(1)),
                                          number=n + 1), variable=variable).amount
        for each in plan.components
        for n in range(PERIODS_A_YEAR[each.period])
    )  # fmt: skip
    assert abs(year - variable) <= CENT * 12 * len(plan.components)


@settings(max_examples=60, deadline=None)
@given(curves(), QUOTAS, VARIABLES, st.lists(AMOUNTS, min_size=1, max_size=6), st.data())
def test_clawbacks_take_back_what_the_period_paid_too_much_and_no_cent_more(
    curve: Curve, quota: Decimal, variable: Decimal, deals: list[Decimal], data: st.DataObject
) -> None:
    """Credit notes among them, in any order, across cliffs, thresholds and the cap."""
    only = component(curve)
    plan = plan_of(only, clawback_days=90)
    gone = data.draw(st.lists(st.sampled_from(deals), max_size=len(deals), unique=True))
    undone = [Undone(name="Acme", amount=each, won_on=FIRST) for each in gone]
    total = sum(deals, NOTHING)
    before = measured(total, quota)
    lines = claw_back(plan, only, before, undone, variable=variable)
    paid = pay_component(plan, only, before, variable=variable).amount
    after = with_value(before, total - sum(gone, NOTHING))
    left = pay_component(plan, only, after, variable=variable).amount
    assert paid + sum((line.amount for line in lines), NOTHING) == left
    assert left >= 0


@settings(max_examples=60, deadline=None)
@given(plans(), st.lists(st.tuples(decimals("0", "90000"), st.integers(0, 3)), max_size=8))
def test_over_many_settlements_a_draw_costs_what_is_never_earned_and_nothing_else(
    plan: PayPlan, settlements: list[tuple[Decimal, int]]
) -> None:
    owed, advanced = NOTHING, NOTHING
    assert plan.draw is not None
    for earned, months in settlements:
        settled = settle_draw(plan, earned, months_of_draw=months, owed=owed)
        advanced, owed = advanced + settled.amount, settled.owed
        assert earned + settled.amount >= min(earned, plan.draw.each_month * months)
        assert earned + settled.amount >= 0
        assert owed >= 0
    assert advanced == owed if plan.draw.is_recoverable else advanced >= owed == 0


@given(decimals("-5", "60", places=0), decimals("-5", "60", places=0))
def test_a_spiff_never_takes_and_keeps_to_its_most(one: Decimal, other: Decimal) -> None:
    spiff = Spiff(
        title="Spring", metric=MetricKey("meetings_held"), each=Decimal(50), first_day=FIRST,
        last_day=LAST, most=Decimal(500),
    )  # fmt: skip
    less, more = (pay_spiff(spiff, count).amount for count in sorted((one, other)))
    assert 0 <= less <= more <= 500


def test_a_quota_of_zero_is_not_divided_by_and_a_deal_below_zero_pays_nothing() -> None:
    only = component(Curve(threshold=Decimal(0)))
    plan = plan_of(only)
    for value, quota, kind in (
        (Decimal(10), Decimal(0), Kind.NOT_KNOWN),
        (Decimal(10), Decimal(-5), Kind.NOT_KNOWN),
        (Decimal(-10), Decimal(5), Kind.BELOW),
    ):
        found = pay_component(plan, only, measured(value, quota), variable=Decimal(40_000))
        assert [line.kind for line in found.lines] == [kind]
        assert found.amount == 0
    assert found.attainment == -2


def test_at_exactly_its_start_a_retroactive_tier_does_not_pay_and_a_cent_beyond_it_does() -> None:
    tiers = (
        Tier(begins=NOTHING, rate=Decimal(1)),
        Tier(begins=Decimal(1), rate=Decimal(2), is_retroactive=True),
    )
    only = component(Curve(tiers=tiers))
    plan, quota = plan_of(only), Decimal(100_000)
    paid = [
        pay_component(plan, only, measured(value, quota), variable=Decimal(40_000)).amount
        for value in (quota - CENT, quota, quota + CENT)
    ]
    assert paid == [Decimal(10_000), Decimal(10_000), Decimal(20_000)]
