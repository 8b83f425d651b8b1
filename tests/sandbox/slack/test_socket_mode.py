"""An unmodified Bolt app over Socket Mode: commands, presses, modals, home, events."""

import time
from typing import Any

import pytest
from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from integrations.sandbox.slack.acts import SLACKBOT
from integrations.sandbox.slack.state.values import View
from tests.sandbox.slack.stage import Connect, Eventually, Json, Leave, Opener, Slack


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(action_id: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def modal(*blocks: Any, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "plan",
        "title": plain("Plan"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


def modal_open(slack: Slack) -> View:
    """The modal on top of Maya's stack."""
    view = slack.sandbox.modal_of("maya")
    assert view is not None
    return view


PROMISE = {
    "type": "input",
    "block_id": "promise",
    "label": plain("Promise"),
    "element": {"type": "plain_text_input", "action_id": "words"},
}


def test_a_command_carries_who_where_and_what_and_is_answered_to_that_person_alone(
    slack: Slack, connected: Connect
) -> None:
    app, heard = slack.app(), {}

    @app.command("/team-health")
    def team_health(ack: Ack, body: Json) -> None:
        heard.update(body)
        ack("All well")

    with connected(slack, app):
        outcome = slack.sandbox.type_command("maya", "sales", "/team-health last 4 weeks")
    assert outcome.is_acknowledged
    assert (heard["user_id"], heard["channel_id"]) == ("U0MAYA", "C0SALES")
    assert (heard["command"], heard["text"]) == ("/team-health", "last 4 weeks")
    assert [each.text for each in slack.sandbox.ephemerals_for("maya")] == ["All well"]
    assert slack.sandbox.ephemerals_for("tom") == []
    assert slack.sandbox.messages_in("sales") == []


def test_a_command_without_an_acknowledgement_times_out_before_the_persons_eyes(
    slack: Slack, connected: Connect
) -> None:
    app = slack.app()

    @app.command("/slow")
    def slow(ack: Ack) -> None:
        time.sleep(1)
        ack("too late")

    with connected(slack, app):
        outcome = slack.sandbox.type_command("maya", "sales", "/slow")
    told = slack.sandbox.ephemerals_for("maya")
    assert outcome.verdict == "operation_timeout"
    assert [(each.author, each.text) for each in told] == [
        (SLACKBOT, '/slow failed with the error "operation_timeout"')
    ]


def test_a_command_that_nobody_listens_to_fails_at_once(slack: Slack) -> None:
    assert slack.sandbox.type_command("maya", "sales", "/hello").verdict == "dispatch_failed"


def test_with_a_manifest_only_its_commands_exist(opened: Opener, connected: Connect) -> None:
    manifest = {
        "features": {
            "slash_commands": [{"command": "/coach", "description": "x", "should_escape": True}]
        },
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"event_subscriptions": {"bot_events": []}},
    }
    with opened(manifest=manifest) as slack:
        app, texts = slack.app(), []

        @app.command("/coach")
        def coach(ack: Ack, body: Json) -> None:
            texts.append(body["text"])
            ack()

        with connected(slack, app):
            assert slack.sandbox.type_command("maya", "sales", "/coach @tom").is_acknowledged
            assert (
                slack.sandbox.type_command("maya", "sales", "/other").verdict == "invalid_command"
            )
    assert texts == ["<@U0TOM|tom>"]


def test_a_press_reaches_its_listener_and_the_answer_replaces_the_message(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app = slack.app()
    heard: Json = {}

    @app.action("done")
    def done(ack: Ack, body: Json, action: Json, respond: Respond) -> None:
        ack()
        heard.update(value=action["value"], container=body["container"], message=body["message"])
        respond("Marked as done", replace_original=True)

    slack.client.chat_postMessage(
        channel="U0TOM",
        text="A nudge",
        blocks=[{"type": "actions", "elements": [button("done", value="n-1")]}],
    )
    nudge = slack.sandbox.direct_messages_to("tom")[0]
    with connected(slack, app):
        assert slack.sandbox.press("tom", nudge, "done").is_acknowledged
        eventually(lambda: slack.sandbox.direct_messages_to("tom")[0].text == "Marked as done")
    replaced = slack.sandbox.direct_messages_to("tom")
    assert heard["value"] == "n-1"
    assert heard["container"]["message_ts"] == nudge.ts == replaced[0].ts
    assert heard["message"]["text"] == "A nudge"
    assert (len(replaced), replaced[0].blocks) == (1, ())


def test_a_select_in_a_message_sends_the_chosen_option_and_the_state_of_its_neighbours(
    slack: Slack, connected: Connect
) -> None:
    app, heard = slack.app(), {}
    app.action("window")(lambda ack, body: (heard.update(body), ack()))
    options = [{"text": plain("four"), "value": "4"}, {"text": plain("eight"), "value": "8"}]
    slack.client.chat_postMessage(
        channel="U0TOM",
        text="x",
        blocks=[
            {
                "type": "actions",
                "block_id": "b",
                "elements": [
                    {"type": "static_select", "action_id": "window", "options": options},
                    {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-09"},
                ],
            }
        ],
    )
    message = slack.sandbox.direct_messages_to("tom")[0]
    with connected(slack, app):
        slack.sandbox.press("tom", message, "window", chosen="8")
    assert heard["actions"][0]["selected_option"]["value"] == "8"
    assert heard["state"]["values"]["b"]["day"]["selected_date"] == "2026-03-09"
    assert heard["state"]["values"]["b"]["window"]["selected_option"]["value"] == "8"


def test_a_modal_opens_complains_at_the_field_and_closes_when_all_is_well(
    slack: Slack, connected: Connect
) -> None:
    app, kept = slack.app(), []

    @app.command("/plan")
    def plan(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(PROMISE))
        ack()

    @app.view("plan")
    def save(ack: Ack, view: Json) -> None:
        words = view["state"]["values"]["promise"]["words"]["value"]
        if not any(letter.isdigit() for letter in words):
            ack(response_action="errors", errors={"promise": "Name a number."})
            return
        kept.append(words)
        ack()

    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/plan")
        required = slack.sandbox.submit_view("maya", {"words": ""})
        refused = slack.sandbox.submit_view("maya", {"words": "more calls"})
        shown = modal_open(slack).errors
        accepted = slack.sandbox.submit_view("maya", {"words": "10 calls a day"})
    assert required.errors == {"promise": "Please complete this required field."}
    assert refused.errors == shown == {"promise": "Name a number."}
    assert accepted.is_acknowledged
    assert kept == ["10 calls a day"]
    assert slack.sandbox.modal_of("maya") is None


def test_a_submission_can_update_push_and_clear_and_closing_is_told(
    slack: Slack, connected: Connect
) -> None:
    app, closed = slack.app(), []
    second = modal(PROMISE, callback_id="second", title=plain("Second"), notify_on_close=True)
    app.command("/plan")(
        lambda ack, body, client: (
            client.views_open(trigger_id=body["trigger_id"], view=modal(PROMISE)),
            ack(),
        )
    )
    app.view("plan")(lambda ack: ack(response_action="push", view=second))
    app.view("second")(
        lambda ack: ack(response_action="update", view={**second, "callback_id": "third"})
    )
    app.view("third")(lambda ack: ack(response_action="clear"))

    @app.view_closed("second")
    def second_closed(ack: Ack, body: Json) -> None:
        closed.append(body["is_cleared"])
        ack()

    stack = slack.sandbox.workspace.views.stack_of
    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/plan")
        slack.sandbox.submit_view("maya", {"words": "1"})
        assert [each.content["callback_id"] for each in stack("U0MAYA")] == ["plan", "second"]
        slack.sandbox.close_view("maya")
        assert closed == [False]
        slack.sandbox.submit_view("maya")
        slack.sandbox.submit_view("maya", {"words": "2"})
        assert [each.content["callback_id"] for each in stack("U0MAYA")] == ["plan", "third"]
        slack.sandbox.submit_view("maya", {"words": "3"})
        assert stack("U0MAYA") == ()


def test_no_more_than_three_views_stand_on_each_other(slack: Slack, connected: Connect) -> None:
    app, errors = slack.app(), []
    open_more = {"type": "actions", "elements": [button("more")]}

    @app.command("/plan")
    def plan(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(open_more))
        ack()

    @app.action("more")
    def more(ack: Ack, body: Json, client: WebClient) -> None:
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(open_more))
        except SlackApiError as error:
            errors.append(error.response["error"])
        ack()

    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/plan")
        for _ in range(3):
            slack.sandbox.press("maya", modal_open(slack), "more")
    assert errors == ["push_limit_reached"]


def test_a_trigger_opens_once_and_not_for_long(slack: Slack, connected: Connect) -> None:
    app, errors = slack.app(), []

    @app.command("/plan")
    def plan(ack: Ack, body: Json, client: WebClient) -> None:
        for trigger in (body["trigger_id"], body["trigger_id"], "1.2.made-up"):
            try:
                client.views_open(trigger_id=trigger, view=modal(PROMISE))
            except SlackApiError as error:
                errors.append(error.response["error"])
        ack()

    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/plan")
    assert errors == ["exchanged_trigger_id", "invalid_trigger_id"]


def test_a_view_changes_only_under_the_hash_it_was_seen_with(slack: Slack) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = slack.client.views_publish(user_id="U0TOM", view=home)["view"]
    slack.client.views_publish(user_id="U0TOM", view=home, hash=first["hash"])
    with pytest.raises(SlackApiError) as raised:
        slack.client.views_publish(user_id="U0TOM", view=home, hash=first["hash"])
    assert raised.value.response["error"] == "hash_conflict"
    standing = slack.sandbox.home_of("tom")
    assert standing is not None
    assert standing.id == first["id"]


def test_an_invalid_view_is_refused_with_pointers(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.client.views_publish(
            user_id="U0TOM", view={"type": "home", "blocks": [{"type": "markdown", "text": "x"}]}
        )
    answer = raised.value.response
    assert answer["error"] == "invalid_arguments"
    assert "[json-pointer:/view/blocks/0/type]" in answer["response_metadata"]["messages"][0]


def test_opening_the_home_tab_is_told_and_what_is_published_stands_there(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app = slack.app()

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        client.views_publish(
            user_id=event["user"],
            view={"type": "home", "blocks": [{"type": "header", "text": plain(event["tab"])}]},
        )

    with connected(slack, app):
        slack.sandbox.open_home("raj")
        published = eventually(lambda: slack.sandbox.home_of("raj"))
    assert published.content["blocks"][0]["text"]["text"] == "home"


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


def test_options_of_an_external_select_come_from_the_app(slack: Slack, connected: Connect) -> None:
    app = slack.app()

    @app.options("account")
    def account(ack: Ack, payload: Json) -> None:
        ack(options=[{"text": plain(f"{payload['value']} GmbH"), "value": "a1"}])

    slack.client.chat_postMessage(
        channel="U0TOM",
        text="x",
        blocks=[
            {
                "type": "actions",
                "elements": [{"type": "external_select", "action_id": "account"}],
            }
        ],
    )
    message = slack.sandbox.direct_messages_to("tom")[0]
    with connected(slack, app):
        options = slack.sandbox.suggest("tom", message, "account", "Acme")
    assert [each["text"]["text"] for each in options] == ["Acme GmbH"]


def test_an_event_nobody_acknowledges_is_delivered_four_times_with_the_reason(
    slack: Slack, eventually: Eventually, leave: Leave
) -> None:
    client = SocketModeClient(
        app_token=slack.credentials.app_token, web_client=slack.client, ping_interval=2
    )
    seen = []
    client.socket_mode_request_listeners.append(
        lambda _client, request: seen.append((request.retry_attempt, request.retry_reason))
    )
    client.connect()
    try:
        eventually(slack.sandbox.deliveries.hub.count)
        slack.sandbox.open_home("tom")
        eventually(lambda: len(seen) == 4, seconds=8)
    finally:
        leave(slack, client)
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
    import websockets.sync.client as sync  # noqa: PLC0415 -- the raw protocol, in this test alone

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
