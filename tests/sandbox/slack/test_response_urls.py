"""Answers to a response address: who sees them, how often, and for how long."""

from datetime import timedelta

import pytest
from slack_bolt import Ack, Respond
from slack_sdk.webhook import WebhookClient

from tests.sandbox.slack.stage import Connect, Eventually, Json, Slack


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


@pytest.fixture
def address(slack: Slack, connected: Connect) -> WebhookClient:
    """The response address of a command that Maya typed in #sales."""
    app, urls = slack.app(), []

    @app.command("/hi")
    def hi(ack: Ack, body: Json) -> None:
        urls.append(body["response_url"])
        ack()

    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/hi")
    return WebhookClient(urls[0])


def test_an_answer_is_for_the_person_alone_unless_it_says_in_channel(
    slack: Slack, address: WebhookClient
) -> None:
    address.send(text="alone")
    address.send(text="for all", response_type="in_channel")
    assert [each.text for each in slack.sandbox.ephemerals_for("maya")] == ["alone"]
    assert [each.text for each in slack.sandbox.messages_in("sales")] == ["for all"]


def test_the_sixth_answer_is_one_too_many(address: WebhookClient) -> None:
    codes = [address.send(text=str(number)).status_code for number in range(6)]
    assert codes == [200] * 5 + [404]


def test_after_half_an_hour_of_sandbox_time_the_address_is_dead(
    slack: Slack, address: WebhookClient
) -> None:
    slack.clock.wind(timedelta(minutes=29))
    assert address.send(text="in time").status_code == 200
    slack.clock.wind(timedelta(minutes=2))
    late = address.send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


def test_invalid_blocks_are_refused_here_too(slack: Slack, address: WebhookClient) -> None:
    answer = address.send(text="x", blocks=[{"type": "header", "text": plain("")}])
    assert answer.status_code == 400
    assert "/blocks/0/text/text" in answer.body
    assert slack.sandbox.ephemerals_for("maya") == []


def test_an_ephemeral_message_can_be_replaced_and_deleted_by_who_pressed_in_it(
    slack: Slack, connected: Connect, eventually: Eventually
) -> None:
    app = slack.app()

    def answer(words: str) -> Json:
        button = {"type": "button", "action_id": "next", "text": plain(words), "value": words}
        return {"text": words, "blocks": [{"type": "actions", "elements": [button]}]}

    app.command("/hi")(lambda ack: ack(answer("first")))

    @app.action("next")
    def following(ack: Ack, action: Json, respond: Respond) -> None:
        ack()
        if action["value"] == "first":
            respond(**answer("second"), replace_original=True)
        else:
            respond(delete_original=True)

    def seen() -> list[str]:
        return [each.text for each in slack.sandbox.ephemerals_for("maya")]

    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/hi")
        assert seen() == ["first"]
        slack.sandbox.press("maya", slack.sandbox.ephemerals_for("maya")[0], "next")
        eventually(lambda: seen() == ["second"])
        slack.sandbox.press("maya", slack.sandbox.ephemerals_for("maya")[0], "next")
        eventually(lambda: seen() == [])
