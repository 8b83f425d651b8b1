"""Which deals there are: drawn per account executive, day by day, some of them from a lead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox.org import accounts, names
from integrations.sandbox.org.accounts import Account, Companies, Contact
from integrations.sandbox.org.chance import poisson, spread
from integrations.sandbox.org.courses import draw_course, first_close_date
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.lives import DealState, Life, money
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roles import NEGOTIATION, PACES, STAGES, Pace
from integrations.sandbox.org.scene import RUN_UP_DAYS, Scene
from integrations.sandbox.org.stories import Work
from integrations.sandbox.org.workdays import later

BUYING_ROLES = (
    "Evaluator",
    "Decision Maker",
    "Economic Buyer",
    "Technical Buyer",
    "Business User",
    "Influencer",
)
AMOUNT_SPREAD = 0.5
LARGEST = 3.5
#: Of the deals that come from a lead.
INBOUND_SHARE = 0.4
EXISTING_SHARE = 0.15
WORKDAYS_A_WEEK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOrigin:
    """The lead that a deal is going to come from, and the development rep who found it."""

    id: str
    finder: Person
    created: date
    first_name: str
    last_name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder:
    contact: Contact
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    id: str
    name: str
    account_id: str
    company: str
    source: str
    kind: str
    lead: LeadOrigin | None
    stakeholders: tuple[Stakeholder, ...]
    states: tuple[DealState, ...]
    #: From this day on nobody does anything about it; until ``stirs_on``.
    quiet_from: date = date.max
    stirs_on: date = date.max

    @property
    def created_at(self) -> datetime:
        return self.states[0].at

    @property
    def closed_at(self) -> datetime | None:
        last = self.states[-1]
        return last.at if STAGES[last.stage].is_closed else None

    def state_at(self, instant: datetime) -> DealState | None:
        """What was written at this instant; None before the creation."""
        written = [state for state in self.states if state.at <= instant]
        return written[-1] if written else None

    def sleeps_on(self, day: date) -> bool:
        return self.quiet_from <= day < self.stirs_on


def draw_deals(
    scene: Scene,
    ledger: Ledger,
    companies: Companies,
    books: Mapping[str, tuple[Account, ...]],
) -> list[Deal]:
    """Draw everybody's deals and write down the accounts and contacts that they bring."""
    return [
        _draw_deal(scene, ledger, companies, books[owner.id], rng, owner, day)
        for owner in scene.cast.executives()
        for rng in [scene.stream("deals", owner.handle)]
        for day in _days_of_creation(scene, rng, owner)
    ]


def _days_of_creation(scene: Scene, rng: Random, owner: Person) -> Iterator[date]:
    run_up = scene.first_day - timedelta(days=RUN_UP_DAYS)
    start = run_up if owner.hired < run_up else owner.hired + timedelta(days=12)
    for day in scene.calendar(owner).workdays(start, owner.left or scene.last_day):
        pace = PACES[owner.role_on(day)]
        factor = scene.effort.factor(owner, Work.NEW_DEALS, day)
        for _ in range(poisson(rng, pace.new_deals_a_week / WORKDAYS_A_WEEK * factor)):
            yield day


def _draw_deal(
    scene: Scene,
    ledger: Ledger,
    companies: Companies,
    book: tuple[Account, ...],
    rng: Random,
    owner: Person,
    day: date,
) -> Deal:
    pace = PACES[owner.role_on(day)]
    at = scene.calendar(owner).moment(day, rng)
    source, account = rng.choice(names.LEAD_SOURCES), rng.choice(book)
    lead = _find_lead(scene, ledger, rng, at) if rng.random() < pace.from_sdr else None
    if lead:
        source = "Inbound" if rng.random() < INBOUND_SHARE else "Outbound SDR"
        account = _convert(ledger, companies, rng, lead, owner, at)
    first = DealState(
        at=at,
        by=owner.id,
        owner=owner,
        stage=0,
        amount=_amount(rng, pace),
        close_date=first_close_date(rng, pace, day),
    )
    course = draw_course(rng, pace, skill=scene.effort.skill(owner), opened=day)
    states = Life(scene, rng, first, account.contacts[0].first_name).follow(course)
    is_existing = lead is None and rng.random() < EXISTING_SHARE
    people = gather(ledger, rng, account, states, many=rng.randint(*pace.stakeholders))
    return Deal(
        id=ledger.reserve("Opportunity"),
        name=f"{account.name} - {rng.choice(names.PRODUCTS)}",
        account_id=account.id,
        company=account.name,
        source=source,
        kind="Existing Business" if is_existing else "New Business",
        lead=lead,
        stakeholders=tuple(people),
        states=tuple(states),
    )


def gather(
    ledger: Ledger, rng: Random, account: Account, states: Sequence[DealState], *, many: int
) -> Iterator[Stakeholder]:
    """One person from the start, the others as the deal moves on, up to ``many``."""
    roles = rng.sample(BUYING_ROLES, k=len(BUYING_ROLES))
    entries = {state.stage: state for state in reversed(states)}
    for number in range(many):
        state = entries.get(number * NEGOTIATION // many)
        if state is None:
            return
        if number < len(account.contacts):
            contact = account.contacts[number]
        else:
            contact = accounts.add_contact(
                ledger,
                rng,
                account=account.id,
                company=account.name,
                owner=state.owner,
                at=state.at,
            )
        joined_at = later(state.at, rng.randint(20, 50) + number)
        yield Stakeholder(contact=contact, role=roles[number], joined_at=joined_at)


def _amount(rng: Random, pace: Pace) -> Decimal:
    """Bounded above, so that no deal outgrows the one that is planted."""
    drawn = spread(rng, pace.median_amount, AMOUNT_SPREAD)
    return money(min(drawn, LARGEST * pace.median_amount))


def _find_lead(scene: Scene, ledger: Ledger, rng: Random, at: datetime) -> LeadOrigin | None:
    """A lead that somebody found in time to become a deal at ``at``; None before history."""
    created = at.date() - timedelta(days=rng.randint(6, 24))
    if created < scene.first_day:
        return None
    finders = [rep for rep in scene.cast.developers() if scene.calendar(rep).is_workday(created)]
    if not finders:
        return None
    weights = [scene.effort.factor(rep, Work.NEW_DEALS, created) for rep in finders]
    first_name, last_name = names.person_name(rng)
    return LeadOrigin(
        id=ledger.reserve("Lead"),
        finder=rng.choices(finders, weights)[0],
        created=created,
        first_name=first_name,
        last_name=last_name,
        title=rng.choice(names.JOB_TITLES),
    )


def _convert(
    ledger: Ledger,
    companies: Companies,
    rng: Random,
    lead: LeadOrigin,
    owner: Person,
    at: datetime,
) -> Account:
    company = companies.next_name()
    account = accounts.open_account(
        ledger, rng, name=company, owner=owner, at=at, is_customer=False
    )
    contact = accounts.add_contact(
        ledger,
        rng,
        account=account,
        company=company,
        owner=owner,
        at=at,
        name=(lead.first_name, lead.last_name),
        title=lead.title,
    )
    return Account(id=account, name=company, contacts=(contact,))
