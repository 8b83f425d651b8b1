"""Companies and the people in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.people import Person, plain
from integrations.sandbox.org.roles import PACES
from integrations.sandbox.org.scene import ACCOUNTS_DAYS, RUN_UP_DAYS, Scene
from integrations.sandbox.org.workdays import DAY, later

CUSTOMER_SHARE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    id: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: str
    name: str
    #: Those known since the account was opened.
    contacts: tuple[Contact, ...]


def open_account(
    ledger: Ledger, rng: Random, *, name: str, owner: Person, at: datetime, is_customer: bool
) -> str:
    """Write down a company without people and return its id."""
    return ledger.create(
        "Account",
        at,
        {
            "Name": name,
            "OwnerId": owner.id,
            "Type": "Customer" if is_customer else "Prospect",
            "Industry": rng.choice(names.INDUSTRIES),
            "NumberOfEmployees": rng.randint(12, 400) * rng.choice((1, 1, 5, 20)),
            "BillingCountry": {"US": "United States", "GB": "United Kingdom", "DE": "Germany"}[
                owner.place.country
            ],
            "Website": f"https://www.{_site(name)}",
        },
        by=owner.id,
    )


def add_contact(
    ledger: Ledger,
    rng: Random,
    *,
    account: str,
    company: str,
    owner: Person,
    at: datetime,
    name: tuple[str, str] | None = None,
    title: str | None = None,
) -> Contact:
    """Write down a person of the company, by the given name or an invented one."""
    first_name, last_name = name or names.person_name(rng)
    contact = ledger.create(
        "Contact",
        at,
        {
            "AccountId": account,
            "OwnerId": owner.id,
            "FirstName": first_name,
            "LastName": last_name,
            "Name": f"{first_name} {last_name}",
            "Title": title or rng.choice(names.JOB_TITLES),
            "Email": f"{plain(first_name)}.{plain(last_name)}@{_site(company)}",
        },
        by=owner.id,
    )
    return Contact(id=contact, first_name=first_name, last_name=last_name)


def open_books(
    scene: Scene, ledger: Ledger, companies: "Companies"
) -> Mapping[str, tuple[Account, ...]]:
    """Give every account executive a book of accounts; by the executive's id."""
    return {
        person.id: tuple(_open_book(scene, ledger, companies, person))
        for person in scene.cast.executives()
    }


class Companies:
    """Company names, each given out once."""

    def __init__(self, rng: Random) -> None:
        self._names = names.company_names(rng)

    def next_name(self) -> str:
        return next(self._names)


def _open_book(scene: Scene, ledger: Ledger, companies: Companies, owner: Person) -> list[Account]:
    rng = scene.stream("book", owner.handle)
    pace = PACES[owner.role_on(scene.today)]
    calendar = scene.calendar(owner)
    begin = max(owner.hired + DAY, scene.first_day - timedelta(days=ACCOUNTS_DAYS))
    days = max(3, (scene.first_day - timedelta(days=RUN_UP_DAYS + 10) - begin).days)
    book: list[Account] = []
    for _ in range(pace.accounts):
        name = companies.next_name()
        day = calendar.on_or_after(begin + timedelta(days=rng.randrange(days)))
        at = calendar.moment(day, rng)
        account = open_account(
            ledger,
            rng,
            name=name,
            owner=owner,
            at=at,
            is_customer=rng.random() < CUSTOMER_SHARE,
        )
        people = [
            add_contact(
                ledger,
                rng,
                account=account,
                company=name,
                owner=owner,
                at=later(at, 40 * number),
            )
            for number in range(1, pace.contacts_an_account + 1)
        ]
        book.append(Account(id=account, name=name, contacts=tuple(people)))
    return book


def _site(company: str) -> str:
    return plain(company).replace(".", "").strip("-") + ".example"
