"""Every surface of the page, judged by axe: names, roles, order, contrast."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from tests.node_support import node_clients
from tests.sandbox.slack.stage import Json, Slack, open_slack, socket_mode
from tests.sandbox.slack.views import button, modal, plain

pytestmark = pytest.mark.browser
#: A multi-line field that offers commands has no better role.
PARDONED = {"aria-allowed-role"}
FORM = modal(
    *(
        {
            "type": "input",
            "block_id": kind,
            "label": plain(f"A {kind}"),
            "hint": plain("One will do"),
            "element": {"type": kind, "action_id": "a", **more},
        }
        for kind, more in (
            ("plain_text_input", {}),
            ("datepicker", {}),
            ("radio_buttons", {"options": [{"text": plain("One"), "value": "1"}]}),
            ("users_select", {}),
            ("file_input", {}),
        )
    )
)


@pytest.fixture(scope="module")
def axe() -> str:
    source: Path = node_clients() / "node_modules" / "axe-core" / "axe.min.js"
    return source.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def furnished() -> Iterator[Slack]:
    """A workspace with something of everything in it."""
    with open_slack() as slack:
        text = {"type": "mrkdwn", "text": "*Bold*, `code`, <https://acme.example|a link>"}
        blocks: list[Json] = [
            {"type": "header", "text": plain("The week")},
            {"type": "section", "text": text, "fields": [plain("A"), plain("B")]},
            {"type": "context", "elements": [text]},
            {"type": "actions", "elements": [button("a"), button("b", style="danger")]},
        ]
        slack.client.chat_postMessage(channel="sales", text="x", blocks=blocks)
        slack.client.views_publish(user_id="U0MAYA", view={"type": "home", "blocks": blocks})
        asked = slack.sandbox.say("tom", "sales", "See https://acme.example and ask @raj")
        slack.sandbox.say("raj", "sales", "Yes", thread_ts=asked.ts)
        slack.sandbox.acts.react("U0MAYA", slack.sandbox.place("sales"), asked.ts, "eyes")
        app = slack.app()

        @app.command("/plan")
        def plan(ack: Ack, body: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=FORM)

        app.action("a")(lambda ack: ack())
        with socket_mode(slack, app):
            yield slack


def judged(page: Page, axe: str) -> list[tuple[str, str]]:
    page.evaluate(axe)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        (each["id"], node["html"][:150])
        for each in found
        if each["id"] not in PARDONED
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 380)])
def test_no_surface_shuts_anybody_out(
    furnished: Slack, page: Page, axe: str, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    thread = furnished.sandbox.messages_in("sales")[1].ts
    places = ("tab=messages", "tab=home", "tab=log", "with=U0TOM", f"in=C0SALES&thread={thread}")
    for place in places:
        page.goto(f"{furnished.url}/?as=U0MAYA&{place}")
        expect(page.locator("body")).to_have_attribute("data-ready", "true")
        assert judged(page, axe) == [], place
    page.goto(f"{furnished.url}/?as=U0MAYA&in=C0SALES")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    page.locator("#composer").fill("/plan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error").first).to_be_visible()
    assert judged(page, axe) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_everything_is_reached_and_worked_by_keyboard(furnished: Slack, page: Page) -> None:
    page.goto(f"{furnished.url}/?as=U0MAYA&in=C0SALES")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    page.locator("#composer").focus()
    focused = "document.activeElement.dataset.actionId || ''"
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(focused) == "a":
            break
    with page.expect_response("**/sandbox/press") as pressed:
        page.keyboard.press("Enter")
    assert pressed.value.json()["verdict"] == "acknowledged"
    page.locator("#composer").focus()
    page.keyboard.type("/plan")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Plan")
    expect(dialog.get_by_role("textbox").first).to_be_focused()
    is_inside = "document.activeElement.closest('[role=dialog]') !== null"
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            page.keyboard.press(key)
            assert page.evaluate(is_inside)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#composer")).to_be_focused()
