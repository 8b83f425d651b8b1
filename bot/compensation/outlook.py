"""What a period may still come to, and what one more deal is worth in it: estimates, called so."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from bot.compensation.curve import NOTHING, Bend
from bot.compensation.payout import Measured, pay_component, with_value
from bot.compensation.plan import Component, PayPlan

#: Earlier in a period, and on fewer facts, a pace says nothing.
EARLIEST = Decimal("0.25")
FEWEST_FACTS = 3
#: Nine of ten outcomes lie within.
LOW, HIGH = 0.05, 0.95
MOST_DEALS = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The pay of a whole period, going on as so far: the middle, and where nine in ten lie."""

    likely: Decimal
    low: Decimal
    high: Decimal


def outlook(
    plan: PayPlan,
    component: Component,
    measured: Measured,
    *,
    variable: Decimal,
    elapsed: Decimal,
    facts: int,
) -> Outlook | None:
    """None while it is too early to say.

    Facts arrive at random at the rate seen so far (Gamma-Poisson), each worth their average.
    """
    value = measured.value
    if value is None or elapsed < EARLIEST or facts < FEWEST_FACTS:
        return None

    def paid(more: float) -> Decimal:
        each = value / facts
        whole = with_value(measured, value + each * Decimal(str(round(more, 6))))
        return pay_component(plan, component, whole, variable=variable).amount

    if elapsed >= 1:
        so_far = paid(0)
        return Outlook(likely=so_far, low=so_far, high=so_far)
    from scipy import stats  # noqa: PLC0415 - slow to import

    shape, share = facts + 0.5, float(elapsed)
    low, high = (float(stats.nbinom.ppf(tail, shape, share)) for tail in (LOW, HIGH))
    return Outlook(likely=paid(facts * (1 - share) / share), low=paid(low), high=paid(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDeal:
    """What one more deal of the usual size would add to the pay of the period."""

    size: Decimal
    worth: Decimal
    #: The next level at which a deal pays more, and how many usual deals away it is.
    bend: Bend | None
    missing: Decimal
    deals: int


def next_deal(
    plan: PayPlan, component: Component, measured: Measured, *, variable: Decimal, size: Decimal
) -> NextDeal | None:
    """None where nothing is measured, or no deal has a usual size."""
    value, quota = measured.value, measured.quota
    if value is None or not quota or size <= NOTHING:
        return None
    now = pay_component(plan, component, measured, variable=variable).amount
    then = with_value(measured, value + size)
    worth = pay_component(plan, component, then, variable=variable).amount - now
    bend = next((each for each in component.curve.bends() if _pays_more(each, value, quota)), None)
    missing = NOTHING if bend is None else bend.at * quota - value
    deals = int((missing / size).to_integral_value(rounding=ROUND_CEILING))
    if bend is not None and missing == deals * size and bend.at > component.curve.threshold:
        # The tier begins beyond its start, so a deal that just reaches it is not in it yet.
        deals += 1
    return NextDeal(
        size=size, worth=worth, bend=bend, missing=missing, deals=min(deals, MOST_DEALS)
    )


def _pays_more(bend: Bend, value: Decimal, quota: Decimal) -> bool:
    is_ahead = bend.at * quota >= value
    return is_ahead and (bend.is_cliff or bend.rate_after > bend.rate_before)
