"""What app.yaml says of pay: who has which plan, and who may see what of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.domain.ids import RecordId, RoleKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksDone:
    """How far one person's tasks were done in the period that begins on a day."""

    begins: date
    #: Task key to the share done.
    done: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPay:
    """One person's terms; None leaves it to the plan of their role."""

    plan: str | None = None
    ote: Decimal | None = None
    variable: Decimal | None = None
    #: Component key to the quota of one period.
    quotas: Mapping[str, Decimal] = field(default_factory=dict)
    tasks: tuple[TasksDone, ...] = ()

    def done_in(self, begins: date) -> Mapping[str, Decimal]:
        return next((each.done for each in self.tasks if each.begins == begins), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSplit:
    """The credit for one deal among several people, by CRM e-mail or user id, in lower case."""

    record: RecordId
    shares: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySettings:
    #: The plan of everybody in a role who has none of their own.
    plans: Mapping[RoleKey, str] = field(default_factory=dict)
    #: E-mails of who may audit and simulate plans; that shows no single person's pay.
    leaders: frozenset[str] = frozenset()
    #: E-mails of who may see every single person's pay.
    sees_each_person: frozenset[str] = frozenset()
    #: Whether managers see what `/pay` tells those who report to them.
    managers_see_reports: bool = False
    #: Whether managers may audit the plans of those who report to them.
    managers_audit: bool = False
    #: Check id to the threshold in place of its own.
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    #: By CRM e-mail or user id, in lower case.
    people: Mapping[str, PersonPay] = field(default_factory=dict)
    splits: tuple[DealSplit, ...] = ()

    def of(self, *names: str) -> PersonPay:
        """The terms of the person who goes by any of these names."""
        found = (self.people.get(name.lower()) for name in names)
        return next((each for each in found if each is not None), PersonPay())
