"""What a rep agreed to is written to Salesforce once, and what it refuses is told."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.domain.errors import CredentialsRefused, OutcomeUnknown
from bot.domain.ids import SlackUserId
from bot.flows.log_next_step import NextStep, wishes
from bot.flows.write_back import write_back
from bot.queries.next_step_form import NOTHING, STEP, STEP_AND_TASK
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.crm_writes import CrmWriteRow, ask_for
from bot.storage.database import reading, transaction
from bot.storage.mirror.activity import CrmTaskRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.mirror.upsert import upsert
from bot.storage.outbox import DeliveryRow
from bot.storage.switches import EVERYTHING, STOPPED, SwitchRow
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import open_salesforce
from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults
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


@pytest.fixture
def writing(office: Runtime) -> Iterator[Writing]:
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


def test_a_next_step_a_task_and_a_close_date_are_written_with_the_reps_name(
    writing: Writing,
) -> None:
    writing.ask(replace(GOOD, close_on=date(2026, 12, 20)))
    assert writing.write() == 2
    assert writing.deal()["NextStep"] == "Send Anna's offer (by 2026-11-27, Kim Berg)"
    assert str(writing.deal()["CloseDate"]) == "2026-12-20"
    [(subject, what, owner, day, note)] = writing.tasks()
    assert (subject, what, owner) == ("Send Anna's offer", ACME, CRM_IDS["kim"])
    assert (str(day), note) == ("2026-11-27", "Logged in Slack by Kim Berg.")
    assert (writing.write(), writing.told()) == (0, [])


def test_what_the_rep_did_is_logged_as_a_completed_task_with_their_name(writing: Writing) -> None:
    writing.ask(replace(GOOD, target=NOTHING, done="Called Anna about the offer"))
    writing.faults.add(Fault(kind=FaultKind.DROP_CONNECTION, times=1, path="/sobjects/Task"))
    assert writing.write() == 0
    writing.later(hours=1)
    assert writing.write() == 1
    [(subject, what, owner, day, note)] = writing.tasks()
    assert (subject, what, owner) == ("Called Anna about the offer", ACME, CRM_IDS["kim"])
    assert (str(day), note) == ("2026-11-24", "Logged in Slack by Kim Berg.")
    [status] = writing.store.database.rows('SELECT "Status" FROM "Task"')
    assert status[0] == "Completed"


def test_a_close_date_alone_leaves_the_reps_name_in_the_description(writing: Writing) -> None:
    writing.store.apply(
        Change(at=NOW, sobject="Opportunity", id=ACME, fields={"Description": "Big one"})
    )
    writing.ask(replace(GOOD, target=NOTHING, close_on=date(2026, 12, 20)))
    assert writing.write() == 1
    assert str(writing.deal()["CloseDate"]) == "2026-12-20"
    assert writing.deal()["Description"] == (
        "Big one\nClose date 2026-12-20 set in Slack by Kim Berg on 2026-11-24."
    )


def test_a_hidden_description_is_left_alone(writing: Writing) -> None:
    writing.faults.add(
        Fault(kind=FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="Description")
    )
    writing.ask(replace(GOOD, target=NOTHING, close_on=date(2026, 12, 20)))
    assert (writing.write(), writing.told()) == (1, [])
    assert str(writing.deal()["CloseDate"]) == "2026-12-20"
    assert not writing.deal()["Description"]


def status(session: Session, number: int, name: str, **fields: object) -> None:
    row = {"id": f"02q00000000000{number}AAA", "label": name, "name": name, "sort_order": number}
    upsert(session, "task_status", [{**row, **fields, "stamp": NOW}])


@pytest.mark.parametrize(
    ("closing", "written"),
    [
        (["Erledigt", "Abgesagt"], "Erledigt"),
        (["Deferred", "Completed"], "Completed"),
        ([], "Fertig"),
    ],
)
def test_a_task_is_completed_with_the_orgs_own_word(
    writing: Writing, closing: list[str], written: str
) -> None:
    task = {"owner_id": CRM_IDS["kim"], "is_closed": True, "created_at": NOW, "stamp": NOW}
    with transaction(writing.office.database) as session:
        session.connection().execute(delete(CrmTaskRow))
        # Where the list is hidden, the log shows what is usual.
        for number, word in enumerate(("Fertig", "Completed", "Fertig")):
            row = {"id": f"00T00000000090{number}AAA", "status": word}
            upsert(session, "crm_task", [{**task, **row}])
        for number, name in enumerate(closing, start=2):
            status(session, number, "Offen", is_closed=False, id="02q000000000001AAA")
            status(session, number, name, is_closed=True)
    writing.ask(replace(GOOD, target=NOTHING, done="Called Anna about the offer"))
    assert writing.write() == 1
    [told] = writing.store.database.rows('SELECT "Status" FROM "Task"')
    assert told[0] == written


def test_nothing_is_asked_for_where_the_rep_keeps_it_here(writing: Writing) -> None:
    writing.ask(replace(GOOD, target=NOTHING))
    assert writing.states() == []


def test_what_was_asked_for_twice_is_written_once(writing: Writing) -> None:
    for _ in range(2):
        writing.ask(GOOD)
    assert writing.write() == 2
    assert len(writing.tasks()) == 1


def test_what_somebody_changed_meanwhile_is_left_alone_and_told(writing: Writing) -> None:
    writing.ask(replace(GOOD, target=STEP))
    writing.store.apply(
        Change(at=NOW, sobject="Opportunity", id=ACME, fields={"NextStep": "Call the CFO"})
    )
    assert writing.write() == 0
    assert writing.deal()["NextStep"] == "Call the CFO"
    [told] = writing.told()
    assert "next step is now “Call the CFO”. I left it as it is." in told


def test_a_refusal_comes_back_in_plain_words_and_is_not_tried_again(writing: Writing) -> None:
    rule = "Close dates are set by deal desk this week"
    writing.faults.add(Fault(kind=FaultKind.VALIDATION_RULE, sobject="Opportunity", value=rule))
    writing.ask(replace(GOOD, target=NOTHING, close_on=date(2026, 12, 20)))
    assert writing.write() == 0
    [told] = writing.told()
    assert told == (
        "Salesforce did not take the close date for Acme: it says "
        "“Close dates are set by deal desk this week”."
    )
    writing.faults.clear()
    writing.later(days=1)
    assert writing.write() == 0
    assert (writing.states(), len(writing.told())) == (["refused"], 1)


def test_a_record_that_is_gone_is_told(writing: Writing) -> None:
    writing.ask(replace(GOOD, target=STEP))
    writing.store.delete(writing.store.schema.objects["Opportunity"], ACME, at=NOW)
    writing.write()
    assert "is no longer in Salesforce" in writing.told()[0]


def test_a_new_record_whose_answer_was_lost_is_looked_for_before_anything_is_sent_again(
    writing: Writing,
) -> None:
    writing.ask(GOOD)
    writing.faults.add(Fault(kind=FaultKind.DROP_CONNECTION, times=1, path="/sobjects/Task"))
    assert writing.write() == 1
    assert writing.states() == ["written", "waiting"]
    writing.later(hours=1)
    assert writing.write() == 1
    assert (len(writing.tasks()), writing.told()) == (1, [])


def test_a_change_whose_answer_was_lost_is_read_back(writing: Writing) -> None:
    class Deaf:
        def __init__(self, writer: Any) -> None:
            self.writer, self.read = writer, writer.read

        def change(self, *arguments: Any) -> None:
            self.writer.change(*arguments)
            raise OutcomeUnknown("no answer", retry_after=timedelta(minutes=1))

    writing.ask(replace(GOOD, target=STEP))
    deaf: Any = Deaf(writing.open_writer())
    write_back(writing.office, lambda: deaf)
    assert writing.states() == ["waiting"]
    writing.later(hours=1)
    stamp = writing.deal()["SystemModstamp"]
    assert writing.write() == 1
    assert (writing.deal()["SystemModstamp"], writing.told()) == (stamp, [])


def test_a_write_that_never_arrived_is_sent_again(writing: Writing) -> None:
    writing.ask(GOOD)
    writing.faults.add(Fault(kind=FaultKind.UNAVAILABLE, times=1, path="/sobjects/Task"))
    writing.write()
    writing.later(hours=1)
    writing.write()
    assert (writing.states(), len(writing.tasks())) == (["written", "written"], 1)


def test_a_process_that_died_while_writing_writes_nothing_twice(writing: Writing) -> None:
    class Died(BaseException):
        pass

    class Dying:
        def __init__(self, writer: Any) -> None:
            self._writer = writer

        def __getattr__(self, name: str) -> Any:
            return getattr(self._writer, name)

        def create(self, *arguments: Any) -> str:
            self._writer.create(*arguments)
            raise Died

    writing.ask(GOOD)
    with suppress(Died):
        write_back(writing.office, lambda: Dying(writing.open_writer()))
    assert len(writing.tasks()) == 1
    assert writing.write() == 0
    writing.later(minutes=6)
    assert writing.write() == 1
    assert (len(writing.tasks()), set(writing.states())) == (1, {"written"})


def test_a_salesforce_that_stays_away_is_told_in_the_end(writing: Writing) -> None:
    writing.ask(replace(GOOD, target=STEP))
    writing.faults.add(Fault(kind=FaultKind.UNAVAILABLE, path="/sobjects"))
    for _ in range(8):
        writing.write()
        writing.later(hours=2)
    [told] = writing.told()
    assert "could not be reached" in told


def test_nothing_is_written_while_everything_is_stopped(writing: Writing) -> None:
    writing.ask(GOOD)
    with transaction(writing.office.database) as session:
        session.add(SwitchRow(key=EVERYTHING, value=STOPPED, changed_at=NOW, changed_by="Alex"))
    assert writing.write() == 0
    assert writing.states() == ["waiting", "waiting"]


def test_refused_credentials_keep_it_waiting(writing: Writing, office: Runtime) -> None:
    writing.ask(GOOD)

    def refuse() -> Any:
        raise CredentialsRefused("no")

    with pytest.raises(CredentialsRefused):
        write_back(replace(office, clock=writing.clock), refuse)
    writing.later(hours=1)
    assert writing.write() == 2
