"""A plan that is as it should be, with a team and two years under it; and ways to spoil it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from bot.compensation.curve import Curve, Tier
from bot.compensation.evidence import ELSEWHERE, DealSeen, PaidPeriod, PayEvidence, Recorded
from bot.compensation.payout import Measured, pay_component
from bot.compensation.plan import (
    Component,
    Control,
    Draw,
    Objective,
    ObjectiveKey,
    PayPlan,
    Period,
    PlanKey,
)
from bot.domain.ids import MetricKey, RoleKey

DAY = date(2026, 3, 9)
GROWTH, PIPELINE = ObjectiveKey("growth"), ObjectiveKey("pipeline")
OBJECTIVES = (
    Objective(key=GROWTH, title="Grow", weight=Decimal("0.7"), line=3),
    Objective(key=PIPELINE, title="Pipeline", weight=Decimal("0.3"), line=6),
)
#: How much of the quota each person usually brings; more than half reach it, a few by far.
USUAL = (0.75, 0.85, 0.95, 1.0, 1.02, 1.05, 1.08, 1.1, 1.15, 1.2, 1.45, 1.6)
SETTLEMENTS = 6
QUOTA = Decimal(100_000)
ACCELERATED = Curve(
    tiers=(Tier(begins=Decimal(0), rate=Decimal(1)), Tier(begins=Decimal(1), rate=Decimal(2)))
)
WON = Component(
    key="won",
    title="Deals won",
    weight=Decimal("0.7"),
    period=Period.QUARTER,
    metric=MetricKey("won_amount"),
    quota=QUOTA,
    curve=ACCELERATED,
    serves=(GROWTH,),
    control=Control.OWN,
    line=12,
)
CREATED = replace(
    WON,
    key="created",
    title="Pipeline created",
    weight=Decimal("0.3"),
    metric=MetricKey("pipeline_created_amount"),
    curve=Curve(),
    serves=(PIPELINE,),
)
PLAN = PayPlan(
    key=PlanKey("ae"),
    title="AE",
    because="",
    begins=date(2024, 1, 1),
    roles=(RoleKey("ae"),),
    currency="USD",
    ote=Decimal(150_000),
    variable=Decimal(60_000),
    period=Period.QUARTER,
    components=(WON, CREATED),
    draw=Draw(each_month=Decimal(2000), months=3, is_recoverable=True),
    ramp=(Decimal("0.5"), Decimal(1)),
    file="playbooks/compensation/ae.yaml",
)


def settled(
    plan: PayPlan,
    attained: Callable[[int, int], float],
    *,
    many: int = len(USUAL),
    settlements: int = SETTLEMENTS,
) -> tuple[PaidPeriod, ...]:
    """What each person came to in each settlement, paid as the plan pays."""
    found = []
    for number in range(settlements):
        for person in range(many):
            share = Decimal(str(round(max(0.0, attained(person, number)), 4)))
            paid = target = Decimal(0)
            for component in plan.components:
                measured = Measured(
                    first_day=DAY, last_day=DAY, value=share * QUOTA, quota=QUOTA, number=1
                )
                each = pay_component(plan, component, measured, variable=plan.variable)
                paid, target = paid + each.amount, target + each.target
            found.append(
                PaidPeriod(
                    person=f"p{person}",
                    number=number,
                    attained={component.key: share for component in plan.components},
                    paid=paid,
                    target=target,
                    sold=share * QUOTA,
                )
            )
    return tuple(found)


def usually(spread: float = 0.12) -> Callable[[int, int], float]:
    rng = np.random.default_rng(11)
    noise = rng.normal(0, spread, size=(len(USUAL), SETTLEMENTS))
    return lambda person, number: USUAL[person] + float(noise[person, number])


def late_deals(discount: Callable[[bool, int], float]) -> tuple[DealSeen, ...]:
    """Forty deals in the last days of quarters, half of them one deal away from a tier."""
    return tuple(
        DealSeen(
            closed_on=DAY - timedelta(days=n),
            amount=Decimal(15_000),
            is_late=True,
            to_tier=Decimal(9_000) if n % 2 else Decimal(60_000),
            discount=discount(bool(n % 2), n),
        )
        for n in range(40)
    )


def recorded(facts: int = 200, left_out: int = 4) -> Recorded:
    return Recorded(title="Won", facts=facts, left_out=left_out)


SOUND = PayEvidence(
    plan=PLAN,
    objectives=OBJECTIVES,
    day=DAY,
    people=len(USUAL),
    periods=settled(PLAN, usually()),
    deals=late_deals(lambda _near, n: 0.05 + 0.01 * (n % 5)),
    cycle_days=70,
    cycles=300,
    recorded={each.metric: recorded() for each in PLAN.components if each.metric},
    paid_for={GROWTH: Decimal(720_000), PIPELINE: Decimal(280_000)},
    activities={GROWTH: 6_500, PIPELINE: 3_000, ELSEWHERE: 500},
    usual_deal=Decimal(15_000),
    managers_plan=replace(PLAN, key=PlanKey("manager"), title="Manager", file="manager.yaml"),
)


def with_plan(**changes: object) -> PayEvidence:
    return replace(SOUND, plan=replace(PLAN, **changes))  # type: ignore[arg-type]  # named as the fields are


def with_won(**changes: object) -> PayEvidence:
    won = replace(WON, **changes)  # type: ignore[arg-type]  # named as the fields are
    return with_plan(components=(won, CREATED))


def attained(how: Callable[[int, int], float]) -> PayEvidence:
    return replace(SOUND, periods=settled(PLAN, how))


def many_measures() -> PayEvidence:
    parts = [
        replace(WON, key=f"won{n}", title=f"Won {n}", weight=Decimal("0.25"), curve=Curve())
        for n in range(3)
    ]
    return with_plan(components=(*parts, replace(CREATED, weight=Decimal("0.25"))))


def bunched() -> PayEvidence:
    """Whoever would end just below the quota ends just above it."""
    usual = usually()

    def moved(person: int, number: int) -> float:
        share = usual(person, number)
        return share + 0.06 if 0.94 <= share < 1 else share

    return attained(moved)


def dearer() -> PayEvidence:
    rising = tuple(
        replace(each, sold=each.sold * (Decimal(1) - Decimal("0.06") * each.number))
        for each in SOUND.periods
    )
    return replace(SOUND, periods=rising)


def lottery() -> PayEvidence:
    """Those who sell most are paid least."""
    people = len(USUAL)
    paid = {each.person: each for each in SOUND.periods if each.number == 0}
    order = {f"p{n}": paid[f"p{people - 1 - n}"].paid for n in range(people)}
    return replace(
        SOUND, periods=[replace(each, paid=order[each.person]) for each in SOUND.periods]
    )


def emptied_middle() -> PayEvidence:
    """Everybody ends near the quota at first, and far from it later."""
    return attained(
        lambda person, number: (
            0.97 + 0.005 * person if number < 3 else (0.85 if person % 3 == 0 else 1.12)
        )
    )


#: What is wrong, and the check that says so.
SPOILED: Mapping[str, tuple[str, PayEvidence]] = {
    "an objective that nobody is paid for": (
        "C01",
        with_plan(components=(replace(WON, weight=Decimal(1)),)),
    ),
    "pay that serves no objective": ("C02", with_won(serves=())),
    "four measures": ("C03", many_measures()),
    "a measure of a twentieth": (
        "C04",
        with_plan(
            components=(
                replace(WON, weight=Decimal("0.95")),
                replace(CREATED, weight=Decimal("0.05")),
            )
        ),
    ),
    "a measure that nobody moves": ("C05", with_won(control=Control.NONE)),
    "pay that hangs on others": ("C05", with_won(control=Control.SHARED)),
    "a year for deals of seventy days": ("C06", with_won(period=Period.YEAR)),
    "a month for deals of seventy days": ("C06", with_won(period=Period.MONTH)),
    "a measure that a fifth of the records lack": (
        "C07",
        replace(
            SOUND,
            recorded={**SOUND.recorded, MetricKey("won_amount"): recorded(facts=160, left_out=40)},
        ),
    ),
    "results that nobody writes down": ("C07", replace(SOUND, tasks_due=20, tasks_told=5)),
    "quotas that few reach": ("C08", attained(lambda p, n: usually()(p, n) - 0.35)),
    "quotas that all reach": ("C08", attained(lambda p, n: max(1.01, usually()(p, n)))),
    "periods without any pay": (
        "C09",
        replace(
            SOUND,
            periods=[
                replace(each, paid=Decimal(0)) if each.person in {"p0", "p1", "p2"} else each
                for each in SOUND.periods
            ],
        ),
    ),
    "the best paid hardly more": ("C10", attained(lambda p, n: 0.98 + 0.01 * (p % 8) + 0.01 * n)),
    "chances that are not equal": (
        "C11",
        attained(lambda p, n: (0.2 if p % 2 else 1.9) + 0.02 * n),
    ),
    "a middle that empties": ("C11", emptied_middle()),
    "a pool that is overdrawn": ("C12", attained(lambda p, n: usually()(p, n) + 0.6)),
    "a promise that is not kept": ("C12", attained(lambda p, n: usually()(p, n) - 0.5)),
    "sales that cost more each quarter": ("C13", dearer()),
    "a cliff at the quota": (
        "C14",
        with_won(
            curve=Curve(
                tiers=(
                    Tier(begins=Decimal(0), rate=Decimal(1)),
                    Tier(begins=Decimal(1), rate=Decimal("1.5"), is_retroactive=True),
                )
            )
        ),
    ),
    "a threshold": ("C14", with_won(curve=Curve(threshold=Decimal("0.6")))),
    "discounts where a tier is near": (
        "C15",
        replace(SOUND, deals=late_deals(lambda near, n: (0.14 if near else 0.05) + 0.01 * (n % 5))),
    ),
    "results that gather above the quota": ("C16", bunched()),
    "pay for what is not wanted": (
        "C17",
        replace(SOUND, paid_for={GROWTH: Decimal(400_000), ELSEWHERE: Decimal(600_000)}),
    ),
    "work on what is not paid for": (
        "C17",
        replace(SOUND, activities={GROWTH: 1_000, PIPELINE: 500, ELSEWHERE: 3_000}),
    ),
    "pay as by lot": ("C18", lottery()),
    "no ramp and no draw": ("C19", with_plan(ramp=(), draw=None)),
    "a ramp of two years": ("C19", with_plan(ramp=(Decimal("0.9"),) * 24 + (Decimal(1),))),
    "a ramp that never ends": ("C19", with_plan(ramp=(Decimal("0.5"),))),
    "a draw without an end": (
        "C19",
        with_plan(draw=Draw(each_month=Decimal(900), months=36, is_recoverable=False)),
    ),
    "managers who are paid for something else": (
        "C20",
        replace(
            SOUND,
            managers_plan=replace(PLAN, components=(replace(CREATED, weight=Decimal(1)),)),
        ),
    ),
}
