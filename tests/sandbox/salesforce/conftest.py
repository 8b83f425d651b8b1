"""A tiny organisation, known by heart, behind a real server."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Faults
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import RunningServer, serve

#: A Wednesday.
NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
VERSION = "61.0"


def record_id(prefix: str, number: int) -> str:
    return long_id(f"{prefix}{number:012d}")


KIM, ZOE, MIA = (record_id("005", n) for n in (1, 2, 3))
ACME, BOT, ONEIL = (record_id("001", n) for n in (1, 2, 3))
ALPHA, BETA, GAMMA, DELTA = (record_id("006", n) for n in (1, 2, 3, 4))
ANN, DEE = record_id("003", 1), record_id("00Q", 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _user(user: str, first: str, last: str, *, active: bool, manager: str | None) -> Change:
    fields = {
        "FirstName": first,
        "LastName": last,
        "Username": f"{last.lower()}@example.com",
        "Email": f"{last.lower()}@example.com",
        "Alias": last[:8].lower(),
        "IsActive": active,
        "ManagerId": manager,
    }
    return Change(at=at("2025-01-01T08:00:00"), sobject="User", id=user, fields=fields)


def _account(
    account: str, name: str, industry: str | None, staff: int | None, owner: str
) -> Change:
    fields = {
        "Name": name,
        "Industry": industry,
        "NumberOfEmployees": staff,
        "OwnerId": owner,
        "External_Key__c": f"key-{name[0]}",
    }
    return Change(at=at("2025-01-02T08:00:00"), sobject="Account", id=account, fields=fields)


def _deal(deal: str, name: str, created: str, closes: date, **fields: object) -> Change:
    return Change(
        at=at(created),
        sobject="Opportunity",
        id=deal,
        fields={"Name": name, "CloseDate": closes, **fields},
    )


def _task(number: int, created: str, **fields: object) -> Change:
    return Change(at=at(created), sobject="Task", id=record_id("00T", number), fields=fields)


def _stage(number: int, when: str, stage: str) -> Change:
    return Change(
        at=at(when),
        sobject="OpportunityHistory",
        id=record_id("008", number),
        fields={"OpportunityId": BETA, "StageName": stage, "CreatedById": ZOE},
    )


def tiny_organisation() -> list[Change]:
    return [
        _user(KIM, "Kim", "Lee", active=True, manager=MIA),
        _user(ZOE, "Zoë", "Ångström", active=False, manager=MIA),
        _user(MIA, "Mia", "Boss", active=True, manager=None),
        _account(ACME, "Acme", "Tech", 100, KIM),
        _account(BOT, "Bøt & Co", None, 20, ZOE),
        _account(ONEIL, "O'Neil 100%_x", "tech", None, KIM),
        Change(
            at=at("2025-02-01T08:00:00"),
            sobject="Contact",
            id=ANN,
            fields={"FirstName": "Ann", "LastName": "Ay", "AccountId": ACME, "OwnerId": KIM,
                    "Email": "ann@example.com"},
        ),
        Change(
            at=at("2025-02-01T08:00:00"),
            sobject="Lead",
            id=DEE,
            fields={"LastName": "Dee", "Company": "Dee Ltd", "OwnerId": ZOE, "Status": "Open",
                    "Email": "dee@example.com"},
        ),
        _deal(DELTA, "Delta", "2025-12-01T23:59:59", date(2025, 12, 31), OwnerId=ZOE, Amount=50,
              StageName="Negotiation/Review", Probability=90),
        _deal(BETA, "Beta", "2026-01-05T12:00:00", date(2026, 3, 10), OwnerId=ZOE, Amount=250.5,
              AccountId=ACME, StageName="Closed Won", Probability=100),
        _deal(GAMMA, "Gamma", "2026-02-01T00:00:00", date(2026, 2, 28), OwnerId=KIM,
              AccountId=BOT, StageName="Closed Lost", Probability=0),
        _deal(ALPHA, "Alpha", "2026-03-01T09:00:00", date(2026, 3, 31), OwnerId=KIM, Amount=100,
              AccountId=ACME, StageName="Prospecting", Probability=10),
        _stage(1, "2026-01-05T12:00:00", "Prospecting"),
        _stage(2, "2026-03-10T08:00:00", "Closed Won"),
        _task(1, "2026-03-10T09:00:00", Subject="Call Ann", WhoId=ANN, WhatId=ALPHA, OwnerId=KIM,
              Status="Completed", ActivityDate=date(2026, 3, 10), TaskSubtype="Call"),
        _task(2, "2026-03-11T09:00:00", Subject="Mail Dee", WhoId=DEE, OwnerId=ZOE,
              Status="Not Started", ActivityDate=date(2026, 3, 12), TaskSubtype="Email"),
        _task(3, "2025-01-10T09:00:00", Subject="Old call", WhatId=ACME, OwnerId=KIM,
              Status="Completed", ActivityDate=date(2025, 1, 15), TaskSubtype="Call"),
        _task(4, "2026-03-05T09:00:00", Subject="Mistake", OwnerId=KIM, Status="Not Started"),
        Change(at=at("2026-03-06T09:00:00"), sobject="Task", id=record_id("00T", 4),
               is_deletion=True),
        Change(at=at("2026-03-11T09:30:00"), sobject="Opportunity", id=ALPHA,
               fields={"NextStep": "Send offer"}),
    ]  # fmt: skip


class LoopbackAdapter(HTTPAdapter):
    """Sends what a client means for https://...salesforce.com to the sandbox instead."""

    def __init__(self, url: str) -> None:
        self._sandbox = urlsplit(url)
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        request.url = urlunsplit(
            (self._sandbox.scheme, self._sandbox.netloc, parts.path, parts.query, "")
        )
        return super().send(request, *args, **kwargs)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(starts_at=NOW, frozen=True)


@pytest.fixture
def store(clock: SandboxClock) -> Iterator[Store]:
    store = Store.from_changes(tiny_organisation(), clock=clock)
    yield store
    store.close()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def credentials() -> Credentials:
    return Credentials()


@pytest.fixture
def server(
    store: Store, clock: SandboxClock, faults: Faults, credentials: Credentials
) -> Iterator[RunningServer]:
    app = create_app(store, clock, faults=faults, credentials=credentials, page_size=2)
    with serve(app, log_level="critical") as running:
        yield running


@pytest.fixture
def session(server: RunningServer) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("https://", LoopbackAdapter(server.url))
        yield session


@pytest.fixture
def sf(session: requests.Session, credentials: Credentials) -> Any:
    return Salesforce(
        consumer_key=credentials.client_id,
        consumer_secret=credentials.client_secret,
        domain="acme.my",
        session=session,
        version=VERSION,
        object_pairs_hook=dict,
    )


def token(url: str, credentials: Credentials) -> str:
    reply = httpx.post(
        f"{url}/services/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(credentials.client_id, credentials.client_secret),
    )
    return str(reply.json()["access_token"])


@pytest.fixture
def adapter() -> Callable[[str], LoopbackAdapter]:
    return LoopbackAdapter


@pytest.fixture
def session_headers(credentials: Credentials) -> Callable[[str], dict[str, str]]:
    """Logs in to the server at an address."""
    return lambda url: {"Authorization": f"Bearer {token(url, credentials)}"}


@pytest.fixture
def login(server: RunningServer, credentials: Credentials) -> Callable[[], dict[str, str]]:
    """Logs in anew and returns the headers that prove it."""
    return lambda: {"Authorization": f"Bearer {token(server.url, credentials)}"}


@pytest.fixture
def http(server: RunningServer, credentials: Credentials) -> Iterator[httpx.Client]:
    """Logged in, based at the REST API; nothing between the test and the wire."""
    with httpx.Client(
        base_url=f"{server.url}/services/data/v{VERSION}",
        headers={"Authorization": f"Bearer {token(server.url, credentials)}"},
    ) as client:
        yield client


@pytest.fixture
def ask(http: httpx.Client) -> Callable[..., httpx.Response]:
    def ask(statement: str, *, resource: str = "query", **headers: str) -> httpx.Response:
        return http.get(f"/{resource}", params={"q": statement}, headers=headers)

    return ask


@pytest.fixture(scope="session")
def reading() -> Iterator[httpx.Client]:
    """One server for all tests that only read."""
    clock = SandboxClock(starts_at=NOW, frozen=True)
    store = Store.from_changes(tiny_organisation(), clock=clock)
    with (
        serve(create_app(store, clock)) as running,
        httpx.Client(
            base_url=f"{running.url}/services/data/v{VERSION}",
            headers={"Authorization": f"Bearer {token(running.url, Credentials())}"},
        ) as client,
    ):
        yield client
    store.close()


@pytest.fixture(scope="session")
def answered(reading: httpx.Client) -> Callable[..., httpx.Response]:
    """Like ``ask``, of the server for reading."""

    def answered(statement: str, *, resource: str = "query") -> httpx.Response:
        return reading.get(f"/{resource}", params={"q": statement})

    return answered


@pytest.fixture
def ids() -> dict[str, str]:
    return {
        "Kim": KIM, "Zoe": ZOE, "Mia": MIA, "Acme": ACME, "Bot": BOT, "Oneil": ONEIL,
        "Alpha": ALPHA, "Beta": BETA, "Gamma": GAMMA, "Delta": DELTA, "Ann": ANN, "Dee": DEE,
        **{f"Task {n}": record_id("00T", n) for n in (1, 2, 3, 4)},
    }  # fmt: skip


@pytest.fixture
def later(clock: SandboxClock) -> Callable[..., datetime]:
    def later(**span: float) -> datetime:
        return clock.wind(timedelta(**span))

    return later


@pytest.fixture
def many_accounts() -> Iterator[Callable[[SandboxClock], Callable[[str], httpx.Response]]]:
    """A server with 2,500 accounts, asked with whole pages."""
    opened: list[Any] = []

    def start(clock: SandboxClock) -> Callable[[str], httpx.Response]:
        changes = [
            Change(at=NOW, sobject="Account", id=record_id("001", n), fields={"Name": f"A{n:04d}"})
            for n in range(2_500)
        ]
        store = Store.from_changes(changes, clock=clock)
        running = serve(create_app(store, clock))
        opened.extend([running.stop, store.close])
        bearer = {"Authorization": f"Bearer {token(running.url, Credentials())}"}

        def ask(path_or_statement: str, **headers: str) -> httpx.Response:
            if path_or_statement.startswith("/"):
                return httpx.get(running.url + path_or_statement, headers=bearer | headers)
            url = f"{running.url}/services/data/v{VERSION}/query"
            return httpx.get(url, params={"q": path_or_statement}, headers=bearer | headers)

        return ask

    yield start
    for close in opened:
        close()
