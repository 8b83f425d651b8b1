"""The Home tab and the chat with the bot, seen in the sandbox."""

import pytest

from bot.domain.nudge import HoldReason
from bot.flows.deliver import deliver
from bot.runtime import Runtime
from integrations.sandbox.slack.state.values import View
from tests.slack_world import SlackWorld, given_nudge, given_people, wait_until

pytestmark = pytest.mark.usefixtures("bot")


def home(slack: SlackWorld, person: str) -> str:
    slack.sandbox.open_home(person)
    return str(_published(slack, person).content)


def _published(slack: SlackWorld, person: str) -> View:
    return wait_until(lambda: slack.sandbox.home_of(person))


def test_a_rep_sees_what_is_open_and_what_was_held_back(
    runtime: Runtime, slack: SlackWorld
) -> None:
    given_people(runtime)
    given_nudge(runtime)
    given_nudge(runtime, rule="no_activity", held=HoldReason.COOLING_DOWN)
    text = home(slack, "kim")
    assert "Past-due close date" in text
    assert "this was said not long ago" in text


def test_why_is_answered_from_the_home_tab_too(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    given_nudge(runtime)
    slack.sandbox.open_home("kim")
    slack.sandbox.press("kim", _published(slack, "kim"), "nudge.why")
    assert wait_until(lambda: slack.sandbox.modal_of("kim"))


def test_an_answered_nudge_is_no_longer_open(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    given_nudge(runtime)
    deliver(runtime, slack.messenger)
    [message] = slack.sandbox.direct_messages_to("kim")
    slack.sandbox.press("kim", message, "nudge.done")
    wait_until(lambda: "✓ Done" in str(slack.sandbox.direct_messages_to("kim")[0].blocks))
    assert "Nothing is open" in home(slack, "kim")


def test_a_manager_sees_the_team(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    assert "Maria's team" in home(slack, "maria")


def test_a_stranger_is_told_how_to_be_known(slack: SlackWorld) -> None:
    assert "match people by e-mail" in home(slack, "kim")


def test_whoever_writes_to_the_bot_is_told_what_it_can_do(slack: SlackWorld) -> None:
    slack.sandbox.say("kim", "kim", "hello?")
    messages = wait_until(lambda: slack.sandbox.direct_messages_to("kim")[1:])
    assert "/nudges" in str(messages[0].blocks)
    assert len(slack.sandbox.direct_messages_to("kim")) == 2
