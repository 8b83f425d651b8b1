"""What checks of a plan rest on, read from the CRM for all who have the plan; no names go along."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from sqlmodel import Session

from bot.compensation.calendar import PayPeriod, latest_complete, settled_in
from bot.compensation.curve import NOTHING
from bot.compensation.evidence import DealSeen, PaidPeriod, PayEvidence, Recorded
from bot.compensation.payout import ComponentPay, pay_component
from bot.compensation.plan import Component, PayPlan, Period
from bot.domain.ids import MetricKey
from bot.domain.roster import Roster
from bot.domain.windows import Window
from bot.queries.earners import MANAGER, Earner, read_earners
from bot.queries.pay_measures import Measures, PayFact, measures_for, names_of, presence_of, ramped
from bot.queries.pay_purposes import activities_for, paid_for
from bot.runtime import Runtime
from bot.storage.availability import unavailable_metrics
from bot.storage.deal_shares import read_shares
from bot.storage.facts.select import Knowledge
from bot.storage.left_out import read_left_out
from bot.storage.rep_starts import first_day_of_records

#: So many settlements are looked at, where records go back as far.
LOOKED_AT = {Period.MONTH: 12, Period.QUARTER: 6, Period.YEAR: 3}
WON, CYCLE = MetricKey("won_amount"), MetricKey("sales_cycle_days")
LATE = timedelta(days=10)
FEWEST_DEALS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One person's settlement, with what each component came to."""

    earner: Earner
    period: PayPeriod
    number: int
    parts: tuple[ComponentPay, ...]
    sold: Decimal

    @property
    def paid(self) -> Decimal:
        return sum((part.amount for part in self.parts), NOTHING)

    @property
    def target(self) -> Decimal:
        return sum((part.target for part in self.parts), NOTHING)


def read_settlements(
    measures: Measures, earners: Sequence[Earner], day: date, *, since: date | None = None
) -> Sequence[Settlement]:
    """The complete settlements of everybody, for the days that records go back to.

    ``since`` stands for the first day of the plan, which a plan to be tried has not had yet.
    """
    if not earners:
        return []
    plan = earners[0].plan
    fiscal = measures.runtime.organisation.fiscal
    begins = max(since or plan.begins, first_day_of_records(measures.session) or day)
    periods = [
        each
        for each in latest_complete(plan.period, day, fiscal, many=LOOKED_AT[plan.period])
        if each.first >= begins
    ]
    return [
        Settlement(
            earner=earner,
            period=period,
            number=number,
            parts=tuple(pay_parts(measures, earner, period)),
            sold=_sold(measures, earner, period),
        )
        for number, period in enumerate(periods)
        for earner in earners
        if presence_of(earner, period) > NOTHING
    ]


def pay_parts(measures: Measures, earner: Earner, settlement: PayPeriod) -> Iterator[ComponentPay]:
    fiscal = measures.runtime.organisation.fiscal
    for component in earner.plan.components:
        for period in settled_in(component.period, settlement, fiscal):
            measured = measures.of(earner, component, period)
            yield pay_component(earner.plan, component, measured, variable=earner.variable)


def _sold(measures: Measures, earner: Earner, period: PayPeriod) -> Decimal:
    values = measures.values(WON, period)
    return sum((values.get(rep) or NOTHING for rep in earner.counts), NOTHING)


def read_evidence(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    plan: PayPlan,
    *,
    day: date,
) -> PayEvidence:
    known = read_earners(runtime, roster, day, with_leavers=True)
    earners = [each for each in known if each.plan.key == plan.key]
    objectives = runtime.pay.objectives_for(plan)
    knowledge = Knowledge(day=day, now=runtime.clock.now())
    measures = measures_for(session, runtime, earners, knowledge, names_of(known))
    settlements = read_settlements(measures, earners, day)
    if not settlements:
        return PayEvidence(plan=plan, objectives=objectives, day=day, people=_at_work(earners))
    first, last = settlements[0].period.first, settlements[-1].period.last
    window = Window(first=first, last=last, label="settled")
    won = measures.facts(WON, window)
    cycles = [each.value for each in measures.facts(CYCLE, window)]
    discounts = read_shares(session, "discount", window)
    return PayEvidence(
        plan=plan,
        objectives=objectives,
        day=day,
        people=_at_work(earners),
        left=len({each.earner.id for each in settlements if each.earner.left_on is not None}),
        periods=[_period(each) for each in settlements],
        deals=list(_deals(settlements, won, discounts.of)),
        no_discount_because=discounts.missing_because,
        cycle_days=float(median(cycles)) if cycles else None,
        cycles=len(cycles),
        recorded=_recorded(measures, plan, window),
        **_tasks(settlements),
        paid_for=paid_for(measures, settlements, window),
        activities=activities_for(measures, window),
        usual_deal=_usual([each.value for each in won]),
        managers_plan=_managers_plan(runtime, day),
        is_managers=MANAGER in plan.roles,
    )


def _tasks(settlements: Sequence[Settlement]) -> dict[str, int]:
    parts = [part for each in settlements for part in each.parts if part.component.tasks]
    return {
        "tasks_told": sum(len(part.measured.done) for part in parts),
        "tasks_due": sum(len(part.component.tasks) for part in parts),
    }


def _at_work(earners: Sequence[Earner]) -> int:
    return sum(each.left_on is None for each in earners)


def _usual(amounts: Sequence[Decimal]) -> Decimal | None:
    return median(amounts) if len(amounts) >= FEWEST_DEALS else None


def _managers_plan(runtime: Runtime, day: date) -> PayPlan | None:
    key = runtime.organisation.pay.plans.get(MANAGER)
    found = [each for plan in runtime.pay.plans.values() for each in plan if each.key == key]
    begun = [each for each in found if each.begins <= day]
    return begun[-1] if begun else None


def _period(settled: Settlement) -> PaidPeriod:
    attained: dict[str, list[Decimal | None]] = defaultdict(list)
    for part in settled.parts:
        if part.component.metric is not None:
            attained[part.component.key].append(part.attainment)
    earner, period = settled.earner, settled.period
    return PaidPeriod(
        person=earner.id,
        number=settled.number,
        attained={key: _mean(told) for key, told in attained.items()},
        paid=settled.paid,
        target=settled.target,
        sold=settled.sold,
        is_ramping=presence_of(earner, period) < 1 or ramped(earner, period) < 1,
    )


def _mean(told: Sequence[Decimal | None]) -> Decimal | None:
    known = [each for each in told if each is not None]
    return sum(known, NOTHING) / len(known) if len(known) == len(told) and known else None


def _deals(
    settlements: Sequence[Settlement], won: Sequence[PayFact], discounts: Mapping[str, float]
) -> Iterator[DealSeen]:
    """Each deal won, with what was missing to the next tier before it."""
    for settled in settlements:
        for part in settled.parts:
            if part.component.metric == WON:
                yield from _deals_of(part, settled.earner, won, discounts)


def _deals_of(
    part: ComponentPay, earner: Earner, won: Sequence[PayFact], discounts: Mapping[str, float]
) -> Iterator[DealSeen]:
    measured = part.measured
    theirs = [
        fact
        for fact in won
        if fact.rep in earner.counts and measured.first_day <= fact.day <= measured.last_day
    ]
    before = NOTHING
    for fact in sorted(theirs, key=lambda each: (each.day, each.record)):
        yield DealSeen(
            closed_on=fact.day,
            amount=fact.value,
            is_late=fact.day > measured.last_day - LATE,
            to_tier=_to_tier(part.component, before, measured.quota),
            discount=discounts.get(fact.record),
        )
        before += fact.value


def _to_tier(component: Component, before: Decimal, quota: Decimal | None) -> Decimal | None:
    if not quota:
        return None
    ahead = [
        bend.at * quota - before
        for bend in component.curve.bends()
        if bend.at * quota >= before and (bend.is_cliff or bend.rate_after > bend.rate_before)
    ]
    return min(ahead, default=None)


def _recorded(measures: Measures, plan: PayPlan, window: Window) -> Mapping[MetricKey, Recorded]:
    found: dict[MetricKey, Recorded] = {}
    for metric in {each.metric for each in plan.components if each.metric is not None}:
        definition = measures.runtime.metrics[metric]
        missing = unavailable_metrics(measures.session, [definition])
        left_out = read_left_out(
            measures.session,
            definition,
            reps=measures.people,
            window=window,
            knowledge=measures.knowledge,
        )
        found[metric] = Recorded(
            title=definition.metric.title,
            facts=0 if missing else len(measures.facts(metric, window)),
            left_out=sum(each.facts for each in left_out),
            missing_because="the CRM hides a field that it takes" if missing else "",
        )
    return found
