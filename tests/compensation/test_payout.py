"""What a plan pays, held to what the field means by its words; to the cent, for any plan."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.compensation.curve import Curve, Tier
from bot.compensation.payout import Kind, Split, pay_component, settle_draw, target_of
from bot.compensation.plan import PERIODS_A_YEAR, Draw, Period
from bot.compensation.rounding import shares_of
from bot.domain.ids import RecordId
from tests.compensation.plans import component, measured, paid, plan_of

CENT = Decimal("0.01")


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False)


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
