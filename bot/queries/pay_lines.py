"""The components of one person's plan in a settlement: paid so far, the outlook, the next deal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from bot.compensation.calendar import PayPeriod, settled_in
from bot.compensation.curve import NOTHING
from bot.compensation.outlook import NextDeal, Outlook, next_deal, outlook
from bot.compensation.payout import ComponentPay, Kind, Line, pay_component
from bot.compensation.plan import Component
from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Unit
from bot.domain.windows import Window
from bot.queries.earners import Earner
from bot.queries.pay_measures import Measures, counted
from bot.storage.readings import facts_behind

#: A usual deal is the middle one of so many days, of so many deals at least.
USUAL_WITHIN = timedelta(days=365)
FEWEST_DEALS = 5


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

    @property
    def is_capped(self) -> bool:
        return any(line.kind is Kind.CAP for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayLines:
    """Reads the lines of one person."""

    measures: Measures
    earner: Earner
    everybody: Sequence[Earner]
    today: date

    def of(self, settlement: PayPeriod) -> Iterator[PayLine]:
        """Of each component in each of its periods that end in a settlement and have begun."""
        fiscal, plan = self.measures.runtime.organisation.fiscal, self.earner.plan
        for component in plan.components:
            for period in settled_in(component.period, settlement, fiscal):
                if period.first <= self.today:
                    measured = self.measures.of(self.earner, component, period)
                    variable = self.earner.variable
                    yield self._line(
                        pay_component(plan, component, measured, variable=variable), period
                    )

    def _line(self, paid: ComponentPay, period: PayPeriod) -> PayLine:
        component, measured = paid.component, paid.measured
        metrics = self.measures.runtime.metrics
        definition = metrics.get(component.metric) if component.metric else None
        unit = definition.metric.unit if definition else Unit.SHARE
        is_ahead = definition is not None and period.last >= self.today
        return PayLine(
            title=component.title,
            label=period.label,
            metric=component.metric,
            unit=unit,
            value=measured.value,
            quota=measured.quota,
            attainment=paid.attainment,
            amount=paid.amount,
            target=paid.target,
            lines=paid.lines,
            outlook=self._outlook(paid, period) if is_ahead else None,
            next_deal=self._next_deal(paid, unit) if is_ahead else None,
            is_over=period.last < self.today,
        )

    def _outlook(self, paid: ComponentPay, period: PayPeriod) -> Outlook | None:
        period = counted(self.earner, paid.component, period)
        window = Window(first=period.first, last=period.last, label=period.label)
        return outlook(
            self.earner.plan,
            paid.component,
            paid.measured,
            variable=self.earner.variable,
            elapsed=Decimal((self.today - period.first).days + 1) / period.days,
            facts=len(self._behind(self.earner.counts, paid.component, window)),
        )

    def _next_deal(self, paid: ComponentPay, unit: Unit) -> NextDeal | None:
        size = self._usual(paid.component) if unit is Unit.MONEY else Decimal(1)
        if size is None:
            return None
        plan, variable = self.earner.plan, self.earner.variable
        return next_deal(plan, paid.component, paid.measured, variable=variable, size=size)

    def _usual(self, component: Component) -> Decimal | None:
        """The middle deal of one's own last year, or else of all who have the plan."""
        window = Window(first=self.today - USUAL_WITHIN, last=self.today, label="last year")
        alike = [
            rep
            for each in self.everybody
            if each.plan.key == self.earner.plan.key
            for rep in each.counts
        ]
        for people in (self.earner.counts, alike):
            amounts = [each for each in self._behind(people, component, window) if each > NOTHING]
            if len(amounts) >= FEWEST_DEALS:
                return median(amounts)
        return None

    def _behind(
        self, people: Iterable[RepId], component: Component, window: Window
    ) -> Sequence[Decimal]:
        """The amounts of the records behind a component."""
        definition = self.measures.runtime.metrics[component.metric or MetricKey("")]
        return [
            Decimal(str(round(fact.value, 2)))
            for rep in people
            for fact in facts_behind(
                self.measures.session,
                definition,
                rep=rep,
                window=window,
                knowledge=self.measures.knowledge,
            )
        ]
