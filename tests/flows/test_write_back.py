"""What a rep agreed to is written to Salesforce once, and what it refuses is told."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.errors import CredentialsRefused, OutcomeUnknown
from bot.flows.write_back import write_back
from bot.queries.next_step_form import NOTHING, STEP
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.switches import EVERYTHING, STOPPED, SwitchRow
from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.faults import Fault, FaultKind
from tests.slack_world import CRM_IDS
from tests.writing import ACME, GOOD, NOW, Writing, writing_in


@pytest.fixture
def writing(office: Runtime) -> Iterator[Writing]:
    with writing_in(office) as writing:
        yield writing


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
