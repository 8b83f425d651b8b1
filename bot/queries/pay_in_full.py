"""What settlements came to with everything: SPIFFs, draws, and deals that were undone since.

Components are paid on deals as they are known now. A deal that was undone within the days of the
plan's clawback was paid and taken back, which comes to nothing; one that was undone later, or under
a plan without a clawback, stays paid.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.compensation.calendar import draw_months
from bot.compensation.curve import NOTHING
from bot.compensation.payout import ComponentPay, pay_component, settle_draw, with_value
from bot.domain.windows import Window
from bot.queries.earners import Earner
from bot.queries.metric_readings import end_of
from bot.queries.pay_evidence import Settlement
from bot.queries.pay_measures import OF_DEALS, Measures
from bot.queries.pay_spiffs import spiff_lines
from bot.storage.facts.select import Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidInFull:
    settlement: Settlement
    #: For deals that are undone by now and were not taken back.
    kept: Decimal
    #: For deals that were undone in time; paid once, so no part of the sum.
    taken_back: Decimal
    spiffs: Decimal
    #: Advanced by a draw, less what was given back of earlier ones.
    drawn: Decimal

    @property
    def paid(self) -> Decimal:
        return self.settlement.paid + self.kept + self.spiffs + self.drawn


def paid_in_full(measures: Measures, settlements: Sequence[Settlement]) -> Sequence[PaidInFull]:
    """Each person's settlements in their order, since a draw is given back by the later ones."""
    owed: dict[str, Decimal] = defaultdict(Decimal)
    found = []
    for each in settlements:
        kept, taken_back = _undone(measures, each)
        plan, earner, period = each.earner.plan, each.earner, each.period
        draw = settle_draw(
            plan,
            each.paid + kept,
            months_of_draw=draw_months(plan, earner.started_on, period),
            owed=owed[earner.id],
        )
        owed[earner.id] = draw.owed
        found.append(
            PaidInFull(
                settlement=each,
                kept=kept,
                taken_back=taken_back,
                spiffs=_sum(line.amount for line in spiff_lines(measures, earner, period)),
                drawn=draw.amount,
            )
        )
    return found


def _sum(amounts: Iterator[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _undone(measures: Measures, settled: Settlement) -> tuple[Decimal, Decimal]:
    """What stays paid for deals that are undone, and what was taken back for others."""
    kept = taken_back = NOTHING
    for part in settled.parts:
        late, in_time = _amounts_undone(measures, settled.earner, part)
        value = part.measured.value
        if value is None or not (late or in_time):
            continue
        with_late = _pay(settled.earner, part, value + late)
        kept += with_late - part.amount
        taken_back += _pay(settled.earner, part, value + late + in_time) - with_late
    return kept, taken_back


def _pay(earner: Earner, part: ComponentPay, value: Decimal) -> Decimal:
    measured = with_value(part.measured, value)
    return pay_component(earner.plan, part.component, measured, variable=earner.variable).amount


def _amounts_undone(
    measures: Measures, earner: Earner, part: ComponentPay
) -> tuple[Decimal, Decimal]:
    """Of deals that counted at the period's end: undone too late to be taken back, and in time."""
    metric = part.component.metric
    definition = measures.runtime.metrics.get(metric) if metric else None
    if metric is None or definition is None or definition.table.name not in OF_DEALS:
        return NOTHING, NOTHING
    end = part.measured.last_day
    window = Window(first=part.measured.first_day, last=end, label="settled")

    def known_on(day: date) -> dict[str, tuple[date, Decimal]]:
        knowledge = Knowledge(day=day, now=min(end_of(day), measures.knowledge.now))
        facts = measures.at(knowledge).facts(metric, window)
        return {fact.record: (fact.day, fact.value) for fact in facts if fact.rep in earner.counts}

    counted, left = known_on(end), known_on(measures.knowledge.day)
    late = in_time = NOTHING
    for record, (won_on, amount) in counted.items():
        lost = amount - left.get(record, (won_on, NOTHING))[1]
        if lost <= NOTHING:
            continue
        until = won_on + timedelta(days=earner.plan.clawback_days)
        by_then = known_on(min(max(until, end), measures.knowledge.day))
        still = by_then.get(record, (won_on, NOTHING))[1]
        if earner.plan.clawback_days and still < amount:
            in_time += lost
        else:
            late += lost
    return late, in_time
