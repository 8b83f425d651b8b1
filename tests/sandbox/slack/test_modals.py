"""An unmodified Bolt app over Socket Mode: modals and the Home tab."""

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.stage import Connect, Eventually, Json, Slack
from tests.sandbox.slack.views import button, modal, modal_open, plain

PROMISE = {
    "type": "input",
    "block_id": "promise",
    "label": plain("Promise"),
    "element": {"type": "plain_text_input", "action_id": "words"},
}


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


def test_an_external_id_names_one_view_and_finds_it(slack: Slack) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}], "external_id": "home-of-tom"}
    slack.client.views_publish(user_id="U0TOM", view=home)
    slack.client.views_update(
        external_id="home-of-tom", view={**home, "blocks": [{"type": "divider"}] * 2}
    )
    standing = slack.sandbox.home_of("tom")
    assert standing is not None
    assert len(standing.content["blocks"]) == 2
    for call, error in (
        ({"user_id": "U0RAJ", "view": home}, "duplicate_external_id"),
        (
            {
                "user_id": "U0RAJ",
                "view": {
                    "type": "home",
                    "blocks": [
                        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
                        for _ in range(90)
                    ],
                },
            },
            "view_too_large",
        ),
    ):
        with pytest.raises(SlackApiError) as raised:
            slack.client.api_call("views.publish", json=call)
        assert raised.value.response["error"] == error
    with pytest.raises(SlackApiError) as nowhere:
        slack.client.views_update(view_id="V0NOWHERE", view=home)
    assert nowhere.value.response["error"] == "not_found"


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
