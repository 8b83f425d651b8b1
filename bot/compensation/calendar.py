"""The periods of a plan in the company's own fiscal year, and months in a role."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.compensation.plan import MONTHS_IN, PERIODS_A_YEAR, PayPlan, Period
from bot.domain.fiscal import FiscalCalendar, Span

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayPeriod:
    """One period of a plan or of a component."""

    kind: Period
    first: date
    last: date
    #: Its number in the fiscal year, 1 for the first.
    number: int

    @property
    def label(self) -> str:
        match self.kind:
            case Period.MONTH:
                return f"{self.first + (self.last - self.first) / 2:%B %Y}"
            case Period.QUARTER:
                return f"Q{self.number} {self.last.year}"
            case Period.YEAR:
                return f"the year to {self.last.isoformat()}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def since(self, day: date) -> "PayPeriod":
        """What is left of it for somebody who begins on that day; all of it if that is outside."""
        return replace(self, first=day) if self.first < day <= self.last else self


def span_of(kind: Period, day: date, fiscal: FiscalCalendar) -> Span:
    cut = {Period.MONTH: fiscal.month, Period.QUARTER: fiscal.quarter, Period.YEAR: fiscal.year}
    return cut[kind](day)


def period_of(kind: Period, day: date, fiscal: FiscalCalendar) -> PayPeriod:
    first, last = span_of(kind, day, fiscal)
    begin, number = fiscal.year(day)[0], 1
    while (end := span_of(kind, begin, fiscal)[1]) < first:
        begin, number = end + DAY, number + 1
    return PayPeriod(kind=kind, first=first, last=last, number=min(number, PERIODS_A_YEAR[kind]))


def before(period: PayPeriod, fiscal: FiscalCalendar) -> PayPeriod:
    return period_of(period.kind, period.first - DAY, fiscal)


def latest_complete(
    kind: Period, day: date, fiscal: FiscalCalendar, *, many: int
) -> list[PayPeriod]:
    """The last ``many`` periods that ended before the day, the oldest first."""
    found: list[PayPeriod] = []
    at = period_of(kind, day, fiscal)
    for _ in range(many):
        at = before(at, fiscal)
        found.append(at)
    return found[::-1]


def settled_in(kind: Period, settlement: PayPeriod, fiscal: FiscalCalendar) -> Iterator[PayPeriod]:
    """The periods of a component that end within a settlement."""
    at = period_of(kind, settlement.first, fiscal)
    while at.last <= settlement.last:
        yield at
        at = period_of(kind, at.last + DAY, fiscal)


def month_in_role(started_on: date, day: date) -> int:
    """1 for the first month, also before it."""
    months = (day.year - started_on.year) * 12 + day.month - started_on.month
    return max(1, months + (1 if day.day >= started_on.day else 0))


def draw_months(plan: PayPlan, started_on: date, period: PayPeriod) -> int:
    """How many months of the plan's draw lie in a period; none before the start."""
    if plan.draw is None or period.last < started_on:
        return 0
    first = month_in_role(started_on, max(period.first, started_on))
    length = MONTHS_IN[period.kind]
    if started_on > period.first:
        length -= (started_on - period.first).days * length // period.days
    return max(0, min(length, plan.draw.months - first + 1))
