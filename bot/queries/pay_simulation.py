"""What a changed plan would have paid on past deals: what it costs, who gains, who loses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from bot.compensation.calendar import PayPeriod
from bot.compensation.curve import NOTHING
from bot.compensation.evidence import FEWEST_PEOPLE
from bot.compensation.payout import pay_spiff
from bot.compensation.plan import PayPlan
from bot.documents import did_you_mean
from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.pay_settings import PersonPay
from bot.queries.earners import Earner, read_earners
from bot.queries.pay_evidence import Settlement, read_settlements
from bot.queries.pay_in_full import PaidInFull, paid_in_full
from bot.queries.pay_measures import Measures, measures_for
from bot.queries.pay_permissions import require_pay_leader
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster

LONG_AGO = date(1970, 1, 1)
#: Less than this share of what one had is no change.
ALIKE = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One person's pay under both plans."""

    name: str
    now: Decimal
    then: Decimal

    @property
    def change(self) -> Decimal:
        return self.then - self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What of the cost is beyond the components; what was taken back is no part of it."""

    title: str
    now: Decimal
    then: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpiffCost:
    title: str
    cost: Decimal
    budget: Decimal | None

    @property
    def is_over(self) -> bool:
        return self.budget is not None and self.cost > self.budget


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySimulation:
    plan: str
    file: str
    #: The plans that the people have now.
    instead_of: tuple[str, ...]
    currency: str
    first: date
    last: date
    people: int
    #: With SPIFFs, draws, and what clawbacks left; so are those of each person.
    cost_now: Decimal
    cost_then: Decimal
    extras: tuple["Extra", ...]
    target_now: Decimal
    target_then: Decimal
    sold: Decimal
    gaining: int
    losing: int
    spiffs: tuple[SpiffCost, ...]
    #: By name, the largest gain first; empty for whoever may not see single people's pay.
    differences: tuple[Difference, ...]

    @property
    def rate_now(self) -> float | None:
        return float(self.cost_now / self.sold) if self.sold else None

    @property
    def rate_then(self) -> float | None:
        return float(self.cost_then / self.sold) if self.sold else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySimulationFor:
    """A simulation with its reader."""

    simulation: PaySimulation
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: str) -> PaySimulationFor:
    """Of a plan in the playbooks, also one that begins later. Raises NotAllowed, UnclearWords."""
    with reading(runtime.database) as session:
        organisation = runtime.organisation
        roster = read_roster(session, organisation)
        person = require_pay_leader(session, asker, roster=roster, organisation=organisation)
        found = simulate(
            session,
            runtime,
            find_plan(runtime, words),
            day=runtime.clock.now().astimezone(person.zone).date(),
            with_names=person.sees_everybody(organisation),
        )
        return PaySimulationFor(simulation=found, locale=person.locale, zone=person.zone.key)


def find_plan(runtime: Runtime, words: str) -> PayPlan:
    """The newest version of a plan. Raises UnclearWords."""
    wanted = words.strip().lower().replace(" ", "_")
    for key, versions in runtime.pay.plans.items():
        if key == wanted:
            return versions[-1]
    raise UnclearWords(
        f"There is no plan '{words.strip()[:40]}' to try."
        if wanted
        else "Which plan should be tried?",
        hint=did_you_mean(wanted, runtime.pay.plans)
        or "Plans stand in playbooks/compensation/; one that begins later can be tried as well.",
    )


def simulate(
    session: Session, runtime: Runtime, plan: PayPlan, *, day: date, with_names: bool
) -> PaySimulation:
    """Raises NotAllowed for a sum that would tell about single people, or of nothing at all."""
    roster = read_roster(session, runtime.organisation)
    known = read_earners(runtime, roster, day, with_leavers=True)
    earners = [each for each in known if each.role in plan.roles]
    if not earners or (len(earners) < FEWEST_PEOPLE and not with_names):
        raise NotAllowed(
            f"{len(earners)} people with a plan have the roles of this one; a sum of fewer than "
            f"{FEWEST_PEOPLE} would tell about single people.",
            hint="`sees_each_person` under `pay:` in app.yaml names who may see that.",
        )
    if {each.plan.currency for each in earners} != {plan.currency}:
        raise NotAllowed(
            "These people are paid in another currency.",
            hint=f"Write the plan in that currency; it says {plan.currency} now.",
        )
    knowledge = Knowledge(day=day, now=runtime.clock.now())
    measures = measures_for(session, runtime, earners, knowledge)
    now = _settled_now(measures, earners, day)
    tried = [replace(each, plan=plan, terms=_terms(each, plan)) for each in earners]
    then = read_settlements(measures, tried, day, since=LONG_AGO)
    first, last = _common_span(now, then)
    return _compared(
        measures,
        plan,
        [_within(paid_in_full(measures, those), first, last) for those in (now, then)],
        with_names=with_names,
    )


def _within(paid: Sequence[PaidInFull], first: date, last: date) -> Sequence[PaidInFull]:
    return [
        each
        for each in paid
        if first <= each.settlement.period.first and each.settlement.period.last <= last
    ]


def _terms(earner: Earner, plan: PayPlan) -> PersonPay:
    """Own pay at target is kept only while the plan stays the same; own quotas where they fit."""
    if earner.plan.key == plan.key:
        return earner.terms
    return replace(earner.terms, ote=None, variable=None)


def _settled_now(measures: Measures, earners: Sequence[Earner], day: date) -> Sequence[Settlement]:
    by_plan: dict[str, list[Earner]] = {}
    for each in earners:
        by_plan.setdefault(each.plan.key, []).append(each)
    return [
        settled
        for those in by_plan.values()
        for settled in read_settlements(measures, those, day, since=LONG_AGO)
    ]


def _common_span(now: Sequence[Settlement], then: Sequence[Settlement]) -> tuple[date, date]:
    """The days that both have settled; months within quarters begin and end with them."""
    if not now or not then:
        raise NotAllowed(
            "No period of these people is settled yet, so there is nothing to try the plan on.",
            hint="It takes one whole period with records.",
        )
    firsts = [min(each.period.first for each in those) for those in (now, then)]
    lasts = [max(each.period.last for each in those) for those in (now, then)]
    return max(firsts), min(lasts)


def _compared(
    measures: Measures,
    plan: PayPlan,
    paid: Sequence[Sequence[PaidInFull]],
    *,
    with_names: bool,
) -> PaySimulation:
    now, then = paid
    settled = [[each.settlement for each in those] for those in paid]
    people = {each.earner.id: each.earner.name for those in settled for each in those}
    differences = [
        Difference(
            name=name,
            now=_sum([each.paid for each in now if each.settlement.earner.id == person]),
            then=_sum([each.paid for each in then if each.settlement.earner.id == person]),
        )
        for person, name in people.items()
    ]
    gaining = [each for each in differences if each.change > ALIKE * each.now]
    losing = [each for each in differences if -each.change > ALIKE * each.now]
    periods = [each.period for each in settled[1]]
    return PaySimulation(
        plan=plan.title,
        file=plan.file,
        instead_of=tuple(sorted({each.earner.plan.title for each in settled[0]})),
        currency=plan.currency,
        first=min(each.first for each in periods),
        last=max(each.last for each in periods),
        people=len(people),
        cost_now=_sum([each.paid for each in now]),
        cost_then=_sum([each.paid for each in then]),
        extras=tuple(_extras(now, then)),
        target_now=_sum([each.target for each in settled[0]]),
        target_then=_sum([each.target for each in settled[1]]),
        sold=_sold(measures, plan, settled[0]),
        gaining=len(gaining),
        losing=len(losing),
        spiffs=tuple(_spiffs(measures, plan, periods[0])),
        differences=_in_order(differences) if with_names else (),
    )


def _sold(measures: Measures, plan: PayPlan, settled: Sequence[Settlement]) -> Decimal:
    """Nothing where the plan is in another currency, since a share of that would say nothing."""
    is_alike = measures.runtime.organisation.currency == plan.currency
    return _sum([each.sold for each in settled]) if is_alike else NOTHING


def _in_order(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    return tuple(sorted(differences, key=lambda each: (-each.change, each.name)))


def _extras(now: Sequence[PaidInFull], then: Sequence[PaidInFull]) -> Iterator[Extra]:
    """Those that either plan has."""
    told: tuple[tuple[str, Callable[[PaidInFull], Decimal]], ...] = (
        ("of it SPIFFs", lambda each: each.spiffs),
        ("of it draws, less what was given back", lambda each: each.drawn),
        ("of it for deals that were undone too late", lambda each: each.kept),
        ("taken back for deals that were undone", lambda each: each.taken_back),
    )
    for title, amount in told:
        before, after = _sum([amount(each) for each in now]), _sum([amount(each) for each in then])
        if before or after:
            yield Extra(title=title, now=before, then=after)


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _spiffs(measures: Measures, plan: PayPlan, alike: PayPeriod) -> Sequence[SpiffCost]:
    """What each SPIFF of the plan has cost on its own days, for everybody together."""
    found = []
    for spiff in plan.spiffs:
        span = replace(alike, first=spiff.first_day, last=spiff.last_day)
        values = measures.values(spiff.metric, span)
        cost = _sum([pay_spiff(spiff, count or NOTHING).amount for count in values.values()])
        found.append(SpiffCost(title=spiff.title, cost=cost, budget=spiff.budget))
    return found
