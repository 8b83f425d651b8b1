"""SPIFFs, each paid in the settlement in which it was earned, up to the most for one person."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from bot.compensation.calendar import PayPeriod
from bot.compensation.curve import NOTHING
from bot.compensation.payout import Line, pay_spiff
from bot.compensation.plan import Spiff
from bot.queries.earners import Earner
from bot.queries.pay_measures import Measures

DAY = timedelta(days=1)


def spiff_lines(measures: Measures, earner: Earner, settlement: PayPeriod) -> Iterator[Line]:
    """Of those that run on any day of the settlement; what was paid before is taken off."""
    for spiff in earner.plan.spiffs:
        last = min(spiff.last_day, settlement.last)
        if spiff.first_day > last or spiff.last_day < settlement.first:
            continue
        whole = pay_spiff(spiff, _count(measures, earner, spiff, settlement, upto=last))
        earlier = _count(measures, earner, spiff, settlement, upto=settlement.first - DAY)
        before = pay_spiff(spiff, earlier)
        yield Line(
            kind=whole.kind,
            amount=whole.amount - before.amount,
            measured=whole.measured - before.measured,
            rate=whole.rate,
            words=whole.words,
        )


def _count(
    measures: Measures, earner: Earner, spiff: Spiff, settlement: PayPeriod, *, upto: date
) -> Decimal:
    if upto < spiff.first_day:
        return NOTHING
    span = PayPeriod(kind=settlement.kind, first=spiff.first_day, last=upto, number=1)
    values = measures.values(spiff.metric, span)
    return sum((values.get(rep) or NOTHING for rep in earner.counts), NOTHING)
