"""What one person has earned in the period under way, what it may come to, and the next deal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median

from sqlmodel import Session

from bot.compensation.calendar import PayPeriod, period_of, settled_in
from bot.compensation.curve import NOTHING
from bot.compensation.outlook import NextDeal, Outlook, next_deal, outlook
from bot.compensation.payout import ComponentPay, Line, pay_component, pay_spiff
from bot.compensation.plan import Component
from bot.domain.errors import NotAllowed
from bot.domain.ids import MetricKey, RepId, SlackUserId
from bot.domain.metric import Unit
from bot.domain.windows import Window
from bot.queries.earners import Earner, earner_for, earner_of, read_earners
from bot.queries.pay_measures import Measures, measures_for
from bot.queries.pay_permissions import require_earner, require_pay_reader
from bot.queries.pay_settling import settle_past
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.readings import facts_behind
from bot.storage.roster import read_roster

#: A usual deal is the middle one of so many days, of so many deals at least.
USUAL_WITHIN = 365
FEWEST_DEALS = 5
NO_PLAN = "No pay plan is set for you here."
HOW_TO_HAVE_ONE = (
    "Plans stand in playbooks/compensation/; a line under `pay: plans:` in app.yaml gives a role "
    "its plan."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayLine:
    """One component in one of its periods."""

    title: str
    label: str
    metric: MetricKey | None
    unit: Unit
    value: Decimal | None
    quota: Decimal | None
    attainment: Decimal | None
    amount: Decimal
    target: Decimal
    lines: tuple[Line, ...]
    outlook: Outlook | None
    next_deal: NextDeal | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPay:
    name: str
    first_name: str
    is_own: bool
    plan: str
    file: str
    since: date
    currency: str
    period: str
    first: date
    last: date
    lines: tuple[PayLine, ...]
    #: SPIFFs, draws, what is given back.
    extras: tuple[Line, ...]
    earned: Decimal
    target: Decimal
    #: Of all components; None while it is too early to say for any that is measured.
    outlook: Outlook | None
    variable: Decimal
    ote: Decimal
    as_of: datetime | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: str = "") -> MyPay:
    """One's own, or that of a person whom the settings let one see.

    Raises UnknownPerson, or NotAllowed with who may.
    """
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        reader = require_pay_reader(
            session, asker, roster=roster, organisation=runtime.organisation
        )
        person = reader.person
        today = runtime.clock.now().astimezone(reader.zone).date()
        if words:
            seen = require_earner(session, roster, runtime.organisation, reader, words)
            earner = earner_of(runtime, roster, seen, today)
        else:
            earner = None if person is None else earner_for(runtime, roster, person, today)
        if earner is None:
            raise NotAllowed(NO_PLAN, hint=HOW_TO_HAVE_ONE)
        return read_pay(
            session,
            runtime,
            earner,
            today=today,
            everybody=read_earners(runtime, roster, today),
            is_own=person is not None and earner.id == person.crm_id,
            locale=reader.locale,
            zone=reader.zone.key,
        )


def read_pay(
    session: Session,
    runtime: Runtime,
    earner: Earner,
    *,
    today: date,
    everybody: Sequence[Earner],
    is_own: bool,
    locale: str,
    zone: str,
) -> MyPay:
    now = runtime.clock.now()
    knowledge = Knowledge(day=today, now=now)
    names = {name: RepId(each.id) for each in everybody for name in (each.email, each.id.lower())}
    measures = measures_for(session, runtime, [earner], knowledge, names)
    plan, fiscal = earner.plan, runtime.organisation.fiscal
    settlement = period_of(plan.period, today, fiscal)
    lines = tuple(_lines(measures, earner, settlement, everybody, today))
    spiffs = tuple(_spiffs(measures, earner, settlement))
    of_parts = _sum([each.amount for each in lines])
    extras = (*spiffs, *settle_past(measures, earner, settlement, of_parts))
    told = [each.outlook for each in lines if each.outlook is not None]
    return MyPay(
        name=earner.name,
        first_name=earner.first_name,
        is_own=is_own,
        plan=plan.title,
        file=plan.file,
        since=plan.begins,
        currency=plan.currency,
        period=settlement.label,
        first=settlement.first,
        last=settlement.last,
        lines=lines,
        extras=extras,
        earned=of_parts + _sum([each.amount for each in extras]),
        target=_sum([each.target for each in lines]),
        outlook=_together(lines) if told else None,
        variable=earner.variable,
        ote=earner.ote,
        as_of=mirrored_at(session),
        locale=locale,
        zone=zone,
    )


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _together(lines: Sequence[PayLine]) -> Outlook:
    """What has no outlook of its own counts as it stands."""
    found = [
        each.outlook or Outlook(likely=each.amount, low=each.amount, high=each.amount)
        for each in lines
    ]
    return Outlook(
        likely=_sum([each.likely for each in found]),
        low=_sum([each.low for each in found]),
        high=_sum([each.high for each in found]),
    )


def _lines(
    measures: Measures,
    earner: Earner,
    settlement: PayPeriod,
    everybody: Sequence[Earner],
    today: date,
) -> Iterator[PayLine]:
    fiscal = measures.runtime.organisation.fiscal
    for component in earner.plan.components:
        for period in settled_in(component.period, settlement, fiscal):
            if period.first <= today:
                measured = measures.of(earner, component, period)
                paid = pay_component(earner.plan, component, measured, variable=earner.variable)
                yield _line(measures, earner, paid, period, everybody, today)


def _line(
    measures: Measures,
    earner: Earner,
    paid: ComponentPay,
    period: PayPeriod,
    everybody: Sequence[Earner],
    today: date,
) -> PayLine:
    component, measured = paid.component, paid.measured
    definition = measures.runtime.metrics.get(component.metric) if component.metric else None
    is_over = period.last < today
    ahead: Outlook | None = None
    following: NextDeal | None = None
    if definition is not None and not is_over:
        unit = definition.metric.unit
        size = _usual(measures, earner, component, everybody, today) if unit is Unit.MONEY else 1
        elapsed = Decimal((today - period.first).days + 1) / period.days
        ahead = outlook(
            earner.plan,
            component,
            measured,
            variable=earner.variable,
            elapsed=elapsed,
            facts=_facts(measures, earner, component, period),
        )
        if size is not None:
            following = next_deal(
                earner.plan, component, measured, variable=earner.variable, size=Decimal(size)
            )
    return PayLine(
        title=component.title,
        label=period.label,
        metric=component.metric,
        unit=definition.metric.unit if definition else Unit.SHARE,
        value=measured.value,
        quota=measured.quota,
        attainment=paid.attainment,
        amount=paid.amount,
        target=paid.target,
        lines=paid.lines,
        outlook=ahead,
        next_deal=following,
        is_over=is_over,
    )


def _facts(measures: Measures, earner: Earner, component: Component, period: PayPeriod) -> int:
    window = Window(first=period.first, last=period.last, label=period.label)
    return sum(len(_behind(measures, rep, component, window)) for rep in earner.counts)


def _behind(
    measures: Measures, rep: RepId, component: Component, window: Window
) -> Sequence[Decimal]:
    """The amounts of the records behind a component."""
    definition = measures.runtime.metrics[component.metric or MetricKey("")]
    facts = facts_behind(
        measures.session, definition, rep=rep, window=window, knowledge=measures.knowledge
    )
    return [Decimal(str(round(fact.value, 2))) for fact in facts]


def _usual(
    measures: Measures,
    earner: Earner,
    component: Component,
    everybody: Sequence[Earner],
    today: date,
) -> Decimal | None:
    """The middle deal of one's own last year, or else of all who have the plan."""
    first = date.fromordinal(today.toordinal() - USUAL_WITHIN)
    window = Window(first=first, last=today, label="last year")
    alike = [each.counts for each in everybody if each.plan.key == earner.plan.key]
    for counted in (earner.counts, [rep for each in alike for rep in each]):
        amounts = [
            amount
            for rep in counted
            for amount in _behind(measures, rep, component, window)
            if amount > NOTHING
        ]
        if len(amounts) >= FEWEST_DEALS:
            return median(amounts)
    return None


def _spiffs(measures: Measures, earner: Earner, settlement: PayPeriod) -> Iterator[Line]:
    """Those that end in the settlement, or are under way in it."""
    for spiff in earner.plan.spiffs:
        if spiff.first_day > settlement.last or spiff.last_day < settlement.first:
            continue
        if spiff.last_day > settlement.last:
            continue
        span = PayPeriod(kind=settlement.kind, first=spiff.first_day, last=spiff.last_day, number=1)
        values = measures.values(spiff.metric, span)
        count = _sum([values.get(rep) or NOTHING for rep in earner.counts])
        yield pay_spiff(spiff, count)
