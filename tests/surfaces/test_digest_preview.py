"""A digest that the manager sees first: posted, dropped, and nobody else's to decide."""

from dataclasses import replace
from datetime import timedelta

import pytest
from slack_bolt import App
from sqlmodel import Session, col, select

from bot.flows.deliver import deliver
from bot.flows.digest import DigestReport, digest
from bot.runtime import Runtime
from bot.storage.outbox import DeliveryRow, DeliveryState
from bot.storage.people import SlackMatchRow
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.state.values import Message
from integrations.slack.directory import SlackDirectory
from tests.slack_world import CRM_IDS, SlackWorld, wait_until


@pytest.fixture
def office(office: Runtime) -> Runtime:
    organisation = replace(office.organisation, previews_digest=True, default_channel="sales")
    return replace(office, organisation=organisation)


def made(office: Runtime, slack: SlackWorld) -> DigestReport:
    report = digest(office, SlackDirectory(slack.client))
    deliver(office, slack.messenger)
    return report


def preview(slack: SlackWorld) -> Message:
    found = [each for each in slack.sandbox.direct_messages_to("maria") if "Before" in each.text]
    assert len(found) == 1
    return found[0]


def state(office: Runtime) -> str:
    row = DeliveryRow
    with Session(office.database) as session:
        return session.exec(select(row.state).where(col(row.recipient) == "C0SALES")).one()


def test_nothing_is_posted_before_the_yes_and_once_after_it(
    office: Runtime, office_bot: App, slack: SlackWorld, clock: SandboxClock
) -> None:
    _ = office_bot
    for _ in range(2):
        made(office, slack)
    assert slack.sandbox.messages_in("sales") == []
    for _ in range(2):
        slack.sandbox.press("maria", preview(slack), "digest.post")
    wait_until(lambda: "✓ Posted" in str(preview(slack).blocks))
    clock.wind(timedelta(minutes=1))
    deliver(office, slack.messenger)
    posted = [each for each in slack.sandbox.messages_in("sales") if each.thread_ts is None]
    assert len(posted) == 1
    assert "Before it is posted" not in str(posted[0].blocks)


def test_what_is_dropped_is_never_posted(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    made(office, slack)
    shown = preview(slack)
    slack.sandbox.press("maria", shown, "digest.drop")
    wait_until(lambda: "Not posted" in str(preview(slack).blocks))
    slack.sandbox.press("maria", shown, "digest.post")
    deliver(office, slack.messenger)
    assert state(office) == DeliveryState.DROPPED
    assert slack.sandbox.messages_in("sales") == []


def test_nobody_else_decides_about_it(office: Runtime, office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    made(office, slack)
    slack.sandbox.press("kim", preview(slack), "digest.post")
    assert "somebody else" in str(wait_until(lambda: slack.sandbox.ephemerals_for("kim")))
    assert state(office) == DeliveryState.HELD


def test_without_anybody_to_ask_it_is_not_posted_and_says_so(
    office: Runtime, slack: SlackWorld
) -> None:
    with Session(office.database) as session:
        session.get_one(SlackMatchRow, CRM_IDS["maria"]).slack_id = None
        session.commit()
    reasons = [line.reason for line in made(office, slack).lines]
    assert reasons == ["nobody in Slack can say yes to it", "the manager is not in Slack"]
    assert slack.sandbox.messages_in("sales") == []
