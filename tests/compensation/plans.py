"""Small plans for tests: one quarter, forty thousand a year."""

from datetime import date
from decimal import Decimal

from bot.compensation.curve import Curve
from bot.compensation.payout import Measured, pay_component
from bot.compensation.plan import Component, PayPlan, Period, PlanKey
from bot.domain.ids import MetricKey, RoleKey

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


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
