"""The deals that carry a story, scripted up to today and left to live on after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from integrations.sandbox.org import accounts, names
from integrations.sandbox.org.accounts import Account
from integrations.sandbox.org.courses import Move
from integrations.sandbox.org.deals import Deal, Stakeholder, gather
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.lives import DealState, Life, money
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roles import DISCOVERY, EVALUATION, LOST, NEGOTIATION, PROPOSAL, WON
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import ABOUT, Kind
from integrations.sandbox.org.workdays import later

QUIET_DAYS = 33
STIRS_DAYS = 12
SECOND_CONTACT_DAYS = 10
#: Days ago that each past-due deal was created, days ago that it was due, its stage.
PILE = (
    (118, 38, PROPOSAL),
    (104, 31, EVALUATION),
    (97, 27, PROPOSAL),
    (92, 20, DISCOVERY),
    (85, 16, EVALUATION),
    (71, 9, PROPOSAL),
    (64, 6, EVALUATION),
)
#: Days ago that the new hire who ramps won the first deals.
FIRST_WINS = (38, 19)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    owner: Person
    account: Account
    amount: float
    created: int
    #: Days after today (negative: before it) and the stage entered.
    moves: tuple[tuple[int, int], ...]
    close_date: int
    #: What follows after today.
    course: tuple[tuple[int, int], ...]


def plant_deals(
    scene: Scene, ledger: Ledger, books: Mapping[str, tuple[Account, ...]]
) -> Mapping[Kind, list[Deal]]:
    """The deals that carry stories, by story."""
    rng = scene.stream("planted")
    return {
        Kind.SINGLE_THREADED: [_single_threaded(scene, ledger, rng, books)],
        Kind.QUIET_DEAL: [_quiet(scene, ledger, rng)],
        Kind.PAST_DUE_PILE: list(_pile(scene, ledger, rng, books)),
        Kind.NEW_HIRE_RAMPS: list(_first_wins(scene, ledger, rng, books)),
    }


def _single_threaded(
    scene: Scene, ledger: Ledger, rng: Random, books: Mapping[str, tuple[Account, ...]]
) -> Deal:
    owner = scene.cast[ABOUT[Kind.SINGLE_THREADED]]
    account = books[owner.id][0]
    script = _Script(
        owner=owner,
        account=account,
        amount=640_000,
        created=-131,
        moves=((-112, DISCOVERY), (-81, EVALUATION), (-44, PROPOSAL), (-13, NEGOTIATION)),
        close_date=24,
        course=((2, NEGOTIATION), (44, WON)),
    )
    states = _live(scene, rng, script)
    known, *others = account.contacts
    meeting_day = scene.timeline.day(SECOND_CONTACT_DAYS)
    calendar = scene.calendar(owner)
    joined = calendar.moment(calendar.on_or_after(meeting_day), rng)
    stakeholders = (
        Stakeholder(
            contact=known,
            role="Evaluator",
            joined_at=later(states[0].at, 30),
        ),
        *(
            Stakeholder(contact=contact, role=role, joined_at=later(joined, 30))
            for contact, role in zip(others[:2], ("Economic Buyer", "Decision Maker"), strict=True)
        ),
    )
    return _deal(ledger, script, states, stakeholders)


def _quiet(scene: Scene, ledger: Ledger, rng: Random) -> Deal:
    owner = scene.cast[ABOUT[Kind.QUIET_DEAL]]
    calendar = scene.calendar(owner)
    opened = calendar.moment(calendar.on_or_after(scene.timeline.day(-190)), rng)
    company = names.HOSTILE_COMPANY
    account_id = accounts.open_account(
        ledger, rng, name=company, owner=owner, at=opened, is_customer=False
    )
    contacts = tuple(
        accounts.add_contact(
            ledger, rng, account=account_id, company="Acme Söhne", owner=owner, at=opened
        )
        for _ in range(3)
    )
    script = _Script(
        owner=owner,
        account=Account(id=account_id, name=company, contacts=contacts),
        amount=118_000,
        created=-92,
        moves=((-80, DISCOVERY), (-63, EVALUATION), (-41, PROPOSAL)),
        close_date=19,
        course=((STIRS_DAYS, PROPOSAL), (46, WON)),
    )
    states = _live(scene, rng, script)
    deal = _deal(ledger, script, states, tuple(gather(ledger, rng, script.account, states, many=3)))
    quiet_from, stirs_on = scene.timeline.day(-QUIET_DAYS), scene.timeline.day(STIRS_DAYS)
    return replace(deal, quiet_from=quiet_from, stirs_on=stirs_on)


def _pile(
    scene: Scene, ledger: Ledger, rng: Random, books: Mapping[str, tuple[Account, ...]]
) -> list[Deal]:
    owner = scene.cast[ABOUT[Kind.PAST_DUE_PILE]]
    deals: list[Deal] = []
    for number, (created, due, stage) in enumerate(PILE):
        account = books[owner.id][number]
        script = _Script(
            owner=owner,
            account=account,
            amount=rng.uniform(24_000, 78_000),
            created=-created,
            moves=tuple((13 * step - created, step) for step in range(1, stage + 1)),
            close_date=-due,
            course=((15, stage), (27 + 5 * number, LOST if number % 2 else WON)),
        )
        states = _live(scene, rng, script)
        people = tuple(gather(ledger, rng, account, states, many=3))
        deals.append(_deal(ledger, script, states, people))
    return deals


def _first_wins(
    scene: Scene, ledger: Ledger, rng: Random, books: Mapping[str, tuple[Account, ...]]
) -> Iterator[Deal]:
    owner = scene.cast[ABOUT[Kind.NEW_HIRE_RAMPS]]
    for number, won in enumerate(FIRST_WINS):
        account = books[owner.id][number]
        script = _Script(
            owner=owner,
            account=account,
            amount=rng.uniform(9_000, 19_000),
            created=-won - 34,
            moves=((-won - 29, DISCOVERY), (-won - 22, EVALUATION), (-won - 13, PROPOSAL)),
            close_date=2 - won,
            course=((-won - 7, PROPOSAL), (-won - 6, NEGOTIATION), (-won, WON)),
        )
        states = _live(scene, rng, script)
        people = tuple(gather(ledger, rng, account, states, many=2))
        yield _deal(ledger, script, states, people)


def _live(scene: Scene, rng: Random, script: _Script) -> list[DealState]:
    owner, timeline = script.owner, scene.timeline
    calendar = scene.calendar(owner)

    def written(days: int) -> date:
        return calendar.on_or_after(timeline.day(days))

    first = DealState(
        at=calendar.moment(written(script.created), rng),
        by=owner.id,
        owner=owner,
        stage=0,
        amount=money(script.amount),
        close_date=_weekday_near(timeline.day(script.close_date)),
    )
    life = Life(scene, rng, first, script.account.contacts[0].first_name)
    for days, stage in script.moves:
        day = written(days)
        due = calendar.shift(day, 8)
        step = rng.choice(names.NEXT_STEPS).format(
            day=f"{due:%b} {due.day}", name=script.account.contacts[0].first_name
        )
        life.states.append(
            replace(
                life.state,
                at=calendar.moment(day, rng),
                stage=stage,
                next_step=step,
                next_step_on=due,
            )
        )
    course = tuple(Move(day=timeline.day(days), stage=stage) for days, stage in script.course)
    return life.follow(course)


def _weekday_near(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _deal(
    ledger: Ledger,
    script: _Script,
    states: list[DealState],
    stakeholders: tuple[Stakeholder, ...],
) -> Deal:
    return Deal(
        id=ledger.reserve("Opportunity"),
        name=f"{script.account.name} - Platform",
        account_id=script.account.id,
        company=script.account.name,
        source="Outbound",
        kind="New Business",
        lead=None,
        stakeholders=stakeholders,
        states=tuple(states),
    )
