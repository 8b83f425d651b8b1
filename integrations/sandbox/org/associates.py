"""Last year's fixed terms: who began under the old onboarding programme, and who under the new one.

They live by a script: some first meetings and one deal each. Under the new programme both came
sooner, which is a planted truth; they are gone by now and touch nobody else's numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.accounts import Account, Contact, add_contact, open_account
from integrations.sandbox.org.activities import ActivityLog, Link
from integrations.sandbox.org.deals import Deal, Stakeholder
from integrations.sandbox.org.lives import DealState, money
from integrations.sandbox.org.people import FIXED_TERM, Person
from integrations.sandbox.org.roles import DISCOVERY, LOST, NEGOTIATION, PROPOSAL, WON
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.workdays import later

#: Days before today from which new hires had the second version of the programme.
SECOND_VERSION_DAYS_AGO = 357
ROLE = "smb_ae"
#: Days from the start to the first deal, None for who left without one; in the roster's order.
FIRST_DEALS = (104, None, 97, 111, None, 92, 55, 62, 47, 71, 58, 66)
#: Days from the start to the first meeting, and between meetings.
FIRST_MEETINGS = (43, 47, 40, 45, 50, 38, 24, 27, 22, 30, 25, 28)
BETWEEN = 9
#: Share of the way to the deal at which it was created and entered each stage.
ENTERED = ((0.45, 0), (0.6, DISCOVERY), (0.75, PROPOSAL), (0.9, NEGOTIATION), (1.0, WON))
#: The share of the way that those came who left without a deal.
UNFINISHED, TERM = 0.8, 115


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    person: Person
    account: Account
    rng: Random


def live_associates(scene: Scene, log: ActivityLog) -> Iterator[Deal]:
    """Write their accounts and meetings down, and give their deals."""
    told = zip(scene.cast.associates, FIRST_MEETINGS, FIRST_DEALS, strict=True)
    for person, met, won in told:
        rng = scene.stream("associate", person.handle)
        part = _Part(person=person, account=_account(scene, log, rng, person), rng=rng)
        _meet(scene, log, part, met)
        yield _deal(scene, log, part, won)


def truth_of_onboarding(scene: Scene, behind: Person) -> Mapping[str, object]:
    """What there is to find in onboarding, for the one who judges."""
    return {
        "role": ROLE,
        "version_that_helped": 2,
        "second_version_from": second_version_from(scene),
        "behind": {
            "person_id": behind.id,
            "person": behind.name,
            "milestone": "first_discovery_call",
            "working_days": 6,
        },
    }


def second_version_from(scene: Scene) -> str:
    return scene.timeline.day(-SECOND_VERSION_DAYS_AGO).isoformat()


def _account(scene: Scene, log: ActivityLog, rng: Random, person: Person) -> Account:
    calendar = scene.calendar(person)
    at = calendar.moment(calendar.on_or_after(person.hired + timedelta(days=6)), rng)
    name = f"{person.last_name} & Sons"
    account = open_account(log.ledger, rng, name=name, owner=person, at=at, is_customer=False)
    contact: Contact = add_contact(
        log.ledger, rng, account=account, company=name, owner=person, at=later(at, 40)
    )
    return Account(id=account, name=name, contacts=(contact,))


def _meet(scene: Scene, log: ActivityLog, part: _Part, first: int) -> None:
    calendar = scene.calendar(part.person)
    for number in range((FIXED_TERM - first) // BETWEEN + 1):
        day = calendar.on_or_after(part.person.hired + timedelta(days=first + BETWEEN * number))
        if not part.person.works_on(day):
            return
        log.book_meeting(
            part.person,
            calendar.moment(calendar.shift(day, -3), part.rng),
            starts_at=calendar.instant(day, time(10 + number % 4, 30)),
            minutes=30,
            subject=f"Discovery: {part.account.name}",
            link=Link(who=part.account.contacts[0].id, account=part.account.id),
        )


def _deal(scene: Scene, log: ActivityLog, part: _Part, won: int | None) -> Deal:
    calendar, person = scene.calendar(part.person), part.person
    end = person.hired + timedelta(days=won or TERM)
    states: list[DealState] = []
    for share, stage in ENTERED:
        if won is None and share > UNFINISHED:
            break
        day = calendar.on_or_after(person.hired + timedelta(days=round(share * (won or TERM))))
        at = calendar.moment(day, part.rng)
        states.append(
            DealState(
                at=at,
                by=person.id,
                owner=person,
                stage=stage,
                amount=money(part.rng.uniform(7_000, 15_000)) if not states else states[0].amount,
                close_date=day if stage == WON else end,
            )
        )
    if won is None:
        states.append(_closed_when_gone(scene, part, states[-1]))
    return Deal(
        id=log.ledger.reserve("Opportunity"),
        name=f"{part.account.name} - {part.rng.choice(names.PRODUCTS)}",
        account_id=part.account.id,
        company=part.account.name,
        source="Outbound",
        kind="New Business",
        lead=None,
        stakeholders=(
            Stakeholder(
                contact=part.account.contacts[0],
                role="Decision Maker",
                joined_at=later(states[0].at, 30),
            ),
        ),
        states=tuple(states),
    )


def _closed_when_gone(scene: Scene, part: _Part, last: DealState) -> DealState:
    """Operations give up what an associate leaves open."""
    operations = scene.cast.operations
    calendar = scene.calendar(operations)
    day = calendar.shift(part.person.left or scene.today, 2)
    return replace(
        last,
        at=calendar.moment(day, part.rng),
        by=operations.id,
        stage=LOST,
        close_date=day,
    )
