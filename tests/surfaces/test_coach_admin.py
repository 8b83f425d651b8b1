"""/coach-admin: what feeds the bot, what it may say, what it held back, and the stop."""

from dataclasses import replace

import pytest
from slack_bolt import App
from sqlmodel import Session, col, select
from syrupy.assertion import SnapshotAssertion

from bot.domain.errors import CoachingError, NotAllowed, UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.nudge import HoldReason
from bot.flows.coach import coach
from bot.flows.deliver import deliver
from bot.flows.match_people import match_people
from bot.queries.permissions import require_admin
from bot.runtime import Runtime
from bot.storage.database import open_database, reading, transaction
from bot.storage.decisions import DecisionRow
from bot.storage.mirror.user import CrmUserRow
from bot.storage.people import AdminMatchRow, SlackMatchRow
from bot.storage.roster import read_roster
from bot.storage.switches import AuditRow
from bot.surfaces.home import home_for, load_homes
from integrations.sandbox.slack.blockkit.validate import complaints_about_view
from integrations.slack.directory import SlackDirectory
from tests.office import answers, asked, read_aloud
from tests.slack_world import CRM_IDS, SlackWorld, given_nudge, given_people


@pytest.fixture
def office(office: Runtime) -> Runtime:
    """Maria and Sam are admins."""
    admins = frozenset({"maria@acme.example", "sam@acme.example"})
    return replace(office, organisation=replace(office.organisation, admins=admins))


def deeds(runtime: Runtime) -> list[tuple[str, str]]:
    row = AuditRow
    with Session(runtime.database) as session:
        found = session.exec(select(row).order_by(col(row.id)))
        return [(each.by_name, each.deed) for each in found]


def test_the_overview_reads_as_it_should(office: Runtime, snapshot: SnapshotAssertion) -> None:
    given_nudge(office, rule="no_activity", held=HoldReason.DAILY_CAP)
    asked(office, "/coach-admin rule single threaded shadow", by="maria")
    assert read_aloud(office, "/coach-admin", by="maria") == snapshot


def test_nothing_leaves_while_it_is_stopped_and_what_waited_leaves_afterwards(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_nudge(office)
    text = str(answers(slack, "/coach-admin stop wrong numbers", person="maria").blocks)
    assert "nothing leaves" in text
    assert "1 waiting to leave" in text
    assert deliver(office, slack.messenger).ended == {}
    assert slack.sandbox.direct_messages_to("kim") == []
    assert "what waited leaves now" in asked(office, "/coach-admin start", by="maria")
    deliver(office, slack.messenger)
    assert len(slack.sandbox.direct_messages_to("kim")) == 1
    assert deeds(office) == [
        ("Maria Lopez", "stopped everything: wrong numbers"),
        ("Maria Lopez", "let everything go on"),
    ]


def test_another_instance_obeys_the_stop_as_well(office: Runtime, slack: SlackWorld) -> None:
    given_nudge(office)
    asked(office, "/coach-admin stop", by="maria")
    elsewhere = replace(office, database=open_database(str(office.database.url)))
    assert deliver(elsewhere, slack.messenger).ended == {}
    elsewhere.database.dispose()


def test_what_is_decided_while_it_is_stopped_is_held_and_says_why(office: Runtime) -> None:
    asked(office, "/coach-admin stop", by="maria")
    coach(office)
    with Session(office.database) as session:
        reasons = set(session.exec(select(DecisionRow.reason)).all())
    assert reasons == {HoldReason.KILL_SWITCH}
    assert "an admin has stopped all nudges" in asked(office, "/coach-admin held", by="maria")


def reasons_of(runtime: Runtime, rule: str) -> set[str | None]:
    with Session(runtime.database) as session:
        wanted = select(DecisionRow.reason).where(col(DecisionRow.rule) == rule)
        return set(session.exec(wanted).all())


@pytest.mark.parametrize(
    ("state", "reason"), [("off", HoldReason.RULE_OFF), ("shadow", HoldReason.SHADOW)]
)
def test_a_rule_that_was_switched_is_held_for_that_reason(
    office: Runtime, state: str, reason: HoldReason
) -> None:
    asked(office, f"/coach-admin rule past due close date {state}", by="maria")
    assert f"`past_due_close_date`): {state}, by Maria Lopez" in asked(
        office, "/coach-admin rules", by="maria"
    ).replace("\u200b", "")
    coach(office)
    assert reasons_of(office, "past_due_close_date") == {reason}


def test_a_rule_can_be_switched_on_against_app_yaml_and_left_to_it_again(office: Runtime) -> None:
    off = frozenset({"past_due_close_date"})
    office = replace(office, policy=replace(office.policy, rules_off=off))
    for state, shown in (("on", "on, by Maria"), ("default", "off")):
        asked(office, f"/coach-admin rule past_due_close_date {state}", by="maria")
        text = asked(office, "/coach-admin rules", by="maria").replace("\u200b", "")
        assert f"`past_due_close_date`): {shown}" in text


def test_an_admin_whom_the_crm_does_not_know_may_ask_too(
    office: Runtime, slack: SlackWorld
) -> None:
    with transaction(office.database) as session:
        session.delete(session.get_one(CrmUserRow, CRM_IDS["sam"]))
        session.delete(session.get_one(SlackMatchRow, CRM_IDS["sam"]))
    match_people(
        office.database,
        SlackDirectory(slack.client),
        organisation=office.organisation,
        now=office.clock.now(),
    )
    asked(office, "/coach-admin stop", by="sam")
    assert deeds(office) == [("Sam Reyes", "stopped everything")]


@pytest.mark.parametrize(
    ("line", "by", "refusal", "hint"),
    [
        ("/coach-admin stop", "kim", NotAllowed, "app.yaml"),
        ("/coach-admin", "kim", NotAllowed, "app.yaml"),
        ("/coach-admin share", "maria", NotAllowed, "shows it to you"),
        ("/coach-admin dance", "maria", UnclearWords, "stop | start"),
        ("/coach-admin rule", "maria", UnclearWords, "no_activity off"),
        ("/coach-admin rule nonsense off", "maria", UnclearWords, "Quiet deal"),
    ],
)
def test_others_and_odd_words_get_a_hint_and_nothing_changes(
    office: Runtime, line: str, by: str, refusal: type[CoachingError], hint: str
) -> None:
    with pytest.raises(refusal) as refused:
        asked(office, line, by=by)
    assert hint in refused.value.hint
    assert deeds(office) == []


def home(runtime: Runtime, person: str) -> str:
    view = home_for(SlackUserId(f"U0{person.upper()}"), load_homes(), runtime)
    assert complaints_about_view(view.payload) == []
    return str(view.payload["blocks"])


def test_an_admins_home_ends_with_what_admins_see_and_nobody_elses_does(office: Runtime) -> None:
    asked(office, "/coach-admin stop", by="maria")
    shown = home(office, "maria")
    assert shown.index("Maria's team") < shown.index("For admins") < shown.index("Stopped")
    assert "For admins" not in home(office, "kim")


def test_an_admin_whom_the_crm_does_not_know_has_a_home_too(office: Runtime) -> None:
    with transaction(office.database) as session:
        session.delete(session.get_one(CrmUserRow, CRM_IDS["sam"]))
        session.delete(session.get_one(SlackMatchRow, CRM_IDS["sam"]))
    assert "match people by e-mail" in home(office, "sam")
    with transaction(office.database) as session:
        now = office.clock.now()
        session.add(
            AdminMatchRow(slack_id="U0SAM", email="sam@acme.example", name="Sam", matched_at=now)
        )
    shown = home(office, "sam")
    assert "For admins" in shown
    assert "match people by e-mail" not in shown


def test_an_admin_who_neither_sells_nor_leads_reads_their_own_clock(office: Runtime) -> None:
    now = office.clock.now()
    with transaction(office.database) as session:
        session.add(
            CrmUserRow(
                id="005000000000009AAA",
                name="Ruth Feldmann",
                email="Sam@acme.example",
                title="Revenue Operations",
                is_active=True,
                time_zone="America/Chicago",
                locale="en_US",
                created_at=now,
                stamp=now,
            )
        )
        session.delete(session.get_one(CrmUserRow, CRM_IDS["sam"]))
        session.delete(session.get_one(SlackMatchRow, CRM_IDS["sam"]))
        session.add(
            AdminMatchRow(slack_id="U0SAM", email="sam@acme.example", name="Ruth", matched_at=now)
        )
    with reading(office.database) as session:
        roster = read_roster(session, office.organisation)
        ruth = require_admin(
            session, SlackUserId("U0SAM"), roster=roster, organisation=office.organisation
        )
    assert (ruth.zone, ruth.locale) == ("America/Chicago", "en_US")


def test_switches_and_admins_are_kept_on_either_database(
    runtime: Runtime, slack: SlackWorld
) -> None:
    given_people(runtime)
    admins = frozenset({"maria@acme.example"})
    runtime = replace(runtime, organisation=replace(runtime.organisation, admins=admins))
    for _ in range(2):
        match_people(
            runtime.database,
            SlackDirectory(slack.client),
            organisation=runtime.organisation,
            now=runtime.clock.now(),
        )
    given_nudge(runtime, rule="no_activity", held=HoldReason.DAILY_CAP)
    asked(runtime, "/coach-admin rule no_activity off", by="maria")
    asked(runtime, "/coach-admin stop", by="maria")
    text = asked(runtime, "/coach-admin", by="maria")
    assert "Quiet deal: off, by Maria Lopez" in text
    assert "enough was said today (1)" in text
