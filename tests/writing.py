"""An office's deals in a Salesforce of their own, and what its reps want written there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from bot.domain.ids import SlackUserId
from bot.flows.log_next_step import NextStep, wishes
from bot.flows.write_back import write_back
from bot.queries.next_step_form import STEP_AND_TASK
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.crm_writes import CrmWriteRow, ask_for
from bot.storage.database import reading, transaction
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.outbox import DeliveryRow
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import open_salesforce
from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Faults
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.slack_world import CRM_IDS

ACME = "006000000000001AAA"
KIM = SlackUserId("U0KIM")
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
GOOD = NextStep(
    deal=ACME, words="Send Anna's offer", due_on=date(2026, 11, 27), target=STEP_AND_TASK
)


@dataclass
class Writing:
    """The office's deals in a Salesforce of their own."""

    office: Runtime
    store: Store
    faults: Faults
    clock: SandboxClock
    open_writer: Callable[[], Any]

    def ask(self, step: NextStep, *, key: str = "wish") -> None:
        assert step.due_on is not None
        with transaction(self.office.database) as session:
            person = person_of(session, KIM, self.office.organisation)
            asked = list(wishes(session, step, due_on=step.due_on, person=person, today=NOW.date()))
            for number, wish in enumerate(asked):
                now = self.clock.now()
                ask_for(session, wish, key=f"{key} {number}", asked_by=KIM, now=now)

    def write(self) -> int:
        return write_back(self.office, self.open_writer)

    def later(self, **span: float) -> None:
        self.clock.wind(timedelta(**span))

    def deal(self) -> Any:
        return self.store.record(self.store.schema.objects["Opportunity"], ACME)

    def tasks(self) -> list[tuple[Any, ...]]:
        wanted = 'SELECT "Subject", "WhatId", "OwnerId", "ActivityDate", "Description" FROM "Task"'
        return [tuple(row) for row in self.store.database.rows(wanted)]

    def told(self) -> list[str]:
        with reading(self.office.database) as session:
            row = DeliveryRow
            found = session.exec(select(row.text).where(col(row.kind) == "write_back"))
            return list(found.all())

    def states(self) -> list[str]:
        with reading(self.office.database) as session:
            return list(session.exec(select(CrmWriteRow.state).order_by(col(CrmWriteRow.id))))


@contextmanager
def writing_in(office: Runtime) -> Iterator[Writing]:
    clock = SandboxClock(starts_at=NOW, frozen=True)
    people = {"Username": "x@example.com", "LastName": "X", "Alias": "x", "Email": "x@example.com"}
    with reading(office.database) as session:
        mirrored = session.get(OpportunityRow, ACME)
        assert mirrored is not None
        deal = {
            "Name": mirrored.name,
            "StageName": mirrored.stage_name,
            "CloseDate": mirrored.close_on,
            "NextStep": mirrored.next_step,
        }
    changes = [
        Change(at=NOW - timedelta(days=9), sobject="User", id=CRM_IDS["kim"], fields=people),
        Change(at=NOW - timedelta(days=9), sobject="Opportunity", id=ACME, fields=deal),
    ]
    store, faults, known = Store.from_changes(changes, clock=clock), Faults(), Credentials()
    with serve(create_app(store, clock, faults=faults)) as server:
        credentials = SalesforceCredentials.from_environment(
            {
                "SALESFORCE_LOGIN_URL": server.url,
                "SALESFORCE_CLIENT_ID": known.client_id,
                "SALESFORCE_CLIENT_SECRET": known.client_secret,
            }
        )
        crm = open_salesforce(credentials, clock=clock, sleep=lambda _: None)
        asking = replace(office, clock=clock)
        yield Writing(asking, store, faults, clock, crm.writer)
    store.close()
