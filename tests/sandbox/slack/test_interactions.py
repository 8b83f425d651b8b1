"""An unmodified Bolt app over Socket Mode: commands, presses and options."""

import time

from slack_bolt import Ack, Respond

from integrations.sandbox.slack.acts import SLACKBOT
from tests.sandbox.slack.stage import Connect, Eventually, Json, Opener, Slack
from tests.sandbox.slack.views import button, plain


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
    impatient: Slack, connected: Connect
) -> None:
    app = impatient.app()

    @app.command("/slow")
    def slow(ack: Ack) -> None:
        time.sleep(1)
        ack("too late")

    with connected(impatient, app):
        outcome = impatient.sandbox.type_command("maya", "sales", "/slow")
    told = impatient.sandbox.ephemerals_for("maya")
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
