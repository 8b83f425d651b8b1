"""The page in a real browser, with an unmodified Bolt app behind it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from tests.sandbox.slack.stage import Connect, Json, Slack

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("app")]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


MODAL = {
    "type": "modal",
    "callback_id": "plan",
    "title": plain("Plan"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "promise",
            "label": plain("Promise"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        },
        {
            "type": "input",
            "block_id": "until",
            "label": plain("Until"),
            "element": {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-13"},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": plain("Remind"),
            "element": {
                "type": "checkboxes",
                "action_id": "people",
                "options": [{"text": plain("Me"), "value": "me"}],
            },
        },
    ],
}


@pytest.fixture
def app(slack: Slack, connected: Connect) -> Iterator[list[Any]]:
    """An app with a command, a button, a modal and a home; the fixture is what it kept."""
    bolt, kept = slack.app(), []

    @bolt.command("/plan")
    def plan(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bolt.command("/health")
    def health(ack: Ack, body: Json) -> None:
        ack(f"*All well* for {body['text']}")

    @bolt.view("plan")
    def save(ack: Ack, view: Json) -> None:
        values = view["state"]["values"]
        words = values["promise"]["words"]["value"]
        if words == "more":
            ack(response_action="errors", errors={"promise": "Name a number."})
            return
        chosen = values["who"]["people"]["selected_options"]
        day = values["until"]["day"]["selected_date"]
        kept.append((words, day, [each["value"] for each in chosen]))
        ack()

    @bolt.action("done")
    def done(ack: Ack, respond: Respond) -> None:
        ack()
        respond("Marked as done", replace_original=True)

    @bolt.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        if event["tab"] == "home":
            header = {"type": "header", "text": plain(f"Home of {event['user']}")}
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [header]})

    bolt.event("message")(lambda: None)
    with connected(slack, bolt):
        yield kept


def visit(page: Page, slack: Slack, query: str = "") -> None:
    page.goto(f"{slack.url}/{query}")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")


def test_a_person_types_a_command_and_reads_the_answer_that_only_they_see(
    page: Page, slack: Slack
) -> None:
    visit(page, slack, "?as=U0MAYA&in=C0SALES")
    page.get_by_role("combobox", name="Message #sales").fill("/health this week")
    page.keyboard.press("Enter")
    answer = page.locator("[data-ephemeral]")
    expect(answer).to_contain_text("Only visible to you")
    expect(answer.locator("b", has_text="All well")).to_be_visible()
    page.locator('[data-see-as="U0TOM"]').click()
    expect(page.locator("body")).to_have_attribute("data-person", "U0TOM")
    expect(page.locator("[data-ephemeral]")).to_have_count(0)


def test_a_modal_complains_at_the_field_keeps_what_was_typed_and_closes_when_saved(
    page: Page, slack: Slack, app: list[Any]
) -> None:
    visit(page, slack, "?as=U0MAYA&in=C0SALES")
    page.get_by_role("combobox", name="Message #sales").fill("/plan")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Plan")
    promise = dialog.get_by_role("textbox", name="Promise")
    expect(promise).to_be_focused()
    promise.fill("more")
    dialog.get_by_label("Me").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator('[data-error="promise"]')).to_have_text("Name a number.")
    expect(promise).to_have_value("more")
    promise.fill("10 calls a day")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert app == [("10 calls a day", "2026-03-13", ["me"])]


def test_a_button_in_a_message_is_pressed_and_the_message_changes_under_it(
    page: Page, slack: Slack
) -> None:
    button = {
        "type": "button",
        "action_id": "done",
        "text": plain("Done"),
        "confirm": {
            "title": plain("Sure?"),
            "text": plain("It will not come back."),
            "confirm": plain("Yes"),
            "deny": plain("No"),
        },
    }
    visit(page, slack, "?as=U0TOM&tab=messages")
    slack.client.chat_postMessage(
        channel="U0TOM", text="A nudge", blocks=[{"type": "actions", "elements": [button]}]
    )
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("button", name="Done")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator("[data-message-ts]")).to_contain_text("Marked as done")


def test_the_home_tab_shows_what_the_app_publishes_for_whoever_looks(
    page: Page, slack: Slack
) -> None:
    visit(page, slack, "?as=U0MAYA&tab=messages")
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Home of U0MAYA")).to_be_visible()
    page.locator('[data-see-as="U0TOM"]').click()
    expect(page.get_by_role("heading", name="Home of U0TOM")).to_be_visible()


def test_the_app_hears_of_a_visit_that_began_while_the_page_was_drawing(
    page: Page, slack: Slack
) -> None:
    visit(page, slack, "?as=U0MAYA&tab=messages")
    page.evaluate(
        """const real = window.fetch;
        window.fetch = async (...asked) => {
          const response = await real(...asked);
          await new Promise((done) => setTimeout(done, 500));
          return response;
        };
        null"""
    )
    with page.expect_request(lambda request: "tab=messages" in request.url):
        slack.sandbox.say("maya", "sales", "meanwhile")
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Home of U0MAYA")).to_be_visible()


def test_half_typed_words_and_focus_survive_a_message_that_arrives_meanwhile(
    page: Page, slack: Slack
) -> None:
    visit(page, slack, "?as=U0TOM&in=C0SALES")
    composer = page.get_by_role("combobox", name="Message #sales")
    composer.press_sequentially("half a sen")
    slack.sandbox.say("maya", "sales", "meanwhile")
    expect(page.get_by_text("meanwhile")).to_be_visible()
    expect(composer).to_be_focused()
    composer.press_sequentially("tence")
    expect(composer).to_have_value("half a sentence")
    page.keyboard.press("Enter")
    expect(page.locator("[data-message-ts]")).to_have_count(2)
    assert slack.sandbox.messages_in("sales")[-1].text == "half a sentence"


def test_unread_counts_rise_for_others_and_vanish_once_looked_at(page: Page, slack: Slack) -> None:
    visit(page, slack, "?as=U0MAYA&tab=messages")
    slack.client.chat_postMessage(channel="U0TOM", text="for Tom")
    tom = page.locator('[data-see-as="U0TOM"]')
    expect(tom.locator(".count")).to_have_text("1")
    tom.click()
    expect(page.get_by_text("for Tom")).to_be_visible()
    expect(page.locator('[data-see-as="U0TOM"] .count')).to_have_count(0)


def test_a_reply_goes_into_the_thread(page: Page, slack: Slack) -> None:
    slack.sandbox.say("maya", "sales", "a question")
    visit(page, slack, "?as=U0TOM&in=C0SALES")
    message = page.locator("#main [data-message-ts]")
    message.hover()
    message.get_by_role("link", name="Reply").click()
    page.get_by_label("Reply in thread").fill("an answer")
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator("[data-message-ts]")).to_have_count(2)
    expect(page.locator("#main .replies")).to_contain_text("1 reply")


def test_commands_typed_before_are_offered_and_completed_by_key(page: Page, slack: Slack) -> None:
    slack.sandbox.type_command("maya", "sales", "/health x")
    slack.sandbox.type_command("maya", "sales", "/plan")
    slack.sandbox.close_view("maya")
    visit(page, slack, "?as=U0MAYA&in=C0SALES")
    composer = page.get_by_role("combobox", name="Message #sales")
    composer.press_sequentially("/")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(composer).to_have_value("/plan ")


def test_the_clock_is_wound_from_the_page(page: Page, slack: Slack) -> None:
    visit(page, slack)
    page.get_by_role("button", name="To Monday 08:00").click()
    expect(page.locator("#now")).to_have_text(re.compile("Mon 16 Mar 2026, 08:00"))
    page.get_by_role("button", name="+1 hour").click()
    expect(page.locator("#now")).to_have_text(re.compile("09:00"))


def test_on_a_narrow_window_nothing_sticks_out_and_the_menu_leads_everywhere(
    page: Page, slack: Slack
) -> None:
    slack.sandbox.say("maya", "sales", "w" * 300)
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, slack, "?as=U0MAYA&in=C0GENERAL")
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    page.get_by_role("button", name="Channels and people").click()
    page.locator('[data-channel-link="C0SALES"]').click()
    expect(page.get_by_role("heading", name="#sales")).to_be_visible()
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


def test_every_control_has_a_name(page: Page, slack: Slack) -> None:
    slack.sandbox.say("maya", "sales", "x")
    visit(page, slack, "?as=U0MAYA&in=C0SALES")
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, a, input, select, textarea')]
        .filter(each => !(each.ariaLabel || each.textContent.trim() || each.labels?.length))
        .map(each => each.outerHTML)"""
    )
    assert nameless == []
