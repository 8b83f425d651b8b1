"""Troubles to order: what they do on the wire, and that they end after the ordered count."""

import time
from urllib.error import URLError

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.sandbox.slack.stage import Connect, Eventually, Json, Slack

NUDGE = {"event_type": "nudge", "event_payload": {"id": "n-1"}}


def test_a_rate_limit_says_how_long_to_wait_and_the_sdk_waits_that_long(slack: Slack) -> None:
    slack.sandbox.faults.add(
        Fault(kind=FaultKind.RATE_LIMITED, method="chat.postMessage", seconds=1)
    )
    patient = WebClient(
        token=slack.client.token,
        base_url=slack.client.base_url,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)],
    )
    started = time.monotonic()
    assert patient.chat_postMessage(channel="U0TOM", text="x")["ok"]
    assert time.monotonic() - started >= 1
    verdicts = [each.verdict for each in slack.sandbox.log(name="chat.postMessage")]
    assert verdicts == ["ratelimited", "ok"]


def test_a_fault_of_one_method_leaves_the_others_alone_and_ends_when_used_up(slack: Slack) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.UNAVAILABLE, method="users.info", times=2))
    assert slack.client.auth_test()["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError) as raised:
            slack.client.users_info(user="U0TOM")
        assert raised.value.response.status_code == 503
    assert slack.client.users_info(user="U0TOM")["ok"]
    assert slack.sandbox.faults.waiting() == []


def test_after_a_lost_reply_the_message_stands_and_is_found_by_its_metadata(slack: Slack) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    with pytest.raises(ConnectionError):
        slack.client.chat_postMessage(channel="U0TOM", text="once", metadata=NUDGE)
    direct = slack.client.conversations_open(users="U0TOM")["channel"]["id"]
    history = slack.client.conversations_history(channel=direct, include_all_metadata=True)
    assert [each["metadata"] for each in history["messages"]] == [NUDGE]


def test_the_sdks_own_retry_after_a_lost_reply_posts_twice_as_it_does_on_real_slack(
    slack: Slack,
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    hasty = WebClient(token=slack.client.token, base_url=slack.client.base_url)
    assert hasty.chat_postMessage(channel="U0TOM", text="x")["ok"]
    assert len(slack.sandbox.direct_messages_to("tom")) == 2


def test_a_reset_connection_leaves_nothing_behind(slack: Slack) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.RESET, method="chat.postMessage"))
    # urllib wraps a reset that comes while it still sends, and not one that comes afterwards.
    with pytest.raises((ConnectionResetError, URLError), match="reset by peer"):
        slack.client.chat_postMessage(channel="U0TOM", text="x")
    assert slack.sandbox.direct_messages_to("tom") == []


def test_a_slow_reply_outlasts_an_impatient_client_and_the_message_stands(
    slack: Slack, eventually: Eventually
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.SLOW, method="chat.postMessage", seconds=3))
    impatient = WebClient(
        token=slack.client.token, base_url=slack.client.base_url, timeout=1, retry_handlers=[]
    )
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel="U0TOM", text="x")
    eventually(lambda: len(slack.sandbox.direct_messages_to("tom")) == 1)


def test_an_acknowledged_event_can_come_twice_under_one_event_id(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.event("app_home_opened")(lambda body: heard.append(body["event_id"]))
    slack.sandbox.faults.add(Fault(kind=FaultKind.REDELIVERY))
    with connected(slack, app):
        slack.sandbox.open_home("tom")
        eventually(lambda: len(heard) == 2)
        time.sleep(0.5)
    assert len(heard) == 2
    assert len(set(heard)) == 1


def test_a_trigger_can_be_born_too_old(slack: Slack, connected: Connect) -> None:
    app, errors = slack.app(), []
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}

    @app.command("/plan")
    def plan(ack: Ack, body: Json, client: WebClient) -> None:
        try:
            client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            errors.append(error.response["error"])
        ack()

    slack.sandbox.faults.add(Fault(kind=FaultKind.EXPIRED_TRIGGER))
    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/plan")
        slack.sandbox.type_command("maya", "sales", "/plan")
    assert errors == ["expired_trigger_id"]
    assert slack.sandbox.modal_of("maya") is not None


def test_after_an_uninstall_the_app_is_told_and_its_token_is_dead(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.event("app_uninstalled")(lambda event: heard.append(event["type"]))
    with connected(slack, app):
        slack.sandbox.uninstall()
        eventually(lambda: heard)
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_postMessage(channel="U0TOM", text="x")
    assert raised.value.response["error"] == "account_inactive"
