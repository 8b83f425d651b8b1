"""All that a check may look at about one plan: the plan, what it paid, and what people did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.compensation.curve import NOTHING
from bot.compensation.plan import Objective, ObjectiveKey, PayPlan
from bot.domain.ids import MetricKey

#: What serves no objective.
ELSEWHERE = ObjectiveKey("")
NO_OBJECTIVES = "no objectives are written down in playbooks/compensation/objectives.yaml"
#: An outcome of fewer people would tell about single ones.
FEWEST_PEOPLE = 5
#: So many periods of people, at least, before an outcome is judged.
FEWEST_PERIODS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPeriod:
    """One person in one complete settlement of the plan."""

    person: str
    #: 0 for the earliest settlement that is looked at.
    number: int
    #: Component to attainment; None where it is not known.
    attained: Mapping[str, Decimal | None]
    paid: Decimal
    target: Decimal
    #: What the person sold, in the organisation's currency.
    sold: Decimal
    is_ramping: bool = False

    @property
    def is_known(self) -> bool:
        return None not in self.attained.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSeen:
    """A deal won by somebody with the plan."""

    closed_on: date
    amount: Decimal
    #: In the last days of the component's period.
    is_late: bool
    #: The money that was missing to the next tier before it was won; None beyond the last.
    to_tier: Decimal | None
    #: A share of the list price; None where the CRM does not tell.
    discount: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How well the CRM holds what a component pays for."""

    title: str
    facts: int
    left_out: int
    #: Why the metric is not there at all; empty where it is.
    missing_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayEvidence:
    plan: PayPlan
    objectives: Sequence[Objective]
    day: date
    people: int = 0
    #: People who have left, and whose settled periods are among these.
    left: int = 0
    periods: Sequence[PaidPeriod] = ()
    deals: Sequence[DealSeen] = ()
    #: Why discounts are not known; empty where they are.
    no_discount_because: str = ""
    #: The middle number of days from creating a deal to winning it, and of how many.
    cycle_days: float | None = None
    cycles: int = 0
    recorded: Mapping[MetricKey, Recorded] = field(default_factory=dict)
    #: Results of tasks that are on record, of those that should be.
    tasks_told: int = 0
    tasks_due: int = 0
    #: What was paid, and the activities done, by the objective they are for.
    paid_for: Mapping[ObjectiveKey, Decimal] = field(default_factory=dict)
    activities: Mapping[ObjectiveKey, int] = field(default_factory=dict)
    #: The usual deal; None with too few.
    usual_deal: Decimal | None = None
    #: The plan of those who lead the people with this one.
    managers_plan: PayPlan | None = None
    is_managers: bool = False

    def settled(self) -> Sequence[PaidPeriod]:
        """Without those in ramp, whose quota is not what the plan asks, and those without a result.

        What the CRM does not tell was paid nothing, which is not the same as nothing earned.
        """
        return [each for each in self.periods if not each.is_ramping and each.is_known]

    def total(self) -> Decimal:
        return sum((each.paid for each in self.periods), NOTHING)


def attainment_of(plan: PayPlan, period: PaidPeriod) -> float | None:
    """Of all measured components, by their weights; None where one is not known."""
    whole = weight = NOTHING
    for component in plan.components:
        if component.metric is not None:
            attained = period.attained.get(component.key)
            if attained is None:
                return None
            whole += component.weight * attained
            weight += component.weight
    return float(whole / weight) if weight else None


def attainments(evidence: PayEvidence) -> Mapping[str, Sequence[float]]:
    """By person, those of each of their periods that are known, without ramp."""
    found: dict[str, list[float]] = {}
    for period in evidence.settled():
        attained = attainment_of(evidence.plan, period)
        if attained is not None:
            found.setdefault(period.person, []).append(attained)
    return found
