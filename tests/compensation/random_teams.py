"""Teams that are as they should be, drawn by lot: whatever is found of them is chance."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

import numpy as np

from bot.compensation.evidence import ELSEWHERE, DealSeen, PaidPeriod, PayEvidence
from bot.compensation.payout import Measured, pay_component
from tests.compensation.sound_plan import (
    DAY,
    GROWTH,
    PIPELINE,
    PLAN,
    QUOTA,
    SOUND,
    recorded,
)

#: Of people's usual attainment, and of a period around it: within what the literature calls usual.
MIDDLE, BETWEEN_PEOPLE, OVER_TIME = 0.01, 0.24, 0.12
PEOPLE, SETTLEMENTS = (8, 20), (4, 7)
LATE_DEALS = 60


def sound_teams(many: int, *, seed: int) -> Iterator[PayEvidence]:
    rng = np.random.default_rng(seed)
    return (_team(rng) for _ in range(many))


@lru_cache(maxsize=4096)
def _paid(share: Decimal) -> tuple[Decimal, Decimal]:
    measured = Measured(first_day=DAY, last_day=DAY, value=share * QUOTA, quota=QUOTA, number=1)
    parts = [
        pay_component(PLAN, component, measured, variable=PLAN.variable)
        for component in PLAN.components
    ]
    return sum((each.amount for each in parts), Decimal(0)), sum(
        (each.target for each in parts), Decimal(0)
    )


def _team(rng: np.random.Generator) -> PayEvidence:
    people, settlements = int(rng.integers(*PEOPLE)), int(rng.integers(*SETTLEMENTS))
    usual = rng.lognormal(MIDDLE, BETWEEN_PEOPLE, size=people)
    shares = np.maximum(0.0, usual[:, None] + rng.normal(0, OVER_TIME, size=(people, settlements)))
    paid_for, done = rng.dirichlet((70, 30)), rng.dirichlet((65, 30, 5))
    return replace(
        SOUND,
        people=people,
        periods=tuple(
            _period(person, number, Decimal(str(round(float(shares[person, number]), 2))))
            for number in range(settlements)
            for person in range(people)
        ),
        deals=tuple(_deals(rng)),
        recorded={metric: recorded(196, int(rng.binomial(200, 0.03))) for metric in SOUND.recorded},
        paid_for={
            key: Decimal(int(1e6 * share))
            for key, share in zip((GROWTH, PIPELINE), paid_for, strict=True)
        },
        activities={
            key: int(10_000 * share)
            for key, share in zip((GROWTH, PIPELINE, ELSEWHERE), done, strict=True)
        },
    )


def _period(person: int, number: int, share: Decimal) -> PaidPeriod:
    paid, target = _paid(share)
    return PaidPeriod(
        person=f"p{person}",
        number=number,
        attained={component.key: share for component in PLAN.components},
        paid=paid,
        target=target,
        sold=share * QUOTA,
    )


def _deals(rng: np.random.Generator) -> Iterator[DealSeen]:
    """A third of them near a tier; the discount knows nothing of it."""
    for number in range(LATE_DEALS):
        yield DealSeen(
            closed_on=DAY - timedelta(days=number),
            amount=Decimal(15_000),
            is_late=True,
            to_tier=Decimal(9_000) if rng.random() < 0.33 else Decimal(60_000),
            discount=float(rng.gamma(2.0, 0.03)),
        )
