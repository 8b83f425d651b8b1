"""Shortcuts of the workspace and of a message, and addresses that a form asks for."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from tests.sandbox.slack.stage import SCOPES, Connect, Json, Opener, Slack
from tests.sandbox.slack.views import modal, plain

MANIFEST = {
    "features": {
        "shortcuts": [
            {"name": "Plan", "type": "global", "callback_id": "plan", "description": "Plans"},
            {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keeps"},
        ]
    },
    "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
}


@pytest.fixture
def offering(opened: Opener) -> Iterator[Slack]:
    with opened(manifest=MANIFEST) as slack:
        yield slack


@pytest.fixture
def heard(offering: Slack, connected: Connect) -> Iterator[list[Any]]:
    app, found = offering.app(), []

    @app.shortcut("plan")
    def plan(ack: Ack, shortcut: Json, client: WebClient) -> None:
        ack()
        found.append(shortcut["type"])
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal())

    @app.shortcut("keep")
    def keep(ack: Ack, shortcut: Json) -> None:
        ack()
        found.append((shortcut["type"], shortcut["message"]["text"], shortcut["channel"]["name"]))

    with connected(offering, app):
        yield found


def test_each_kind_carries_what_it_is_about(offering: Slack, heard: list[Any]) -> None:
    message = offering.sandbox.say("tom", "sales", "call Acme")
    offering.sandbox.use_shortcut("tom", "plan")
    offering.sandbox.use_shortcut("tom", "keep", message=message)
    assert heard == ["shortcut", ("message_action", "call Acme", "sales")]
    with pytest.raises(LookupError, match="plan, keep"):
        offering.sandbox.use_shortcut("tom", "fly")


@pytest.mark.browser
def test_both_kinds_are_at_hand_on_the_page(offering: Slack, heard: list[Any], page: Page) -> None:
    offering.sandbox.say("tom", "sales", "call Acme")
    page.goto(f"{offering.url}/?as=U0MAYA&in=C0SALES")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    message = page.locator("#main [data-message-ts]")
    message.hover()
    message.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("dialog", name="Plan")).to_be_visible()
    assert heard == [("message_action", "call Acme", "sales"), "shortcut"]


def test_a_form_gives_an_address_for_the_conversation_that_was_picked(
    slack: Slack, connected: Connect
) -> None:
    picker = {
        "type": "input",
        "block_id": "where",
        "label": plain("Where"),
        "element": {
            "type": "conversations_select",
            "action_id": "channel",
            "response_url_enabled": True,
        },
    }
    app, urls = slack.app(), []
    app.command("/plan")(
        lambda ack, body, client: (
            client.views_open(trigger_id=body["trigger_id"], view=modal(picker)),
            ack(),
        )
    )

    @app.view("plan")
    def save(ack: Ack, body: Json) -> None:
        urls.extend(body["response_urls"])
        ack()

    with connected(slack, app):
        slack.sandbox.type_command("maya", "sales", "/plan")
        slack.sandbox.submit_view("maya", {"channel": "C0GENERAL"})
    [url] = urls
    assert (url["block_id"], url["action_id"], url["channel_id"]) == (
        "where",
        "channel",
        "C0GENERAL",
    )
    assert url["response_url"].startswith(slack.url)
