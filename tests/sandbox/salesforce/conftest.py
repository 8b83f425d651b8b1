"""A tiny organisation, known by heart, behind a real server."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import requests
from simple_salesforce.api import Salesforce

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Faults
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import RunningServer, serve
from tests.loopback import LoopbackAdapter
from tests.sandbox.salesforce.tiny_organisation import (
    ACME,
    ALPHA,
    ANN,
    BETA,
    BOT,
    DEE,
    DELTA,
    GAMMA,
    KIM,
    MIA,
    ONEIL,
    ZOE,
    record_id,
    tiny_organisation,
)

#: A Wednesday.
NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
VERSION = "61.0"


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
