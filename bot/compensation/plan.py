"""A pay plan: who has it, what it measures, and how that becomes pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from bot.compensation.curve import Curve
from bot.domain.ids import MetricKey, RoleKey

PlanKey = NewType("PlanKey", str)
ObjectiveKey = NewType("ObjectiveKey", str)


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PERIODS_A_YEAR = {Period.MONTH: 12, Period.QUARTER: 4, Period.YEAR: 1}
MONTHS_IN = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


class Control(StrEnum):
    """How far one person moves a measure; somebody has to say so, no number can."""

    OWN = "own"
    SHARED = "shared"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One of a component's objectives that no metric shows; somebody says how far it is done."""

    key: str
    title: str
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of the variable pay: a measure with its quota, or tasks (management by objectives)."""

    key: str
    title: str
    #: Its share of the variable pay.
    weight: Decimal
    period: Period
    #: None for tasks.
    metric: MetricKey | None
    #: For one period; None takes the rep's own quota in the CRM.
    quota: Decimal | None
    curve: Curve
    #: The objectives of the business that it is there for.
    serves: tuple[ObjectiveKey, ...]
    control: Control | None
    tasks: tuple[Task, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spiff:
    """A short-term bonus beside the variable pay: so much for each, from one day to another."""

    title: str
    metric: MetricKey
    each: Decimal
    first_day: date
    last_day: date
    #: At most so much for one person.
    most: Decimal | None
    #: At most so much for everybody together.
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """An advance in the first months: at least so much is paid in each."""

    each_month: Decimal
    months: int
    #: Whether later pay gives it back.
    is_recoverable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PayPlan:
    """One version of a plan; it is never changed, a later version takes its place."""

    key: PlanKey
    title: str
    because: str
    #: The first day on which this version holds.
    begins: date
    roles: tuple[RoleKey, ...]
    #: Of all its money.
    currency: str
    #: Base and variable pay of a year at target, and the variable part of it.
    ote: Decimal
    variable: Decimal
    #: What is settled together: draws, recovery, clawback.
    period: Period
    components: tuple[Component, ...]
    spiffs: tuple[Spiff, ...] = ()
    draw: Draw | None = None
    #: The share of a plan's own quotas in month 1, 2, … in the role.
    ramp: tuple[Decimal, ...] = ()
    #: Pay for a deal is taken back when it is undone within so many days.
    clawback_days: int = 0
    #: Where it is written, and what tells whether that was changed since.
    file: str = ""
    fingerprint: str = ""

    @property
    def base(self) -> Decimal:
        return self.ote - self.variable

    def share_asked(self, month: int) -> Decimal:
        """Of a quota, in that month of the role; the first is 1."""
        return self.ramp[month - 1] if 1 <= month <= len(self.ramp) else Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing that the business wants this year, and how much of its attention that has."""

    key: ObjectiveKey
    title: str
    weight: Decimal
    #: Why it is managed and not paid for; empty where it should be paid for.
    managed_because: str = ""
    #: The Types of deals that it is about; none for objectives of another kind.
    deal_types: frozenset[str] = frozenset()
    #: The roles that it is for; none: all of them.
    roles: frozenset[str] = frozenset()
    #: Whether activities that are on no deal yet are about it.
    is_prospecting: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayBook:
    """Every plan with its versions, and what the business wants of them."""

    #: By key, the oldest version first.
    plans: Mapping[PlanKey, Sequence[PayPlan]] = field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()

    def objectives_for(self, plan: PayPlan) -> tuple[Objective, ...]:
        """Those of the plan's roles, their weights adding up to 1 again."""
        found = [each for each in self.objectives if not each.roles or each.roles & {*plan.roles}]
        whole = sum((each.weight for each in found), Decimal(0))
        return tuple(replace(each, weight=each.weight / whole) for each in found)

    def in_force(self, plan: PlanKey, day: date) -> PayPlan | None:
        """The newest version that had begun by that day."""
        begun = [each for each in self.plans.get(plan, ()) if each.begins <= day]
        return begun[-1] if begun else None

    def paying(self, plan: PlanKey, first: date, last: date) -> PayPlan | None:
        """The version that pays a period: whichever held on its first day, or else began in it.

        A version that begins within a period holds from the next one on, so that nobody's terms
        change under way.
        """
        return self.in_force(plan, first) or self.in_force(plan, last)
