"""A sound plan brought close to each line, and not across it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.compensation.curve import Curve, Tier
from bot.compensation.evidence import PayEvidence
from bot.compensation.plan import Control, Draw
from bot.domain.ids import MetricKey
from tests.compensation.sound_plan import (
    CREATED,
    GROWTH,
    OBJECTIVES,
    PIPELINE,
    PLAN,
    SOUND,
    WON,
    attained,
    late_deals,
    recorded,
    usually,
    with_plan,
    with_won,
)


def split_three_ways() -> PayEvidence:
    """As many measures as are borne, none too light, and as much on own work as on shared."""
    parts = (
        replace(WON, weight=Decimal("0.5"), serves=(GROWTH,)),
        replace(WON, key="renewed", title="Renewed", weight=Decimal("0.2"), curve=Curve()),
        replace(CREATED, weight=Decimal("0.3"), control=Control.SHARED),
    )
    return with_plan(components=parts)


def rarely(*unpaid: tuple[str, int]) -> PayEvidence:
    periods = [
        replace(each, paid=Decimal(0)) if (each.person, each.number) in unpaid else each
        for each in SOUND.periods
    ]
    return replace(SOUND, periods=periods)


def kinked(rate: str) -> PayEvidence:
    tiers = (Tier(begins=Decimal(0), rate=Decimal(1)), Tier(begins=Decimal(1), rate=Decimal(rate)))
    return with_won(curve=Curve(tiers=tiers))


def a_little_dearer() -> PayEvidence:
    rising = tuple(
        replace(each, sold=each.sold * (Decimal(1) - Decimal("0.01") * each.number))
        for each in SOUND.periods
    )
    return replace(SOUND, periods=rising)


#: What is nearly wrong, and the check that must not say that it is.
NEARLY: Mapping[str, tuple[str, PayEvidence]] = {
    "an objective that is managed on purpose": (
        "C01",
        replace(
            with_plan(components=(replace(WON, weight=Decimal(1)),)),
            objectives=(OBJECTIVES[0], replace(OBJECTIVES[1], managed_because="coached weekly")),
        ),
    ),
    "one component for two objectives": ("C02", with_won(serves=(GROWTH, PIPELINE))),
    "three measures": ("C03", split_three_ways()),
    "a measure of exactly fifteen percent": (
        "C04",
        with_plan(
            components=(
                replace(WON, weight=Decimal("0.85")),
                replace(CREATED, weight=Decimal("0.15")),
            )
        ),
    ),
    "less than half that is shared": ("C05", split_three_ways()),
    "a cycle of half a quarter": ("C06", replace(SOUND, cycle_days=46)),
    "a cycle of two quarters": ("C06", replace(SOUND, cycle_days=182)),
    "a tenth of the records left out": (
        "C07",
        replace(
            SOUND,
            recorded={**SOUND.recorded, MetricKey("won_amount"): recorded(facts=180, left_out=20)},
        ),
    ),
    "nine results of ten written down": ("C07", replace(SOUND, tasks_due=20, tasks_told=18)),
    "half of the quotas reached": ("C08", attained(lambda p, n: usually()(p, n) - 0.04)),
    "one period without pay": ("C09", rarely(("p0", 1))),
    "two people with a bad quarter each": ("C09", rarely(("p0", 1), ("p1", 4))),
    "the best paid half as much again": ("C10", attained(usually(0.05))),
    "one windfall": ("C11", attained(lambda p, n: 4.0 if p == 3 else usually()(p, n))),
    "a pool a little overdrawn": ("C12", attained(lambda p, n: usually()(p, n) + 0.02)),
    "sales that cost a little more": ("C13", a_little_dearer()),
    "a kink of half as much again": ("C14", kinked("1.5")),
    "a threshold that hardly anybody misses": (
        "C14",
        with_won(curve=Curve(threshold=Decimal("0.05"))),
    ),
    "a point of discount more near a tier": (
        "C15",
        replace(SOUND, deals=late_deals(lambda near, n: (0.06 if near else 0.05) + 0.01 * (n % 5))),
    ),
    "more discount anywhere at the end": (
        "C15",
        replace(SOUND, deals=late_deals(lambda _near, n: 0.2 + 0.01 * (n % 5))),
    ),
    "results on both sides of the quota": (
        "C16",
        attained(lambda p, n: 1 + (0.02 if (p + n) % 2 else -0.02)),
    ),
    "a quarter apart, and no more": (
        "C17",
        replace(
            SOUND,
            paid_for={GROWTH: Decimal(950_000), PIPELINE: Decimal(50_000)},
            activities={GROWTH: 7_100, PIPELINE: 2_900},
        ),
    ),
    "an order of pay that is nearly that of sales": (
        "C18",
        replace(
            SOUND,
            periods=[
                replace(each, paid=each.paid * (2 if each.person == "p1" else 1))
                for each in SOUND.periods
            ],
        ),
    ),
    "a ramp of a year": ("C19", with_plan(ramp=(Decimal("0.5"),) * 12 + (Decimal(1),))),
    "a draw of a year": (
        "C19",
        with_plan(draw=Draw(each_month=Decimal(900), months=12, is_recoverable=False)),
    ),
    "a draw alone": ("C19", with_plan(ramp=())),
    "managers who are paid for a third more of the pipeline": (
        "C20",
        replace(
            SOUND,
            managers_plan=replace(
                PLAN,
                components=(
                    replace(WON, weight=Decimal("0.35")),
                    replace(CREATED, weight=Decimal("0.65")),
                ),
            ),
        ),
    ),
}
