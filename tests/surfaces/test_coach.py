"""/coach: the brief for a 1:1, and the 1:1 written down, seen by the two people and nobody else."""

from datetime import date, timedelta

import pytest
from slack_bolt import App
from sqlmodel import Session, SQLModel, col, select
from syrupy.assertion import SnapshotAssertion

from bot.domain.errors import NotAllowed
from bot.flows.deliver import deliver
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.drafts import DraftRow
from bot.storage.mirror.user import CrmUserRow
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.state.values import View
from tests.office import answers, asked, read_aloud
from tests.slack_world import CRM_IDS, SlackWorld, wait_until

TODAY = date(2026, 11, 24)
FRIDAY = TODAY + timedelta(days=3)


def rows(runtime: Runtime, table: type[SQLModel]) -> list[SQLModel]:
    with Session(runtime.database) as session:
        return list(session.exec(select(table)))


def promise(runtime: Runtime) -> CommitmentRow:
    [row] = rows(runtime, CommitmentRow)
    assert isinstance(row, CommitmentRow)
    return row


def opened(slack: SlackWorld) -> View:
    """Maria has asked about Kim and pressed the button below."""
    slack.sandbox.close_view("maria")
    slack.sandbox.press("maria", answers(slack, "/coach @kim", person="maria"), "one_on_one.write")
    return wait_until(lambda: slack.sandbox.modal_of("maria"))


def test_the_brief_reads_as_it_should(office: Runtime, snapshot: SnapshotAssertion) -> None:
    assert read_aloud(office, "/coach kim", by="maria") == snapshot


def test_the_brief_says_what_to_talk_about_and_shows_it_to_the_manager_alone(
    office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    text = str(answers(slack, "/coach @kim", person="maria").blocks)
    for words in (
        "1:1 with Kim Berg",
        "no 1:1 on record",
        "Focus: ",
        "Deals to talk about",
        "Acme",
    ):
        assert words in text
    assert "<!channel>" not in text
    assert slack.sandbox.messages_in("sales") == []


@pytest.mark.parametrize(
    ("line", "by", "said"),
    [
        pytest.param("/coach sam", "kim", "for managers", id="a-rep"),
        pytest.param("/coach nobody", "maria", "between a rep and the manager", id="no-such-rep"),
        pytest.param("/coach maria", "maria", "between a rep and the manager", id="oneself"),
        pytest.param("/coach kim share", "maria", "do not share", id="shared"),
    ],
)
def test_nobody_but_the_manager_of_record_reads_it(
    office: Runtime, line: str, by: str, said: str
) -> None:
    with pytest.raises(NotAllowed, match=said):
        asked(office, line, by=by)


def test_a_manager_further_up_does_not_read_it(office: Runtime) -> None:
    with transaction(office.database) as session:
        maria = session.exec(select(CrmUserRow).where(col(CrmUserRow.id) == CRM_IDS["maria"])).one()
        sam = session.exec(select(CrmUserRow).where(col(CrmUserRow.id) == CRM_IDS["sam"])).one()
        maria.manager_id, sam.manager_id = CRM_IDS["sam"], None
    with pytest.raises(NotAllowed, match="between a rep and the manager"):
        asked(office, "/coach kim", by="sam")


def test_a_one_on_one_is_kept_told_to_the_rep_and_brought_back(
    office: Runtime, office_bot: App, slack: SlackWorld, clock: SandboxClock
) -> None:
    _ = office_bot
    opened(slack)
    entered = {
        "notes": "Talked about <!here> *Acme*",
        "commitment": "Two new deals",
        "due_on": FRIDAY.isoformat(),
        "metric": "pipeline_created_amount",
    }
    assert slack.sandbox.submit_view("maria", entered).is_acknowledged
    wait_until(lambda: "written down" in str(slack.sandbox.modal_of("maria")))
    assert (promise(office).words, promise(office).due_on) == ("Two new deals", FRIDAY)
    deliver(office, slack.messenger)
    [message] = slack.sandbox.direct_messages_to("kim")
    assert "Two new deals" in str(message.blocks)
    assert "<!here>" not in str(message.blocks)
    clock.wind(timedelta(days=4))
    text = str(answers(slack, "/coach @kim", person="maria").blocks)
    assert "Since your 1:1 on Tue 24 Nov" in text
    assert "Two new deals · was due Fri 27 Nov" in text
    assert "1 commitment overdue" in asked(office, "/coach", by="maria")


def test_how_a_commitment_went_is_written_down_at_the_next_one(
    office: Runtime, office_bot: App, slack: SlackWorld, clock: SandboxClock
) -> None:
    _ = office_bot
    opened(slack)
    slack.sandbox.submit_view("maria", {"commitment": "Call Acme", "due_on": FRIDAY.isoformat()})
    clock.wind(timedelta(days=7))
    opened(slack)
    slack.sandbox.submit_view("maria", {f"outcome_{promise(office).id}": "kept"})
    assert promise(office).state == "kept"
    assert "Call Acme · kept" in asked(office, "/coach kim", by="maria")


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        pytest.param({}, "notes", id="nothing"),
        pytest.param({"commitment": "Call"}, "due_on", id="promise-without-a-day"),
        pytest.param({"due_on": "2026-11-27"}, "commitment", id="day-without-a-promise"),
        pytest.param({"commitment": "x", "due_on": "2026-11-23"}, "due_on", id="due-yesterday"),
        pytest.param({"notes": "x", "held_on": "2026-11-25"}, "held_on", id="not-held-yet"),
        pytest.param({"notes": "x", "held_on": "2026-01-02"}, "held_on", id="long-ago"),
    ],
)
def test_mistakes_are_shown_at_their_field_and_what_was_written_is_kept(
    office: Runtime, office_bot: App, slack: SlackWorld, entered: dict[str, str], field: str
) -> None:
    _ = office_bot
    opened(slack)
    assert field in slack.sandbox.submit_view("maria", entered).errors
    assert rows(office, OneOnOneRow) == []
    slack.sandbox.close_view("maria")
    again = str(opened(slack).content)
    assert all(value in again for value in entered.values())


def test_a_draft_is_gone_once_it_was_saved(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    opened(slack)
    slack.sandbox.submit_view("maria", {"commitment": "Call Acme"})
    slack.sandbox.close_view("maria")
    assert len(rows(office, DraftRow)) == 1
    opened(slack)
    slack.sandbox.submit_view("maria", {"due_on": FRIDAY.isoformat()})
    assert promise(office).words == "Call Acme"
    assert rows(office, DraftRow) == []


def test_written_twice_for_a_day_it_is_one_and_the_rep_is_told_once(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    for words in ("first", "second"):
        opened(slack)
        slack.sandbox.submit_view("maria", {"notes": words})
    [row] = rows(office, OneOnOneRow)
    assert isinstance(row, OneOnOneRow)
    assert row.notes == "second"
    deliver(office, slack.messenger)
    assert len(slack.sandbox.direct_messages_to("kim")) == 1


def test_the_button_of_somebody_elses_brief_opens_nothing(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    brief = answers(slack, "/coach @kim", person="maria")
    with transaction(office.database) as session:
        session.get_one(CrmUserRow, CRM_IDS["kim"]).manager_id = None
    slack.sandbox.press("maria", brief, "one_on_one.write")
    wait_until(lambda: "between a rep" in str(slack.sandbox.ephemerals_for("maria")))
    assert slack.sandbox.modal_of("maria") is None
