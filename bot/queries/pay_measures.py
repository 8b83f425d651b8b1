"""What the components of plans come to, for many people at once, from the facts of the CRM."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.compensation.calendar import PayPeriod, month_in_role, span_of
from bot.compensation.curve import NOTHING
from bot.compensation.payout import Measured, Split
from bot.compensation.plan import MONTHS_IN, Component, Period
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.metrics.fact_tables import Kind
from bot.metrics.flaws import settle_amount
from bot.queries.earners import Earner
from bot.runtime import Runtime
from bot.storage.availability import unavailable_metrics
from bot.storage.crm_rates import choices_with_crm_rates
from bot.storage.facts.select import Knowledge, select_facts
from bot.storage.mirror.opportunity import QuotaRow
from bot.storage.readings import CENTS, measure
from bot.storage.splits import read_splits

Values = Mapping[RepId, Decimal | None]

#: Metrics whose facts are deals, all of them or each person's part.
OF_DEALS = frozenset({"closed_opportunity", "credited_opportunity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFact:
    """What one record adds to a metric, for whom and when."""

    rep: RepId
    record: str
    day: date
    value: Decimal


@dataclass(slots=True)
class Measures:
    """Reads each metric and period once, for everybody whom it is asked about."""

    session: Session
    runtime: Runtime
    knowledge: Knowledge
    #: Whose records may be asked for.
    people: Sequence[RepId]
    #: E-mail or id, in lower case, to the id of the person.
    names: Mapping[str, RepId]
    _known: dict[tuple[MetricKey, PayPeriod], Values] = field(init=False, default_factory=dict)
    _facts: dict[tuple[MetricKey, date, date], Sequence[PayFact]] = field(
        init=False, default_factory=dict
    )
    _earlier: dict[Knowledge, "Measures"] = field(init=False, default_factory=dict)
    _quotas: dict[tuple[RepId, PayPeriod], Decimal | None] = field(init=False, default_factory=dict)

    def of(self, earner: Earner, component: Component, period: PayPeriod) -> Measured:
        metric = component.metric
        if metric is None:
            return Measured(
                first_day=period.first,
                last_day=period.last,
                value=None,
                quota=None,
                number=period.number,
                presence=presence_of(earner, period),
                done=earner.terms.done_in(period.first),
            )
        values = self.values(metric, counted(earner, component, period))
        told = [values.get(rep) for rep in earner.counts]
        return Measured(
            first_day=period.first,
            last_day=period.last,
            value=None if not told or None in told else sum(filter(None, told), NOTHING),
            quota=self.quota(earner, component, period),
            number=period.number,
            presence=presence_of(earner, period),
        )

    def values(self, metric: MetricKey, period: PayPeriod) -> Values:
        known = self._known.get((metric, period))
        if known is None:
            known = self._known[metric, period] = self._measure(metric, period)
        return known

    def _measure(self, metric: MetricKey, period: PayPeriod) -> Values:
        definition = self.runtime.metrics.get(metric)
        if definition is None:
            return dict.fromkeys(self.people)
        # Whole deals, which are split below: app.yaml may say other shares than the CRM.
        whole = replace(definition.choices, split_credit="owner")
        definition = definition.under(whole)
        window = Window(first=period.first, last=period.last, label=period.label)
        readings = measure(
            self.session,
            definition,
            reps=self.people,
            window=window,
            knowledge=self.knowledge,
            as_of=self.knowledge.now,
        )
        found: dict[RepId, Decimal | None] = {
            rep: None if each.value is None else Decimal(str(round(each.value, 2)))
            for rep, each in readings.items()
        }
        for rep, change in self._changed_by_splits(definition, period).items():
            known = found.get(rep)
            if known is not None:
                found[rep] = known + change
        return found

    def facts(self, metric: MetricKey, window: Window) -> Sequence[PayFact]:
        """The records behind a metric, of all these people."""
        asked = (metric, window.first, window.last)
        if asked not in self._facts:
            self._facts[asked] = self._read_facts(metric, window)
        return self._facts[asked]

    def at(self, knowledge: Knowledge) -> "Measures":
        """The same, as it was known at another time."""
        if knowledge == self.knowledge:
            return self
        if knowledge not in self._earlier:
            self._earlier[knowledge] = replace(self, knowledge=knowledge)
        return self._earlier[knowledge]

    def _read_facts(self, metric: MetricKey, window: Window) -> Sequence[PayFact]:
        definition = self.runtime.metrics.get(metric)
        if definition is None or unavailable_metrics(self.session, [definition]):
            return []
        facts = select_facts(definition, self.knowledge).subquery("facts")
        rows = select(facts.c.rep_id, facts.c.id, facts.c.day, facts.c.numerator).where(
            facts.c.rep_id.in_(self.people),
            facts.c.numerator.is_not(None),
            facts.c.day.between(window.first, window.last),
        )
        term = definition.numerator
        scale = CENTS if term is not None and term.kind is Kind.MONEY else 1
        return [
            PayFact(
                rep=RepId(rep),
                record=str(record),
                day=day,
                value=Decimal(str(round(float(value), 4))) / scale,
            )
            for rep, record, day, value in self.session.connection().execute(rows)
        ]

    def _changed_by_splits(
        self, definition: Definition, period: PayPeriod
    ) -> Mapping[RepId, Decimal]:
        """What people gain and lose where the credit for a deal is split."""
        said = {str(each.record): each.shares for each in self.runtime.organisation.pay.splits}
        splits = {**read_splits(self.session), **said}
        term = definition.numerator
        if not splits or term is None or term.kind is not Kind.MONEY:
            return {}
        facts = select_facts(definition, self.knowledge).subquery("facts")
        rows = select(facts.c.rep_id, facts.c.id, facts.c.numerator).where(
            facts.c.numerator.is_not(None), facts.c.day.between(period.first, period.last)
        )
        changed: dict[RepId, Decimal] = defaultdict(Decimal)
        for owner, record, cents in self.session.connection().execute(rows):
            if record not in splits:
                continue
            amount = Decimal(str(round(float(cents or 0)))) / CENTS
            split = Split(record=record, shares=splits[record])
            changed[RepId(owner)] -= amount
            for who, credit in split.credits(amount).items():
                if who in self.names:
                    changed[self.names[who]] += credit
        return changed

    def quota(self, earner: Earner, component: Component, period: PayPeriod) -> Decimal | None:
        """What is asked of somebody in a period: ramped, unless the CRM says what is asked."""
        own = own_quota(earner, component)
        if own is not None:
            return own * ramped(earner, period) * presence_of(earner, period)
        told = [self._crm_quota(rep, period) for rep in earner.counts]
        known = [each for each in told if each is not None]
        return sum(known, NOTHING) if known else None

    def _crm_quota(self, rep: RepId, period: PayPeriod) -> Decimal | None:
        if (rep, period) not in self._quotas:
            self._read_quotas(period)
        return self._quotas.get((rep, period))

    def _read_quotas(self, period: PayPeriod) -> None:
        """Those that begin in the period; of a longer quota its even part."""
        choices = choices_with_crm_rates(self.session, self.runtime.organisation.choices)
        fiscal = self.runtime.organisation.fiscal
        quoted = Period(choices.quota_period)
        first, last, share = period.first, period.last, Decimal(1)
        if MONTHS_IN[quoted] > MONTHS_IN[period.kind]:
            first, last = span_of(quoted, period.first, fiscal)
            share = Decimal(MONTHS_IN[period.kind]) / MONTHS_IN[quoted]
        self._quotas.update({(rep, period): None for rep in self.people})
        row: Any = QuotaRow
        wanted = select(row.owner_id, row.amount_cents, row.currency, row.starts_on).where(
            col(row.starts_on).between(first, last), col(row.is_deleted).is_(False)
        )
        for owner, cents, currency, day in self.session.connection().execute(wanted):
            settled, _ = settle_amount(
                cents, currency=currency, home=choices.currency, day=day, choices=choices
            )
            key = (RepId(owner), period)
            if settled is not None and key in self._quotas:
                self._quotas[key] = (self._quotas[key] or NOTHING) + Decimal(
                    settled
                ) / CENTS * share


def own_quota(earner: Earner, component: Component) -> Decimal | None:
    """None where the CRM says what is asked."""
    return earner.terms.quotas.get(component.key, component.quota)


def counted(earner: Earner, component: Component, period: PayPeriod) -> PayPeriod:
    """The days whose records count: of a quota by days in the role, only those days.

    Else deals of the role before would be paid again. A quota of the CRM is for the whole period.
    """
    if own_quota(earner, component) is None:
        return period
    return period.since(earner.started_on)


def presence_of(earner: Earner, period: PayPeriod) -> Decimal:
    """The share of a period in which somebody was in the role."""
    first = max(earner.started_on, period.first)
    last = period.last if earner.left_on is None else min(earner.left_on, period.last)
    there = (last - first).days + 1
    return Decimal(1) if there >= period.days else Decimal(max(0, there)) / period.days


def ramped(earner: Earner, period: PayPeriod) -> Decimal:
    """The share of a quota that is asked, on average over the months of a period."""
    first = month_in_role(earner.started_on, max(period.first, earner.started_on))
    months = range(first, first + MONTHS_IN[period.kind])
    return sum(map(earner.plan.share_asked, months), NOTHING) / len(months)


def names_of(earners: Sequence[Earner]) -> Mapping[str, RepId]:
    """What people go by where the credit for a deal is split."""
    return {name: RepId(each.id) for each in earners for name in (each.email, each.id.lower())}


def measures_for(
    session: Session,
    runtime: Runtime,
    earners: Sequence[Earner],
    knowledge: Knowledge,
    names: Mapping[str, RepId] | None = None,
) -> Measures:
    people = sorted({rep for each in earners for rep in each.counts})
    return Measures(
        session=session,
        runtime=runtime,
        knowledge=knowledge,
        people=people,
        names=names_of(earners) if names is None else names,
    )
