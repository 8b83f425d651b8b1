"""Block Kit as strict as Slack's: what it takes, what it refuses, and where it points."""

import json
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)
from tests.sandbox.slack.blockkit_cases import (
    BAD,
    GOOD,
    TEXT_INPUT,
    actions,
    cells,
    field,
    mrkdwn,
    plain,
    section,
)
from tests.sandbox.slack.stage import Json, Slack


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_takes_is_taken(blocks: Any) -> None:
    assert complaints_about_blocks(blocks, surface="message") == []


@pytest.mark.parametrize(("blocks", "pointer"), BAD.values(), ids=BAD)
def test_what_slack_refuses_is_refused_at_the_right_place(blocks: Any, pointer: str) -> None:
    complaints = complaints_about_blocks(blocks, surface="message")
    assert [each.pointer for each in complaints] == [pointer]


def view(**more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Save"),
        "blocks": [section()],
        **more,
    }


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        (view(title=plain("x" * 25)), "/view/title/text"),
        (view(private_metadata="x" * 3001), "/view/private_metadata"),
        (view(blocks=[{"type": "table", "rows": cells(1, 1)}]), "/view/blocks/0/type"),
        (view(blocks=[field(TEXT_INPUT)], submit=None), "/view"),
        (view(type="window"), "/view/type"),
        ({"type": "modal", "blocks": []}, "/view"),
        (
            {"type": "home", "blocks": [field({"type": "file_input", "action_id": "f"})]},
            "/view/blocks/0/element/type",
        ),
        (
            view(
                blocks=[
                    field({**TEXT_INPUT, "focus_on_load": True}),
                    field({**TEXT_INPUT, "action_id": "b", "focus_on_load": True}),
                ]
            ),
            "/view/blocks",
        ),
    ],
)
def test_views_have_rules_of_their_own(given: Json, pointer: str) -> None:
    assert [each.pointer for each in complaints_about_view(given)] == [pointer]


def test_a_modal_takes_what_only_a_modal_may_hold() -> None:
    blocks = [
        field({"type": "email_text_input", "action_id": "e"}),
        field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
        {"type": "alert", "level": "warning", "text": plain("Careful")},
    ]
    assert complaints_about_view(view(blocks=blocks)) == []


def test_chat_reports_each_trouble_with_its_pointer(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_postMessage(
            channel="U0TOM", text="x", blocks=[{"type": "header", "text": plain("")}, actions()]
        )
    answer = raised.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] no less than 1 items allowed [json-pointer:/blocks/1/elements]",
    ]
    assert slack.sandbox.direct_messages_to("tom") == []


def test_blocks_validate_answers_in_slacks_shape(slack: Slack) -> None:
    def ask(**fields: object) -> Json:
        body = {"token": slack.credentials.bot_token, **fields}
        answer: Json = httpx.post(f"{slack.url}/api/blocks.validate", data=body).json()
        return answer

    answer = ask(blocks=json.dumps([section() | {"text": {"type": "invalid", "text": "x"}}]))
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [
            {
                "code": "failed_constraint",
                "message": "unsupported type: invalid",
                "pointer": "/0/text/type",
                "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"]},
            }
        ],
    }
    assert ask(blocks=json.dumps([section()])) == {"ok": True}
    assert ask(view=json.dumps(view(title=mrkdwn("x"))))["error"] == "invalid_view"
    assert ask()["error"] == "invalid_arguments"
    assert ask(blocks="[]", view="{}")["error"] == "invalid_arguments"


def test_a_message_of_too_many_words_in_all_is_refused_though_each_block_is_fine(
    slack: Slack,
) -> None:
    blocks = [section("x" * 2900) for _ in range(5)]
    assert complaints_about_blocks(blocks, surface="message") == []
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_postMessage(channel="U0TOM", text="x", blocks=blocks)
    assert raised.value.response["error"] == "msg_blocks_too_long"
    assert slack.client.chat_postMessage(channel="U0TOM", text="x", blocks=blocks[:4])["ok"]


def test_blocks_inside_attachments_are_checked_too(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_postMessage(
            channel="U0TOM", text="x", attachments=[{"blocks": [actions()]}]
        )
    assert raised.value.response["error"] == "invalid_blocks"
