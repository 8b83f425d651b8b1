"""Socket Mode in bad weather: refreshed links, broken lines and redelivered events."""

import time

import pytest

from bot.runtime import Runtime
from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.slack_world import SlackWorld, given_people, wait_until

pytestmark = pytest.mark.usefixtures("bot_on_socket")


def test_a_refreshed_link_loses_no_command(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    slack.sandbox.disconnect_sockets("refresh_requested")
    for _ in range(5):
        assert slack.sandbox.type_command("kim", "sales", "/nudges").is_acknowledged
    wait_until(lambda: len(slack.sandbox.ephemerals_for("kim")) == 5)


@pytest.mark.slow
def test_a_broken_line_is_noticed_and_mended(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    slack.sandbox.break_sockets()
    wait_until(lambda: slack.sandbox.deliveries.hub.count() > 0, seconds=30)
    assert slack.sandbox.type_command("kim", "sales", "/nudges").is_acknowledged


def test_an_event_delivered_twice_is_answered_once(slack: SlackWorld) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.REDELIVERY))
    slack.sandbox.say("kim", "kim", "hello?")
    lines = slack.sandbox.log
    wait_until(lambda: [each for each in lines(name="event message") if "attempt" in each.detail])
    wait_until(lambda: slack.sandbox.direct_messages_to("kim")[1:])
    time.sleep(0.5)
    assert len(slack.sandbox.direct_messages_to("kim")) == 2
