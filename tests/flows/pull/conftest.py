"""A small organisation behind the simulated Salesforce, and a Crm that reads it over HTTP."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import SQLModel
from starlette.types import ASGIApp

from bot.flows.pull import PullReport, pull
from bot.storage.mirror import MIRROR_TABLES
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce
from integrations.salesforce.crm_object import CrmObject, load_objects
from integrations.salesforce.login_ways import LoginWay
from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults
from integrations.sandbox.salesforce.request_log import RequestLog
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve

MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
SOME = {"crm_user", "account", "opportunity", "opportunity_history"}
KIM, SAM = "005000000000001AAA", "005000000000002AAA"


def deal_id(number: int) -> str:
    return f"006{number:012d}AAA"


def beginning() -> list[Change]:
    """Kim and Sam, one account and five deals, an hour before the story begins."""
    at = MONDAY - timedelta(hours=1)
    people = [
        Change(
            at=at,
            sobject="User",
            id=each,
            fields={
                "Username": f"{name}@example.com",
                "LastName": name,
                "Name": name,
                "Alias": name,
                "Email": f"{name}@example.com",
                "IsActive": True,
            },
        )
        for each, name in ((KIM, "Kim"), (SAM, "Sam"))
    ]
    account = Change(
        at=at,
        sobject="Account",
        id="001000000000001AAA",
        fields={"Name": "Acme", "OwnerId": KIM},
    )
    return [*people, account, *(new_deal(n, at=at + timedelta(minutes=n)) for n in range(1, 6))]


def new_deal(number: int, *, at: datetime, **fields: object) -> Change:
    return Change(
        at=at,
        sobject="Opportunity",
        id=deal_id(number),
        fields={
            "Name": f"Deal {number}",
            "AccountId": "001000000000001AAA",
            "OwnerId": KIM,
            "Amount": 1000 * number + 0.07,
            "StageName": "Prospecting",
            "CloseDate": MONDAY.date() + timedelta(days=number),
            **fields,
        },
    )


def some_objects() -> dict[str, CrmObject]:
    """To read the other tables as well on the second kind of database would only take time."""
    return {table: each for table, each in load_objects().items() if table in SOME}


@dataclass
class Org:
    store: Store
    clock: SandboxClock
    faults: Faults
    log: RequestLog
    url: str
    pauses: list[float] = field(default_factory=list)
    #: Of a bulk job.
    records_a_page: int = 10
    #: Every table on PostgreSQL as well; on SQLite it is every table anyway.
    needs_all: bool = False

    def crm(
        self,
        wanted_way: LoginWay | None = None,
        *,
        objects: Mapping[str, CrmObject] | None = None,
        **environ: str,
    ) -> SalesforceCrm:
        """A Crm that logs in with client credentials, or with other variables."""
        known = Credentials()
        wanted = environ or {
            "CLIENT_ID": known.client_id,
            "CLIENT_SECRET": known.client_secret,
        }
        return open_salesforce(
            SalesforceCredentials.from_environment(
                {
                    "SALESFORCE_LOGIN_URL": self.url,
                    **{f"SALESFORCE_{name}": value for name, value in wanted.items()},
                },
                wanted=wanted_way,
            ),
            clock=self.clock,
            sleep=self.pauses.append,
            draw=lambda: 0.5,
            records_a_page=self.records_a_page,
            objects=objects,
        )

    def pull(self, database: Engine, crm: SalesforceCrm | None = None, **how: Any) -> PullReport:
        is_enough = database.dialect.name == "postgresql" and not self.needs_all
        crm = crm or self.crm(objects=some_objects() if is_enough else None)
        return pull(database, crm, clock=self.clock, **how)

    def later(self, **span: float) -> datetime:
        return self.clock.wind(timedelta(**span))

    def set(self, sobject: str, record_id: str, **fields: object) -> None:
        self.store.apply(Change(at=self.clock.now(), sobject=sobject, id=record_id, fields=fields))

    def delete(self, sobject: str, record_id: str, *, hard: bool = False) -> None:
        kind = self.store.schema.objects[sobject]
        self.store.delete(kind, record_id, at=self.clock.now(), hard=hard)

    def undelete(self, sobject: str, record_id: str) -> None:
        kind = self.store.schema.objects[sobject]
        self.store.undelete(kind, record_id, at=self.clock.now())

    def trouble(self, kind: FaultKind, **how: Any) -> int:
        return self.faults.add(Fault(kind=kind, **how))


@pytest.fixture
def make_org() -> Iterator[Callable[..., Org]]:
    """An Org from changes, its server seen through ``wrap``; the rest is for ``create_app``."""
    running = []

    def make(
        changes: list[Change] | None = None,
        wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app,
        *,
        clock: SandboxClock | None = None,
        store: Store | None = None,
        **settings: Any,
    ) -> Org:
        clock = clock or SandboxClock(starts_at=MONDAY, frozen=True)
        if store is None:
            store = Store.from_changes(beginning() if changes is None else changes, clock=clock)
        faults, log = Faults(), RequestLog()
        server = serve(wrap(create_app(store, clock, faults=faults, log=log, **settings)))
        running.append((server, store))
        return Org(store, clock, faults, log, server.url)

    yield make
    for server, store in running:
        server.stop()
        store.close()


@pytest.fixture
def first_changes() -> list[Change]:
    """What ``org`` begins with."""
    return beginning()


@pytest.fixture
def org(make_org: Callable[..., Org]) -> Org:
    return make_org()


@pytest.fixture
def rows_of() -> Callable[[Engine, str], dict[str, Mapping[str, Any]]]:
    """All rows of a mirror table by id."""

    def read(database: Engine, table: str) -> dict[str, Mapping[str, Any]]:
        with database.connect() as connection:
            rows = connection.execute(select(SQLModel.metadata.tables[table])).mappings()
            return {str(row["id"]): dict(row) for row in rows}

    return read


@pytest.fixture
def mirror_of(
    rows_of: Callable[[Engine, str], dict[str, Mapping[str, Any]]],
) -> Callable[[Engine], dict[str, dict[str, Mapping[str, Any]]]]:
    """All rows of all mirror tables."""
    return lambda database: {table: rows_of(database, table) for table in MIRROR_TABLES}
