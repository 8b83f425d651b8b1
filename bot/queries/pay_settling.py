"""What a settlement owes to earlier ones: deals undone since, draws advanced and given back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.compensation.calendar import PayPeriod, before, draw_months, settled_in
from bot.compensation.curve import NOTHING
from bot.compensation.payout import Line, Undone, claw_back, pay_component, settle_draw
from bot.compensation.plan import Component
from bot.domain.windows import Window
from bot.queries.earners import Earner
from bot.queries.metric_readings import end_of
from bot.queries.pay_measures import OF_DEALS, Measures, counted
from bot.queries.record_names import name_records
from bot.storage.readings import facts_behind

#: Draws of longer ago are taken for settled.
MOST_SETTLEMENTS = 8


def settle_past(
    measures: Measures, earner: Earner, settlement: PayPeriod, earned: Decimal
) -> Iterator[Line]:
    yield from _clawbacks(measures, earner, settlement)
    plan = earner.plan
    if plan.draw is not None:
        months = draw_months(plan, earner.started_on, settlement)
        owed = _owed(measures, earner, settlement) if plan.draw.is_recoverable else NOTHING
        yield from settle_draw(plan, earned, months_of_draw=months, owed=owed).lines


def earned_in(measures: Measures, earner: Earner, settlement: PayPeriod) -> Decimal:
    """By all components in the periods that end in a settlement."""
    fiscal = measures.runtime.organisation.fiscal
    return sum(
        (
            pay_component(
                earner.plan,
                component,
                measures.of(earner, component, period),
                variable=earner.variable,
            ).amount
            for component in earner.plan.components
            for period in settled_in(component.period, settlement, fiscal)
        ),
        NOTHING,
    )


def _owed(measures: Measures, earner: Earner, settlement: PayPeriod) -> Decimal:
    """What earlier settlements advanced and have not got back."""
    fiscal = measures.runtime.organisation.fiscal
    earlier: list[PayPeriod] = []
    past = before(settlement, fiscal)
    # Another plan's draws, and those of before it, are not known here.
    since = max(earner.started_on, earner.plan.begins)
    while past.last >= since and len(earlier) < MOST_SETTLEMENTS:
        earlier.append(past)
        past = before(past, fiscal)
    owed = NOTHING
    for each in reversed(earlier):
        months = draw_months(earner.plan, earner.started_on, each)
        earned = earned_in(measures, earner, each)
        owed = settle_draw(earner.plan, earned, months_of_draw=months, owed=owed).owed
    return owed


def _clawbacks(measures: Measures, earner: Earner, settlement: PayPeriod) -> Iterator[Line]:
    """For deals that counted when the settlement began and do not now.

    Each is taken back as it was paid: by the version of the plan that its own period had.
    """
    pay, fiscal = measures.runtime.pay, measures.runtime.organisation.fiscal
    versions = pay.plans.get(earner.plan.key, ())
    longest = max((each.clawback_days for each in versions), default=0)
    day = settlement.first - timedelta(days=1)
    known_then = replace(measures.knowledge, day=day, now=min(end_of(day), measures.knowledge.now))
    then = measures.at(known_then)
    past = before(settlement, fiscal)
    while past.last >= settlement.first - timedelta(days=longest):
        plan = pay.paying(earner.plan.key, past.first, past.last)
        if plan is None:
            return
        since = settlement.first - timedelta(days=plan.clawback_days)
        yield from _taken_back(measures, then, replace(earner, plan=plan), past, since)
        past = before(past, fiscal)


def _taken_back(
    measures: Measures, then: Measures, earner: Earner, past: PayPeriod, since: date
) -> Iterator[Line]:
    fiscal, plan = measures.runtime.organisation.fiscal, earner.plan
    for component in plan.components:
        for period in settled_in(component.period, past, fiscal):
            undone = _undone(measures, then, earner, component, period, since)
            if undone:
                measured = then.of(earner, component, period)
                yield from claw_back(plan, component, measured, undone, variable=earner.variable)


def _undone(
    now: Measures,
    then: Measures,
    earner: Earner,
    component: Component,
    period: PayPeriod,
    since: date,
) -> Sequence[Undone]:
    period = counted(earner, component, period)
    known = _amounts(then, earner, component, period)
    left = _amounts(now, earner, component, period)
    lost = {
        record: (day, amount - left.get(record, (day, NOTHING))[1])
        for record, (day, amount) in known.items()
        if day >= since and amount > left.get(record, (day, NOTHING))[1]
    }
    names = name_records(now.session, now.runtime.organisation, list(lost))
    return [
        Undone(name=name, amount=amount, won_on=day)
        for (name, _), (day, amount) in zip(names, lost.values(), strict=True)
    ]


def _amounts(
    measures: Measures, earner: Earner, component: Component, period: PayPeriod
) -> Mapping[str, tuple[date, Decimal]]:
    """What each record added to a component of money; nothing of other components."""
    metric = component.metric
    definition = measures.runtime.metrics.get(metric) if metric else None
    if definition is None or definition.table.name not in OF_DEALS:
        return {}
    window = Window(first=period.first, last=period.last, label=period.label)
    return {
        str(fact.record): (fact.day, Decimal(str(round(fact.value, 2))))
        for rep in earner.counts
        for fact in facts_behind(
            measures.session, definition, rep=rep, window=window, knowledge=measures.knowledge
        )
    }
