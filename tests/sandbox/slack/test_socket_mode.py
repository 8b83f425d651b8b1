"""An unmodified Bolt app over Socket Mode: events, and links that come and go."""

import json

import pytest
import websockets.sync.client as sync
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import ConnectionClosed

from tests.sandbox.slack.stage import Connect, Eventually, Leave, Slack


def test_the_bot_hears_its_direct_messages_and_mentions_but_not_what_others_write(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.event("message")(lambda event: heard.append(("message", event["channel_type"])))
    app.event("app_mention")(lambda event: heard.append(("mention", event["text"])))
    bot = slack.sandbox.workspace.bot
    with connected(slack, app):
        slack.sandbox.say("raj", "general", "the bot is not in here")
        slack.sandbox.say("raj", "raj", "a direct message")
        eventually(lambda: ("message", "im") in heard)
        slack.sandbox.say("tom", "sales", f"@{bot.name} hello")
        eventually(lambda: len(heard) >= 3)
    assert sorted(heard) == [
        ("mention", f"<@{bot.user_id}> hello"),
        ("message", "channel"),
        ("message", "im"),
    ]


def test_the_bots_own_messages_come_with_its_bot_id_and_bolt_passes_them_over(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.event("message")(lambda event: heard.append(event["text"]))
    with connected(slack, app):
        slack.client.chat_postMessage(channel="U0TOM", text="from the bot")
        slack.sandbox.say("tom", "tom", "from Tom")
        eventually(lambda: heard)
        events = eventually(lambda: slack.sandbox.log(name="event message")[1:])
    assert heard == ["from Tom"]
    assert [each.verdict for each in events] == ["acknowledged"]


def test_joining_a_channel_of_the_bot_is_told(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.event("member_joined_channel")(lambda event: heard.append(event["user"]))
    app.event("message")(lambda: None)
    with connected(slack, app):
        slack.sandbox.say("raj", "sales", "hello, I just joined")
        assert eventually(lambda: heard) == ["U0RAJ"]


def test_an_event_nobody_acknowledges_is_delivered_four_times_with_the_reason(
    impatient: Slack, eventually: Eventually, leave: Leave
) -> None:
    client = SocketModeClient(
        app_token=impatient.credentials.app_token, web_client=impatient.client, ping_interval=2
    )
    seen = []
    client.socket_mode_request_listeners.append(
        lambda _client, request: seen.append((request.retry_attempt, request.retry_reason))
    )
    client.connect()
    try:
        eventually(impatient.sandbox.deliveries.hub.count)
        impatient.sandbox.open_home("tom")
        eventually(lambda: len(seen) == 4)
    finally:
        leave(impatient, client)
    assert seen == [
        (0, ""),
        (1, "http_timeout"),
        (2, "http_timeout"),
        (3, "http_timeout"),
    ]


def test_an_event_from_while_no_socket_was_open_arrives_as_a_retry(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.event("app_home_opened")(lambda body: heard.append(body["event_id"]))
    slack.sandbox.open_home("tom")
    with connected(slack, app):
        eventually(lambda: heard)
    attempts = [
        each.detail.get("attempt", 0)
        for each in slack.sandbox.log()
        if each.name == "event app_home_opened"
    ]
    assert attempts[0] == 0
    assert max(attempts) >= 1


def test_each_payload_goes_to_exactly_one_of_several_links(
    slack: Slack, connected: Connect
) -> None:
    apps, heard = [slack.app(), slack.app()], []

    @apps[0].command("/who")
    def first(ack: Ack) -> None:
        heard.append("first")
        ack()

    @apps[1].command("/who")
    def second(ack: Ack) -> None:
        heard.append("second")
        ack()

    with connected(slack, apps[0]), connected(slack, apps[1]):
        for _ in range(6):
            slack.sandbox.type_command("maya", "sales", "/who")
    assert sorted(heard) == ["first"] * 3 + ["second"] * 3


def test_an_eleventh_link_is_shown_out(slack: Slack, eventually: Eventually, leave: Leave) -> None:
    clients, goodbyes = [], []
    try:
        for _ in range(11):
            client = SocketModeClient(
                app_token=slack.credentials.app_token,
                web_client=slack.client,
                auto_reconnect_enabled=False,
            )
            client.on_message_listeners.append(
                lambda message: (
                    goodbyes.append(message) if "too_many_websockets" in message else None
                )
            )
            clients.append(client)
            client.connect()
        eventually(lambda: goodbyes)
        assert slack.sandbox.deliveries.hub.count() == 10
    finally:
        for client in clients:
            leave(slack, client)


def test_a_link_asked_to_refresh_is_replaced_without_a_gap(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app = slack.app()
    app.command("/hi")(lambda ack: ack())
    with connected(slack, app):
        slack.sandbox.disconnect_sockets("refresh_requested")
        eventually(lambda: slack.sandbox.deliveries.hub.count() == 1)
        assert slack.sandbox.type_command("maya", "sales", "/hi").is_acknowledged
        opened = [
            each for each in slack.sandbox.log(name="socket") if each.verdict == "link opened"
        ]
    assert len(opened) == 2


def test_after_a_reset_of_the_connection_the_app_comes_back(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app = slack.app()
    app.command("/hi")(lambda ack: ack())
    with connected(slack, app, ping_interval=0.3):
        slack.sandbox.break_sockets()
        assert slack.sandbox.type_command("maya", "sales", "/hi").verdict == "dispatch_failed"
        eventually(lambda: slack.sandbox.deliveries.hub.count() == 1, seconds=10)
        assert slack.sandbox.type_command("maya", "sales", "/hi").is_acknowledged


def test_a_ticket_opens_one_socket_only(slack: Slack) -> None:
    app_client = WebClient(token=slack.credentials.app_token, base_url=f"{slack.url}/api/")
    url = app_client.apps_connections_open(app_token=slack.credentials.app_token)["url"]
    with sync.connect(url) as first:
        assert '"hello"' in first.recv(timeout=5)
    with pytest.raises(Exception, match="403"), sync.connect(url):
        pass


def test_several_acknowledgements_of_one_envelope_count_once(
    slack: Slack, eventually: Eventually, leave: Leave
) -> None:
    client = SocketModeClient(app_token=slack.credentials.app_token, web_client=slack.client)

    def twice(given: BaseSocketModeClient, request: SocketModeRequest) -> None:
        for words in ("first", "second"):
            given.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload={"text": words})
            )

    client.socket_mode_request_listeners.append(twice)
    client.connect()
    try:
        eventually(slack.sandbox.deliveries.hub.count)
        slack.sandbox.type_command("maya", "sales", "/hi")
    finally:
        leave(slack, client)
    assert [each.text for each in slack.sandbox.ephemerals_for("maya")] == ["first"]


def test_hello_says_who_is_connected_and_a_disabled_link_ends(
    slack: Slack, eventually: Eventually
) -> None:
    client = WebClient(token=slack.credentials.app_token, base_url=f"{slack.url}/api/")
    url = client.apps_connections_open(app_token=slack.credentials.app_token)["url"]
    with sync.connect(url) as link:

        def next_message() -> dict[str, object]:
            return dict(json.loads(link.recv(timeout=20)))

        hello = next_message()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": slack.sandbox.workspace.bot.app_id}
        slack.sandbox.disconnect_sockets("link_disabled")
        goodbye = next_message()
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "link_disabled")
        with pytest.raises(ConnectionClosed):
            link.recv(timeout=20)
    eventually(lambda: slack.sandbox.deliveries.hub.count() == 0)
