"""What is written to Salesforce bears the rep's name, and the org's own words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete
from sqlmodel import Session

from bot.queries.next_step_form import NOTHING
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.mirror.activity import CrmTaskRow
from bot.storage.mirror.upsert import upsert
from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.faults import Fault, FaultKind
from tests.slack_world import CRM_IDS
from tests.writing import ACME, GOOD, NOW, Writing, writing_in


@pytest.fixture
def writing(office: Runtime) -> Iterator[Writing]:
    with writing_in(office) as writing:
        yield writing


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
