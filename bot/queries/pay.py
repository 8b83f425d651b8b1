"""How the pay plans stand by their latest audits, for whoever joins that to other duties."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.people import Manager, Rep
from bot.queries.earners import plan_key_of, role_of
from bot.runtime import Runtime
from bot.storage.pay_audits import findings_of, latest_audits


@dataclass(frozen=True, slots=True, kw_only=True)
class PayStanding:
    """Of the plans that people have; from the newest audit of each."""

    #: Plans that a role or a person has.
    plans: int
    #: Of these, how many were ever audited.
    audited: int
    #: The day of the oldest of the newest audits; None while a plan was never audited.
    last_audited_on: date | None
    #: Severity ("act on it", "look into it", "good to know") to the number of open findings.
    findings: Mapping[str, int]
    #: Checks that could say nothing, in all of them.
    not_measurable: int
    #: The widest distance of each pair over the plans, 0 to 1; None where it is not known.
    wanted_to_paid: float | None
    paid_to_done: float | None
    wanted_to_done: float | None

    @property
    def open_findings(self) -> int:
        return sum(self.findings.values())


def plans_in_use(runtime: Runtime) -> frozenset[str]:
    """The plans that app.yaml gives to roles and to single people."""
    pay = runtime.organisation.pay
    own = {each.plan for each in pay.people.values() if each.plan is not None}
    return frozenset({*pay.plans.values(), *own})


def plans_of(runtime: Runtime, people: Iterable[Rep | Manager]) -> frozenset[str]:
    """The plans that these people have by now."""
    organisation = runtime.organisation
    found = (
        plan_key_of(organisation, role_of(each), organisation.pay.of(each.email, each.id))
        for each in people
    )
    return frozenset(key for key in found if key is not None)


def read_pay_standing(
    session: Session,
    runtime: Runtime,
    *,
    plans: Collection[str] | None = None,
    until: date | None = None,
) -> PayStanding:
    """Of all plans in use, or of some of them; by the audits up to a day if one is given."""
    used = plans_in_use(runtime) if plans is None else frozenset(plans)
    audits = [each for each in latest_audits(session, until=until) if each.plan in used]
    found = Counter(each.severity for each in findings_of(session, audits))
    is_whole = bool(used) and len(audits) == len(used)
    return PayStanding(
        plans=len(used),
        audited=len(audits),
        last_audited_on=min(each.day for each in audits) if is_whole else None,
        findings=dict(found),
        not_measurable=sum(each.not_measurable for each in audits),
        wanted_to_paid=_widest([each.wanted_to_paid for each in audits]),
        paid_to_done=_widest([each.paid_to_done for each in audits]),
        wanted_to_done=_widest([each.wanted_to_done for each in audits]),
    )


def _widest(distances: list[float | None]) -> float | None:
    return max((each for each in distances if each is not None), default=None)
