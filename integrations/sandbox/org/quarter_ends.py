"""What a cliff in a pay plan does: near the quota one more deal is closed, and at a lower price.

Won deals carry the discount and the margin that this organisation keeps in two fields of its own.
In mid-market, whose plan pays for all of the quarter once the quota is met, the discount is deeper
where one deal is missing to it; that is a planted truth. Elsewhere it depends on nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.accounts import Account
from integrations.sandbox.org.activities import ActivityLog, Link
from integrations.sandbox.org.approvals import approve_discount
from integrations.sandbox.org.deals import Deal, Stakeholder
from integrations.sandbox.org.effort import quarter_end
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.lives import DealState, money
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.quotas import quota_of
from integrations.sandbox.org.roles import DISCOVERY, LOST, NEGOTIATION, PROPOSAL, WON, Role
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.workdays import later

DISCOUNT, MARGIN = "Discount__c", "Margin__c"
#: As `salesforce: fields:` of app.yaml has it.
OWN_FIELDS = {"opportunity.discount": DISCOUNT, "opportunity.margin": MARGIN}
CLIFF_ROLE = Role.MID_MARKET
#: In the last so many days of a quarter, and with no more than so much missing to the quota.
LATE_DAYS, NEAR = 10, Decimal(36_000)
#: Who lacks more, up to this, closes another deal before, of all but so much.
REACHABLE, LAST_PART = Decimal(80_000), Decimal(24_000)
#: Per cent: everywhere, and on top where the cliff is near.
USUAL_DISCOUNT, DEEPER = (2.0, 9.0), (8.0, 12.0)
COST_SHARE = (0.24, 0.3)
Course = tuple[tuple[int, int], ...]
#: Days before it was won at which such a deal entered each stage.
ENTERED: Course = ((47, 0), (38, DISCOVERY), (26, PROPOSAL), (13, NEGOTIATION), (0, WON))
BEATEN: Course = ((30, 0), (22, DISCOVERY), (0, LOST))
LOST_BEFORE = (timedelta(days=12), timedelta(days=26), timedelta(days=40))
MEETINGS = (24, 10)
EARLIER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Win:
    deal: Deal
    state: DealState

    @property
    def quarter(self) -> tuple[str, date]:
        return self.state.owner.id, quarter_end(self.state.close_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Push:
    person: Person
    account: Account
    rng: Random


def truth_of_discounts() -> Mapping[str, object]:
    """What there is to find in discounts, for the one who judges."""
    return {
        "fields": dict(OWN_FIELDS),
        "deeper_in": CLIFF_ROLE.value,
        "points": sum(DEEPER) / 2,
    }


def push_over_the_cliff(
    scene: Scene, log: ActivityLog, deals: Iterable[Deal], books: Mapping[str, Sequence[Account]]
) -> Iterator[Deal]:
    """One more deal for each rep who would have ended a quarter just short of the quota."""
    sums: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for win in _wins(deals):
        sums[win.quarter] += win.state.amount
    for person in scene.cast.executives():
        for number, end in enumerate(_ends(scene)):
            if person.role_on(end) is not CLIFF_ROLE or not person.works_on(end):
                continue
            quota = quota_of(person, _first_of(end))
            missing = quota - sums[person.id, end]
            rng = scene.stream("cliff", person.handle, end.isoformat())
            late = _Push(person=person, account=books[person.id][-1 - number], rng=rng)
            if NEAR < missing <= REACHABLE:
                before = replace(late, account=books[person.id][-9 - number])
                yield _deal(scene, log, before, end - EARLIER, money(float(missing - LAST_PART)))
                missing = LAST_PART
            if 0 < missing <= NEAR:
                amount = money(max(float(missing) * rng.uniform(1.03, 1.25), 9_000))
                yield _deal(scene, log, late, end, amount)
                # Nobody wins all that they try: win rates stay what they were.
                for days in LOST_BEFORE:
                    yield _deal(scene, log, late, end - days, amount, BEATEN)


def write_prices(scene: Scene, ledger: Ledger, deals: Iterable[Deal]) -> None:
    """Discount and margin of each deal, from the moment in which it is won."""
    rng = scene.stream("prices")
    before: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for win in sorted(_wins(deals), key=lambda each: (each.state.close_date, each.deal.id)):
        state, (_, end) = win.state, win.quarter
        missing = quota_of(state.owner, _first_of(end)) - before[win.quarter]
        before[win.quarter] += state.amount
        discount = rng.uniform(*USUAL_DISCOUNT)
        deeper = rng.uniform(*DEEPER)
        is_late = state.close_date > end - timedelta(days=LATE_DAYS)
        if state.owner.role_on(end) is CLIFF_ROLE and is_late and 0 < missing <= NEAR:
            discount += deeper
        approve_discount(scene, ledger, win.deal, state, discount)
        margin = 100 * (1 - rng.uniform(*COST_SHARE) / (1 - discount / 100))
        ledger.set(
            "Opportunity",
            win.deal.id,
            state.at,
            {DISCOUNT: _per_cent(discount), MARGIN: _per_cent(margin)},
        )


def _per_cent(number: float) -> Decimal:
    return Decimal(str(round(number, 1)))


def _wins(deals: Iterable[Deal]) -> Iterator[Win]:
    for deal in deals:
        won = next((state for state in deal.states if state.stage == WON), None)
        if won is not None:
            yield Win(deal=deal, state=won)


def _first_of(end: date) -> date:
    return end.replace(month=end.month - 2, day=1)


def _ends(scene: Scene) -> Iterator[date]:
    """The quarters on record that are over, the first one not in full."""
    end = quarter_end(scene.first_day)
    while end < scene.today:
        yield end
        end = quarter_end(end + timedelta(days=1))


def _deal(
    scene: Scene,
    log: ActivityLog,
    push: _Push,
    end: date,
    amount: Decimal,
    course: Course = ENTERED,
) -> Deal:
    calendar, person, rng = scene.calendar(push.person), push.person, push.rng
    won = calendar.shift(calendar.on_or_after(end + timedelta(days=1)), -rng.randint(1, 3))
    states: list[DealState] = []
    for days, stage in course:
        day = calendar.on_or_after(won - timedelta(days=days))
        at = calendar.moment(day, rng)
        if states:
            at = max(at, later(states[-1].at, 600))
        states.append(
            DealState(at=at, by=person.id, owner=person, stage=stage, amount=amount, close_date=won)
        )
    deal = Deal(
        id=log.ledger.reserve("Opportunity"),
        name=f"{push.account.name} - {rng.choice(names.PRODUCTS)}",
        account_id=push.account.id,
        company=push.account.name,
        source="Outbound",
        kind="New Business",
        lead=None,
        stakeholders=(
            Stakeholder(
                contact=push.account.contacts[0],
                role="Decision Maker",
                joined_at=later(states[0].at, 30),
            ),
        ),
        states=tuple(states),
    )
    _meet(scene, log, push, deal)
    return deal


def _meet(scene: Scene, log: ActivityLog, push: _Push, deal: Deal) -> None:
    calendar, account = scene.calendar(push.person), push.account
    for days in MEETINGS:
        day = calendar.on_or_after(deal.states[-1].close_date - timedelta(days=days))
        booked = calendar.moment(calendar.shift(day, -2), push.rng)
        if booked <= deal.created_at:
            continue
        log.book_meeting(
            push.person,
            booked,
            starts_at=calendar.instant(day, time(15, 30)),
            minutes=45,
            subject=f"Next steps: {account.name}",
            link=Link(who=account.contacts[0].id, what=deal.id, account=account.id, deal=deal.id),
        )
