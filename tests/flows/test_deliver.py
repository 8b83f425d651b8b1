"""Nobody is told a thing twice, and nothing is lost: lost replies, limits, revoked tokens."""

from datetime import timedelta

import pytest

from bot.domain.errors import CredentialsRefused
from bot.domain.message import Message
from bot.flows.deliver import MOST_ATTEMPTS, deliver
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.outbox import enqueue
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.flows.outbox_words import KIM, SAM, given_message, rows, texts
from tests.slack_world import SlackWorld


def test_a_due_message_is_sent_once_with_its_receipt(runtime: Runtime, slack: SlackWorld) -> None:
    given_message(runtime, "a")
    assert deliver(runtime, slack.messenger).sent == 1
    assert deliver(runtime, slack.messenger).sent == 0
    [row] = rows(runtime.database)
    [message] = slack.sandbox.direct_messages_to("kim")
    assert (row.state, row.ts, row.channel) == ("sent", message.ts, message.channel)


def test_a_message_waits_for_its_time(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        enqueue(
            session,
            dedupe_key="later",
            kind="nudge",
            recipient=KIM,
            message=Message(text="Later"),
            not_before=now + timedelta(hours=1),
            now=now,
        )
    assert deliver(runtime, slack.messenger).sent == 0
    clock.wind(timedelta(hours=1))
    assert deliver(runtime, slack.messenger).sent == 1


def test_the_same_key_is_enqueued_once(runtime: Runtime, slack: SlackWorld) -> None:
    given_message(runtime, "a")
    given_message(runtime, "a", text="Again")
    deliver(runtime, slack.messenger)
    assert texts(slack) == ["Hello"]


def test_a_lost_reply_is_looked_for_and_not_sent_again(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    given_message(runtime, "a")
    assert deliver(runtime, slack.messenger).ended == {"unknown": 1}
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"found": 1}
    assert texts(slack) == ["Hello"]
    assert rows(runtime.database)[0].ts is not None


def test_a_call_that_never_arrived_is_sent_after_looking(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.RESET, method="chat.postMessage"))
    given_message(runtime, "a")
    assert deliver(runtime, slack.messenger).ended == {"unknown": 1}
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"sent": 1}
    assert texts(slack) == ["Hello"]


def test_when_looking_fails_too_the_message_stays_in_doubt(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    slack.sandbox.faults.add(Fault(kind=FaultKind.RATE_LIMITED, method="conversations.history"))
    given_message(runtime, "a")
    deliver(runtime, slack.messenger)
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"unknown": 1}
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"found": 1}
    assert texts(slack) == ["Hello"]


def test_a_thread_is_taken_up_where_it_broke_off(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a", thread=3)
    messenger = slack.messenger
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage", times=1))
    deliver(runtime, messenger)
    slack.sandbox.faults.add(Fault(kind=FaultKind.UNAVAILABLE, method="chat.postMessage"))
    clock.wind(timedelta(minutes=1))
    deliver(runtime, messenger)
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    clock.wind(timedelta(minutes=5))
    deliver(runtime, messenger)
    clock.wind(timedelta(minutes=5))
    assert deliver(runtime, messenger).sent == 1
    assert texts(slack) == ["Hello", "Hello, part 1", "Hello, part 2", "Hello, part 3"]
    parent, *parts = slack.sandbox.direct_messages_to("kim")
    assert {part.thread_ts for part in parts} == {parent.ts}


def test_a_rate_limit_puts_one_delivery_back_and_lets_others_pass(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(
        Fault(kind=FaultKind.RATE_LIMITED, method="chat.postMessage", seconds=30)
    )
    given_message(runtime, "a")
    given_message(runtime, "b", to=SAM)
    assert deliver(runtime, slack.messenger).ended == {"retry": 1, "sent": 1}
    assert (texts(slack), texts(slack, "sam")) == ([], ["Hello"])
    clock.wind(timedelta(seconds=30))
    deliver(runtime, slack.messenger)
    assert texts(slack) == ["Hello"]


def test_a_recipient_who_is_gone_is_not_tried_again(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a", to="U0NOBODY")
    assert deliver(runtime, slack.messenger).ended == {"failed": 1}
    clock.wind(timedelta(days=1))
    assert deliver(runtime, slack.messenger).ended == {}


def test_a_revoked_token_stops_the_run_and_loses_nothing(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a")
    given_message(runtime, "b")
    slack.sandbox.uninstall()
    with pytest.raises(CredentialsRefused, match="SLACK_BOT_TOKEN"):
        deliver(runtime, slack.messenger)
    slack.sandbox.installation.is_uninstalled = False
    clock.wind(timedelta(hours=1))
    assert deliver(runtime, slack.messenger).sent == 2


def test_an_unreachable_slack_is_given_up_after_many_tries_not_at_once(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a")
    slack.client.base_url = "http://127.0.0.1:9/api/"
    for _ in range(MOST_ATTEMPTS - 1):
        assert deliver(runtime, slack.messenger).ended == {"retry": 1}
        clock.wind(timedelta(hours=2))
    assert deliver(runtime, slack.messenger).ended == {"failed": 1}
