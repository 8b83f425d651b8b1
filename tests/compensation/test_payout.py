"""What a plan pays, held to what the field means by its words; to the cent, for any plan."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compensation.curve import Curve, Tier
from bot.compensation.payout import (
    Kind,
    Measured,
    Split,
    Undone,
    claw_back,
    pay_component,
    pay_spiff,
    settle_draw,
    target_of,
)
from bot.compensation.plan import (
    PERIODS_A_YEAR,
    Component,
    Draw,
    PayPlan,
    Period,
    PlanKey,
    Spiff,
    Task,
)
from bot.compensation.rounding import shares_of
from bot.domain.ids import MetricKey, RecordId, RoleKey

CENT = Decimal("0.01")
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False)


def component(curve: Curve, weight: str = "1", **changes: object) -> Component:
    given_ = {
        "key": "won",
        "title": "Won",
        "weight": Decimal(weight),
        "period": Period.QUARTER,
        "metric": MetricKey("won_amount"),
        "quota": None,
        "curve": curve,
        "serves": (),
        "control": None,
        **changes,
    }
    return Component(**given_)  # type: ignore[arg-type]  # named as the fields are


def plan_of(*components: Component, **changes: object) -> PayPlan:
    given_ = {
        "key": PlanKey("ae"),
        "title": "AE",
        "because": "",
        "begins": FIRST,
        "roles": (RoleKey("ae"),),
        "currency": "USD",
        "ote": Decimal(100_000),
        "variable": Decimal(40_000),
        "period": Period.QUARTER,
        "components": components,
        **changes,
    }
    return PayPlan(**given_)  # type: ignore[arg-type]  # named as the fields are


def measured(value: Decimal | None, quota: Decimal | None, number: int = 1) -> Measured:
    return Measured(first_day=FIRST, last_day=LAST, value=value, quota=quota, number=number)


def paid(curve: Curve, value: Decimal, quota: Decimal, variable: Decimal) -> Decimal:
    only = component(curve)
    return pay_component(plan_of(only), only, measured(value, quota), variable=variable).amount


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """Any curve that a plan file may hold: what pays target at target, and never falls."""
    knee = draw(decimals("0.05", "0.95"))
    low = draw(decimals("0", "1.0"))
    rest = (1 - knee * low) / (1 - knee)
    tiers = [Tier(begins=Decimal(0), rate=low), Tier(begins=knee, rate=rest)]
    beyond = draw(decimals("1", "1.8"))
    above = draw(decimals("1", "3"))
    if draw(st.booleans()):
        at = Curve(tiers=tuple(tiers)).pays(beyond, Decimal(1)) / beyond
        tiers.append(Tier(begins=beyond, rate=at + above - 1, is_retroactive=draw(st.booleans())))
    threshold = draw(st.sampled_from([Decimal(0), Decimal("0.4"), Decimal(1)]))
    cap = draw(st.one_of(st.none(), decimals("1", "3")))
    return Curve(tiers=tuple(tiers), threshold=threshold, cap=cap)


QUOTAS, VARIABLES = decimals("1", "3000000"), decimals("1000", "500000")
ATTAINED = decimals("0", "4", places=4)


@given(curves(), QUOTAS, VARIABLES, ATTAINED, ATTAINED)
def test_who_attains_more_is_not_paid_less(
    curve: Curve, quota: Decimal, variable: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))
    assert paid(curve, less * quota, quota, variable) <= paid(curve, more * quota, quota, variable)


@given(curves(), QUOTAS, VARIABLES)
def test_the_quota_pays_exactly_the_target(curve: Curve, quota: Decimal, variable: Decimal) -> None:
    only = component(curve)
    plan = plan_of(only)
    found = pay_component(plan, only, measured(quota, quota), variable=variable)
    # A rate such as 1/3 cannot be written, so a hair of it may be missing, never a cent.
    assert found.target == target_of(variable, Period.QUARTER, 1)
    assert found.amount == found.target


@given(curves(), VARIABLES, ATTAINED)
def test_pay_jumps_nowhere_but_at_the_cliffs_that_the_plan_tells(
    curve: Curve, variable: Decimal, at: Decimal
) -> None:
    quota, hair = Decimal(1_000_000), Decimal("0.000001")
    cliffs = [bend.at for bend in curve.bends() if bend.is_cliff]
    rise = paid(curve, (at + hair) * quota, quota, variable) - paid(
        curve, at * quota, quota, variable
    )
    steepest = max(tier.rate for tier in curve.tiers) * hair * variable / 4
    if not any(at <= cliff <= at + hair for cliff in cliffs):
        assert rise <= steepest + CENT


@given(curves(), VARIABLES)
def test_every_cliff_is_as_high_as_it_is_told_to_be(curve: Curve, variable: Decimal) -> None:
    quota, hair = Decimal(10**9), Decimal("0.000000001")
    target = paid(Curve(), quota, quota, variable)
    for bend in curve.bends():
        below = paid(curve, (bend.at - hair) * quota, quota, variable)
        beyond = paid(curve, (bend.at + hair) * quota, quota, variable)
        assert abs((beyond - below) - bend.jump * target) <= 2 * CENT


@given(curves(), QUOTAS, VARIABLES, ATTAINED)
def test_the_cap_holds_and_the_lines_say_what_it_took(
    curve: Curve, quota: Decimal, variable: Decimal, at: Decimal
) -> None:
    only = component(curve)
    found = pay_component(plan_of(only), only, measured(at * quota, quota), variable=variable)
    if curve.cap is not None:
        assert found.amount <= curve.cap * found.target + CENT
    lines = [line for line in found.lines if line.kind is Kind.CAP]
    assert all(line.amount <= 0 for line in lines)


@given(curves(), QUOTAS, VARIABLES, ATTAINED)
def test_lines_are_whole_cents_and_explain_the_amount(
    curve: Curve, quota: Decimal, variable: Decimal, at: Decimal
) -> None:
    only = component(curve)
    found = pay_component(plan_of(only), only, measured(at * quota, quota), variable=variable)
    assert all(line.amount == line.amount.quantize(CENT) for line in found.lines)
    exact = sum(line.rate * line.measured for line in found.lines if line.kind is not Kind.CAP)
    told = sum(line.amount for line in found.lines if line.kind is not Kind.CAP)
    assert abs(told - exact * found.target / quota) <= CENT / 2 + Decimal("1e-20")


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), VARIABLES)
def test_components_and_periods_of_a_year_add_up_to_the_year(
    weights: list[int], variable: Decimal
) -> None:
    parts = [
        component(Curve(), weight=str(Decimal(each) / sum(weights)), key=f"c{n}")
        for n, each in enumerate(weights)
    ]
    plan = plan_of(*parts)
    for period, many in PERIODS_A_YEAR.items():
        year = sum(target_of(variable, period, n + 1) for n in range(many))
        assert year == variable
    quarters = [
        pay_component(plan, each, measured(Decimal(7), Decimal(7), n), variable=variable).amount
        for each in parts
        for n in (1, 2, 3, 4)
    ]
    assert abs(sum(quarters) - variable) <= 4 * CENT


@given(decimals("0", "9999999"), st.lists(st.integers(1, 9), min_size=2, max_size=7))
def test_a_split_deal_is_credited_once_to_the_cent(amount: Decimal, parts: list[int]) -> None:
    shares = [Decimal(each) / sum(parts) for each in parts]
    split = Split(record=RecordId("006"), shares={f"p{n}": share for n, share in enumerate(shares)})
    assert sum(split.credits(amount).values()) == amount
    assert sum(shares_of(amount, shares)) == amount


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
    assert (bend.at, bend.jump) == (1, Decimal("0.5"))


def test_under_the_threshold_nothing_is_paid_and_at_it_all() -> None:
    curve = Curve(threshold=Decimal("0.6"))
    assert paid(curve, Decimal(59_999), Decimal(100_000), Decimal(40_000)) == 0
    assert paid(curve, Decimal(60_000), Decimal(100_000), Decimal(40_000)) == 6000


def test_what_is_not_known_is_said_and_not_paid() -> None:
    only = component(Curve())
    for each in (measured(None, Decimal(5)), measured(Decimal(5), None)):
        [line] = pay_component(plan_of(only), only, each, variable=Decimal(40_000)).lines
        assert (line.kind, line.amount) == (Kind.NOT_KNOWN, 0)


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
    assert [(line.kind, line.amount) for line in found.lines] == [
        (Kind.TASK, 3000),
        (Kind.NOT_KNOWN, 0),
    ]


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


@given(st.lists(st.tuples(decimals("0", "9000"), st.integers(0, 3)), min_size=1, max_size=9))
def test_a_recoverable_draw_is_given_back_and_never_more(
    quarters: list[tuple[Decimal, int]],
) -> None:
    plan = plan_of(
        component(Curve()),
        draw=Draw(each_month=Decimal(1500), months=9, is_recoverable=True),
    )
    owed = Decimal(0)
    for earned, months in quarters:
        settled = settle_draw(plan, earned, months_of_draw=months, owed=owed)
        assert earned + settled.amount >= min(earned, Decimal(1500) * months)
        assert settled.owed - owed == settled.amount
        owed = settled.owed
        assert owed >= 0


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
