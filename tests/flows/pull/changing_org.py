"""An org to which things happen between and during pulls, and what its mirror should hold."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, event, select
from sqlmodel import SQLModel
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.errors import CoachingError
from bot.flows.pull import PullReport, pull
from bot.storage.database import open_database
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import open_salesforce
from integrations.salesforce.crm_object import load_objects
from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store

MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
OWNERS = tuple(f"005{number:012d}AAA" for number in (1, 2, 3))
#: Table → object, prefix of its ids, and the field that tells one version from another.
KINDS = {
    "account": ("Account", "001", "Name"),
    "opportunity": ("Opportunity", "006", "NextStep"),
    "crm_task": ("Task", "00T", "Subject"),
}
#: The mirror's columns that are compared, and the org's fields.
COMPARED = {
    "account": {"name": "Name", "owner_id": "OwnerId"},
    "opportunity": {"next_step": "NextStep", "owner_id": "OwnerId", "account_id": "AccountId"},
    "crm_task": {"subject": "Subject", "owner_id": "OwnerId", "what_id": "WhatId"},
}


class Killed(BaseException):
    """The process is gone, from one statement to the next."""


class Door:
    """One server for many orgs; it lets things happen before the n-th request of a pull."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.happenings: dict[int, list[Callable[[], None]]] = {}
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        if scope["type"] == "http":
            self.requests += 1
            for happening in self.happenings.pop(self.requests, ()):
                happening()
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Deed:
    """Something that happens to one record, or to an account and the one merged into it."""

    what: str
    table: str = "opportunity"
    number: int = 0
    #: Minutes between the stamp and the moment when anybody can see it.
    late: float = 0


@dataclass(frozen=True)
class Wait:
    minutes: float

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Pull:
    #: Kind, requests before it, requests it lasts for.
    trouble: tuple[FaultKind, int, int] | None = None
    #: The database statement before which the process dies.
    killed_at: int | None = None
    #: Requests before it happens, and what.
    meanwhile: tuple[tuple[int, Deed], ...] = ()

    @property
    def is_quiet(self) -> bool:
        return not (self.trouble or self.killed_at or self.meanwhile)


@dataclass
class ChangingOrg:
    door: Door
    door_url: str
    mirror_url: str
    bulk_from: int
    clock: SandboxClock = field(default_factory=lambda: SandboxClock(starts_at=MONDAY, frozen=True))
    faults: Faults = field(default_factory=Faults)
    versions: "itertools.count[int]" = field(default_factory=itertools.count)
    ids: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in KINDS})
    #: Until when a record is held by a transaction that has not ended.
    held: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = Store.from_changes([], clock=self.clock)
        self.door.app = create_app(self.store, self.clock, faults=self.faults, page_size=2)
        for table in KINDS:
            for _ in range(3):
                self.do(Deed("create", table))

    def close(self) -> None:
        self.store.close()

    def do(self, deed: Deed) -> None:
        """Do it, unless its record is gone or held by an open transaction."""
        sobject = self.store.schema.objects[KINDS[deed.table][0]]
        if deed.what == "create":
            self._create(deed)
            return
        known = self.ids[deed.table]
        record_id = known[deed.number % len(known)]
        record = self.store.record(sobject, record_id)
        if record is None or self._is_held(record_id):
            return
        now = self.clock.now()
        if deed.what == "restore":
            self.store.undelete(sobject, record_id, at=now)
        elif deed.what == "erase":
            self.store.delete(sobject, record_id, at=now, hard=True)
        elif record["IsDeleted"]:
            return
        elif deed.what == "delete":
            self.store.delete(sobject, record_id, at=now)
        elif deed.what == "merge":
            self._merge(deed.number)
        else:
            what = self._handed_over() if deed.what == "hand over" else self._rewritten(deed.table)
            self._change(deed, record_id, what)

    def _create(self, deed: Deed) -> None:
        table, number = deed.table, next(self.versions)
        record_id = f"{KINDS[table][1]}{number:012d}AAA"
        fields: dict[str, object] = {"OwnerId": OWNERS[number % 3], **self._rewritten(table)}
        accounts = self.ids["account"]
        if table == "opportunity":
            fields |= {"Name": "Deal", "StageName": "Prospecting", "CloseDate": MONDAY.date()}
            fields["AccountId"] = accounts[number % len(accounts)]
        if table == "crm_task":
            # Some are old enough to be archived.
            due = MONDAY.date() - timedelta(days=400 * (number % 2))
            fields |= {"Status": "Completed", "ActivityDate": due}
            fields["WhatId"] = accounts[number % len(accounts)]
        self._change(deed, record_id, fields)
        self.ids[table].append(record_id)

    def _merge(self, number: int) -> None:
        """The loser goes to the bin and what hung on it hangs on the winner."""
        accounts = self.ids["account"]
        loser, winner = (accounts[(number + step) % len(accounts)] for step in (0, 1))
        for table, link in (("opportunity", "AccountId"), ("crm_task", "WhatId")):
            name = KINDS[table][0]
            for each in self.ids[table]:
                record = self.store.record(self.store.schema.objects[name], each)
                if record and record[link] == loser and not self._is_held(each):
                    self._apply(name, each, {link: winner})
        sobject = self.store.schema.objects["Account"]
        if self.store.delete(sobject, loser, at=self.clock.now()):
            self._apply("Account", loser, {"MasterRecordId": winner})

    def _rewritten(self, table: str) -> dict[str, object]:
        return {KINDS[table][2]: f"version {next(self.versions)}"}

    def _handed_over(self) -> dict[str, object]:
        return {"OwnerId": OWNERS[next(self.versions) % len(OWNERS)]}

    def _change(self, deed: Deed, record_id: str, fields: dict[str, object]) -> None:
        until = self.clock.now() + timedelta(minutes=deed.late)
        if deed.late:
            self.held[record_id] = until
        self._apply(KINDS[deed.table][0], record_id, fields, visible_at=until)

    def _apply(self, name: str, record_id: str, fields: dict[str, object], **when: Any) -> None:
        change = Change(at=self.clock.now(), sobject=name, id=record_id, fields=fields)
        self.store.apply(change, **when)

    def _is_held(self, record_id: str) -> bool:
        return self.held.get(record_id, MONDAY) > self.clock.now()

    def pull(self, how: Pull) -> PullReport | None:
        """One process's pull; None when it failed or was killed."""
        numbers: dict[int, list[Deed]] = {}
        for after, deed in how.meanwhile:
            numbers.setdefault(self.door.requests + 1 + after, []).append(deed)
        self.door.happenings = {
            number: [partial(self._meanwhile, deed) for deed in deeds]
            for number, deeds in numbers.items()
        }
        if how.trouble:
            kind, after, times = how.trouble
            self.faults.add(Fault(kind=kind, after=after, times=times))
        database = open_database(self.mirror_url)
        try:
            if how.killed_at is not None:
                _kill(database, how.killed_at)
            report = pull(database, self._crm(), clock=self.clock, bulk_from=self.bulk_from)
        except (Killed, CoachingError):
            return None
        finally:
            database.dispose()
            self.faults.clear()
            self.door.happenings = {}
        return report

    def _meanwhile(self, deed: Deed) -> None:
        self.clock.wind(timedelta(seconds=1))
        self.do(deed)

    def _crm(self) -> Any:
        known = Credentials()
        credentials = SalesforceCredentials.from_environment(
            {
                "SALESFORCE_LOGIN_URL": self.door_url,
                "SALESFORCE_CLIENT_ID": known.client_id,
                "SALESFORCE_CLIENT_SECRET": known.client_secret,
            }
        )
        objects = {table: each for table, each in load_objects().items() if table in KINDS}
        return open_salesforce(
            credentials,
            clock=self.clock,
            sleep=lambda _: None,
            draw=lambda: 0.5,
            objects=objects,
            records_a_page=2,
        )

    def require_equal(self) -> None:
        """Everything that lives in the org lives in the mirror, as it is, and nothing else."""
        self.store.advance()
        database = open_database(self.mirror_url)
        for table, columns in COMPARED.items():
            here, there = _alive_here(database, table, columns), self._alive_there(table, columns)
            open_now = {each for each in self.held if self._is_held(each)}
            for each in open_now:
                here.pop(each, None)
                there.pop(each, None)
            assert here == there, table
        database.dispose()

    def _alive_there(self, table: str, columns: dict[str, str]) -> dict[str, Sequence[object]]:
        sobject = self.store.schema.objects[KINDS[table][0]]
        records = {each: self.store.record(sobject, each) for each in self.ids[table]}
        return {
            each: [record[name] for name in columns.values()]
            for each, record in records.items()
            if record is not None and not record["IsDeleted"]
        }


def _alive_here(
    database: Engine, table: str, columns: dict[str, str]
) -> dict[str, Sequence[object]]:
    mirror = SQLModel.metadata.tables[table]
    statement = select(mirror.c.id, *(mirror.c[name] for name in columns))
    with database.connect() as connection:
        rows = connection.execute(statement.where(mirror.c.is_deleted.is_(False)))
        return {str(row[0]): list(row[1:]) for row in rows}


def _kill(database: Engine, at: int) -> None:
    """Let the process die at its statement or commit with this number."""
    numbers = itertools.count(1)

    def count(*_arguments: object) -> None:
        if next(numbers) >= at:
            raise Killed

    event.listen(database, "before_cursor_execute", count)
    event.listen(database, "commit", count)
