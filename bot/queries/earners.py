"""Who earns what: the plan, terms and people whose records count for each person with a plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.compensation.plan import PayPlan, PlanKey
from bot.domain.ids import RepId, RoleKey
from bot.domain.organisation import Organisation
from bot.domain.pay_settings import PersonPay
from bot.domain.people import Manager, Rep
from bot.domain.roster import Roster
from bot.queries.permissions import Person
from bot.runtime import Runtime

#: As `/playbook manager` has it.
MANAGER = RoleKey("manager")
LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earner:
    """Somebody with a plan."""

    id: str
    name: str
    first_name: str
    email: str
    role: RoleKey
    started_on: date
    #: The last day of somebody who has left.
    left_on: date | None = None
    terms: PersonPay
    plan: PayPlan
    #: Whose records count: their own, or those of a manager's team.
    counts: tuple[RepId, ...]
    team: str | None = None

    @property
    def variable(self) -> Decimal:
        """The variable pay of a year at target."""
        return self.plan.variable if self.terms.variable is None else self.terms.variable

    @property
    def ote(self) -> Decimal:
        return self.plan.ote if self.terms.ote is None else self.terms.ote


def role_of(person: Rep | Manager) -> RoleKey:
    return person.role if isinstance(person, Rep) else MANAGER


def plan_key_of(organisation: Organisation, role: RoleKey, terms: PersonPay) -> PlanKey | None:
    key = terms.plan or organisation.pay.plans.get(role)
    return None if key is None else PlanKey(key)


def earner_of(runtime: Runtime, roster: Roster, person: Rep | Manager, day: date) -> Earner | None:
    """None for whoever has no plan in force on that day."""
    organisation = runtime.organisation
    terms = organisation.pay.of(person.email, person.id)
    role = role_of(person)
    key = plan_key_of(organisation, role, terms)
    plan = None if key is None else runtime.pay.in_force(key, day)
    if plan is None:
        return None
    return Earner(
        id=person.id,
        name=person.name,
        first_name=person.first_name,
        email=person.email.lower(),
        role=role,
        started_on=person.started_on if isinstance(person, Rep) else LONG_AGO,
        left_on=person.left_on if isinstance(person, Rep) else None,
        terms=terms,
        plan=plan,
        counts=(person.id,) if isinstance(person, Rep) else _team_of(roster, person),
        team=person.team if isinstance(person, Rep) else None,
    )


def _team_of(roster: Roster, manager: Manager) -> tuple[RepId, ...]:
    """Everybody below, through other managers as well."""
    return tuple(
        rep.id
        for rep in roster.reps.values()
        if rep.is_active and roster.reports_to(rep, manager.id)
    )


def earner_for(runtime: Runtime, roster: Roster, person: Person, day: date) -> Earner | None:
    known = person.rep or person.manager
    return None if known is None else earner_of(runtime, roster, known, day)


def read_earners(
    runtime: Runtime, roster: Roster, day: date, *, with_leavers: bool = False
) -> Sequence[Earner]:
    """Everybody at work who has a plan, by name; or whoever has had one in their last role too."""
    people: Iterable[Rep | Manager] = (*roster.reps.values(), *roster.managers.values())
    wanted = [each for each in people if each.is_active or (with_leavers and _has_left(each))]
    found = [earner_of(runtime, roster, person, day) for person in wanted]
    return sorted((each for each in found if each), key=lambda each: (each.name, each.id))


def _has_left(person: Rep | Manager) -> bool:
    return isinstance(person, Rep) and person.left_on is not None


def by_plan(earners: Iterable[Earner]) -> Mapping[PlanKey, Sequence[Earner]]:
    found: dict[PlanKey, list[Earner]] = {}
    for each in earners:
        found.setdefault(each.plan.key, []).append(each)
    return found
