"""Forms for a next step and for days off: kept, shown, and mistakes said at their field."""

from dataclasses import replace
from datetime import date

import pytest
from slack_bolt import App
from sqlmodel import Session, SQLModel, col, select

from bot.flows.coach import coach
from bot.flows.deliver import deliver
from bot.runtime import Runtime
from bot.storage.crm_writes import CrmWriteRow
from bot.storage.database import transaction
from bot.storage.decisions import AnswerRow, CoachedRow, DecisionRow
from bot.storage.next_steps import LoggedStepRow
from bot.storage.people import LeaveRow
from integrations.sandbox.slack.state.values import Message, View
from tests.office import answers, asked
from tests.slack_world import CRM_IDS, SlackWorld, wait_until

ACME = "006000000000001AAA"
CRM_FIELDS = {"target", "close_on", "done"}
GOOD = {"deal": ACME, "step": "Send  <b>the</b> offer", "due_on": "2026-11-27"}


def rows(runtime: Runtime, table: type[SQLModel]) -> list[SQLModel]:
    with Session(runtime.database) as session:
        return list(session.exec(select(table)))


def noticed(runtime: Runtime, rule: str) -> list[str]:
    """The deals that a rule names to Kim when everybody is judged anew."""
    with transaction(runtime.database) as session:
        for row in [*session.exec(select(DecisionRow)), *session.exec(select(CoachedRow))]:
            session.delete(row)
    coach(runtime)
    row = DecisionRow
    with Session(runtime.database) as session:
        wanted = select(row).where(col(row.rule) == rule, col(row.to_id) == CRM_IDS["kim"])
        return [record for each in session.exec(wanted) for record in each.records]


@pytest.fixture
def office(office: Runtime, request: pytest.FixtureRequest) -> Runtime:
    """Nothing else is said that could use up the day's room."""
    only = {key: rule for key, rule in office.rules.items() if key == "no_next_step"}
    writes = "writing_office" in request.fixturenames
    return replace(
        office, rules=only, organisation=replace(office.organisation, writes_back=writes)
    )


@pytest.fixture
def writing_office(office: Runtime) -> Runtime:
    """The office, where app.yaml lets reps write to Salesforce."""
    return office


@pytest.fixture
def nudge(office: Runtime, office_bot: App, slack: SlackWorld) -> Message:
    """Kim was told that three deals have no next step."""
    _ = office_bot
    coach(office)
    deliver(office, slack.messenger)
    return wait_until(lambda: slack.sandbox.direct_messages_to("kim"))[0]


def opened(slack: SlackWorld, nudge: Message) -> View:
    slack.sandbox.press("kim", nudge, "nudge.next_step")
    return wait_until(lambda: slack.sandbox.modal_of("kim"))


def test_a_next_step_is_kept_and_the_nudge_is_done(
    office: Runtime, nudge: Message, slack: SlackWorld
) -> None:
    assert "Acme" in str(opened(slack, nudge).content)
    assert slack.sandbox.submit_view("kim", GOOD).is_acknowledged
    wait_until(lambda: "✓ Done" in str(slack.sandbox.direct_messages_to("kim")[0].blocks))
    [step] = rows(office, LoggedStepRow)
    assert isinstance(step, LoggedStepRow)
    assert (step.words, step.due_on) == ("Send <b>the</b> offer", date(2026, 11, 27))
    [answer] = rows(office, AnswerRow)
    assert isinstance(answer, AnswerRow)
    assert answer.reason == "next step: Send <b>the</b> offer"


def crm_fields(view: View) -> set[str]:
    blocks = view.content["blocks"]
    return {each["block_id"] for each in blocks if each["type"] == "input"} & CRM_FIELDS


def test_nothing_is_offered_to_be_written_before_app_yaml_allows_it(
    office: Runtime, nudge: Message, slack: SlackWorld
) -> None:
    view = opened(slack, nudge)
    assert crm_fields(view) == set()
    assert "I write nothing to Salesforce" in str(view.content)
    slack.sandbox.submit_view("kim", GOOD)
    wait_until(lambda: rows(office, AnswerRow))
    assert rows(office, CrmWriteRow) == []


@pytest.mark.parametrize(
    ("asked_for", "written"),
    [
        ({"target": "step"}, [("opportunity", {"next_step"})]),
        ({"target": "nothing", "close_on": "2026-12-20"}, [("opportunity", {"close_on", "note"})]),
        (
            {"target": "step_and_task"},
            [
                ("opportunity", {"next_step"}),
                ("crm_task", {"subject", "what_id", "activity_on", "owner_id", "note"}),
            ],
        ),
        (
            {"target": "nothing", "done": "Called Anna"},
            [("crm_task", {"subject", "what_id", "activity_on", "owner_id", "note", "status"})],
        ),
        ({"target": "nothing"}, []),
    ],
)
def test_what_the_rep_chooses_is_written_once_however_often_slack_delivers_the_form(
    writing_office: Runtime,
    nudge: Message,
    slack: SlackWorld,
    asked_for: dict[str, str],
    written: list[tuple[str, set[str]]],
) -> None:
    view = opened(slack, nudge)
    assert crm_fields(view) == CRM_FIELDS
    assert "next step empty, closes" in str(view.content)
    slack.sandbox.submit_view("kim", {**GOOD, **asked_for})
    wait_until(lambda: rows(writing_office, AnswerRow))
    opened(slack, nudge)
    slack.sandbox.submit_view("kim", {**GOOD, **asked_for})
    wait_until(lambda: slack.sandbox.modal_of("kim") is None)
    found = [
        (row.table_name, set(row.values))
        for row in rows(writing_office, CrmWriteRow)
        if isinstance(row, CrmWriteRow)
    ]
    assert found == written


def test_a_deal_with_a_logged_step_is_no_longer_without_one(
    office: Runtime, nudge: Message, slack: SlackWorld
) -> None:
    opened(slack, nudge)
    slack.sandbox.submit_view("kim", GOOD)
    with transaction(office.database) as session:
        for row in session.exec(select(AnswerRow)):
            session.delete(row)
    found = noticed(office, "no_next_step")
    assert found
    assert ACME not in found


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"step": "   "}, "step"),
        ({"due_on": "2026-11-23"}, "due_on"),
        ({"due_on": "2028-01-01"}, "due_on"),
    ],
)
def test_mistakes_in_a_next_step_are_said_at_their_field(
    office: Runtime, nudge: Message, slack: SlackWorld, wrong: dict[str, str], field: str
) -> None:
    opened(slack, nudge)
    assert list(slack.sandbox.submit_view("kim", {**GOOD, **wrong}).errors) == [field]
    assert rows(office, LoggedStepRow) == []


def test_nobody_else_may_log_it(nudge: Message, slack: SlackWorld) -> None:
    slack.sandbox.press("sam", nudge, "nudge.next_step")
    assert "somebody else" in str(wait_until(lambda: slack.sandbox.ephemerals_for("sam")))
    assert slack.sandbox.modal_of("sam") is None


def leave_form(slack: SlackWorld) -> None:
    slack.sandbox.press("kim", answers(slack, "/ooo", person="kim"), "leave.enter")
    wait_until(lambda: slack.sandbox.modal_of("kim"))


def test_days_off_are_entered_in_a_form(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    leave_form(slack)
    slack.sandbox.submit_view("kim", {"first": "2026-12-24", "last": "2027-01-02"})
    assert "Thu 24 Dec to Sat 2 Jan" in str(wait_until(lambda: slack.sandbox.modal_of("kim")))
    [row] = rows(office, LeaveRow)
    assert isinstance(row, LeaveRow)
    assert (row.first_day, row.last_day) == (date(2026, 12, 24), date(2027, 1, 2))
    assert "Thu 24 Dec" in asked(office, "/ooo")


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"first": "2026-12-24", "last": "2026-12-23"}, "last"),
        ({"first": "2026-12-24", "last": "2028-12-23"}, "last"),
        ({"first": "2036-12-24"}, "first"),
    ],
)
def test_days_that_cannot_be_meant_are_refused_at_their_field(
    office: Runtime, office_bot: App, slack: SlackWorld, entered: dict[str, str], field: str
) -> None:
    _ = office_bot
    leave_form(slack)
    assert list(slack.sandbox.submit_view("kim", entered).errors) == [field]
    assert rows(office, LeaveRow) == []
