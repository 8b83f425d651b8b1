"""What the page offers beside the conversation, in a real browser and from the keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.stage import Connect, Eventually, Json, Slack, open_slack
from tests.sandbox.slack.views import modal, plain

pytestmark = pytest.mark.browser


# The workspace comes before the page wherever both are asked for: a page that outlives its
# server finds fault with that.
@pytest.fixture(scope="module")
def shared() -> Iterator[Slack]:
    """One workspace for tests that leave nothing behind which another would trip over."""
    with open_slack() as ready:
        yield ready


def visit(page: Page, slack: Slack, query: str = "") -> None:
    page.goto(f"{slack.url}/{query}")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")


def test_two_people_talk_in_a_direct_message_that_the_app_never_hears_of(
    page: Page, shared: Slack
) -> None:
    visit(page, shared, "?as=U0MAYA&tab=messages")
    page.get_by_text("New message").click()
    page.locator('[data-chat-with="U0LENA"]').click()
    page.get_by_role("combobox", name="Message Lena Okafor").fill("Lunch?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="Messages")).to_contain_text("Lunch?")
    page.locator('[data-see-as="U0LENA"]').click()
    expect(page.locator("body")).to_have_attribute("data-person", "U0LENA")
    direct = page.get_by_role("link", name="Maya Chen").first
    expect(direct).to_be_visible()
    direct.click()
    expect(page.get_by_role("heading", name="Maya Chen")).to_be_visible()
    expect(page.get_by_role("log", name="Messages")).to_contain_text("Lunch?")
    assert [each.name for each in shared.sandbox.log() if "message" in each.name] == []
    direct_id = page.locator("body").get_attribute("data-channel")
    with pytest.raises(SlackApiError) as raised:
        shared.client.conversations_info(channel=direct_id or "")
    assert raised.value.response["error"] == "channel_not_found"


def test_jumping_goes_by_keyboard_to_whoever_matches(page: Page, shared: Slack) -> None:
    visit(page, shared, "?as=U0MAYA&tab=messages")
    page.keyboard.press("Control+k")
    box = page.get_by_role("searchbox", name="Jump to a channel or person")
    expect(box).to_be_focused()
    page.keyboard.type("gener")
    expect(page.locator('[data-channel-link="C0SALES"]')).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="#general")).to_be_visible()
    expect(box).to_have_value("")
    expect(page.get_by_role("combobox", name="Message #general")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("fox")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-person", "U0TOM")


def test_escape_leaves_what_is_on_top(page: Page, shared: Slack) -> None:
    asked = shared.sandbox.say("maya", "sales", "a question")
    shared.sandbox.say("tom", "sales", "an answer", thread_ts=asked.ts)
    visit(page, shared, "?as=U0TOM&in=C0SALES")
    page.locator("#main .replies").last.focus()
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("an answer")
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()
    page.get_by_text("New message").click()
    page.keyboard.press("Escape")
    expect(page.locator("details.new-chat")).not_to_have_attribute("open", "")


def test_the_commands_can_be_had_without_typing(page: Page, shared: Slack) -> None:
    shared.sandbox.type_command("maya", "sales", "/plan")
    visit(page, shared, "?as=U0MAYA&in=C0SALES")
    page.get_by_role("button", name="Commands").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_role("combobox", name="Message #sales")).to_have_value("/plan ")


def test_trouble_is_ordered_seen_to_be_coming_and_called_off(page: Page, shared: Slack) -> None:
    visit(page, shared, "?as=U0MAYA&tab=log")
    page.get_by_role("button", name="Rate limit").click()
    waiting = page.get_by_role("status").filter(has_text="Still to come")
    expect(waiting).to_contain_text("rate limited of chat.postMessage")
    with pytest.raises(SlackApiError) as raised:
        shared.client.chat_postMessage(channel="U0TOM", text="x")
    assert raised.value.response.headers["Retry-After"] == "5"
    row = page.locator('[data-log-name="chat.postMessage"]').first
    expect(row.locator(".verdict")).to_have_text("ratelimited")
    shared.client.auth_test()
    page.get_by_label("Only what failed").check()
    expect(row).to_be_visible()
    expect(page.locator('[data-log-name="auth.test"]').first).to_be_hidden()
    page.get_by_role("button", name="Outage").click()
    page.get_by_role("button", name="Call off").click()
    expect(page.get_by_text("Nothing is ordered")).to_be_visible()
    assert shared.client.auth_test()["ok"]


def test_slacks_rate_limits_are_switched_on_and_off(slack: Slack, page: Page) -> None:
    visit(page, slack, "?as=U0MAYA&tab=log")
    box = page.get_by_label("Slack's own rate limits")
    with page.expect_response(re.compile("/sandbox/limits")):
        box.check()
    for _ in range(5):
        slack.client.chat_postMessage(channel="U0TOM", text="x")
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_postMessage(channel="U0TOM", text="x")
    assert raised.value.response["error"] == "ratelimited"
    with page.expect_response(re.compile("/sandbox/limits")):
        box.uncheck()
    assert slack.client.chat_postMessage(channel="U0TOM", text="x")["ok"]


def test_colours_are_chosen_and_kept(page: Page, shared: Slack) -> None:
    def paper() -> str:
        script = "getComputedStyle(document.querySelector('#main')).backgroundColor"
        return str(page.evaluate(script))

    page.emulate_media(color_scheme="light")
    visit(page, shared)
    light = paper()
    page.emulate_media(color_scheme="dark")
    dark = paper()
    assert light != dark
    button = page.get_by_role("button", name="Colours")
    button.click()
    assert paper() == light
    visit(page, shared, "?as=U0TOM&in=C0SALES")
    assert paper() == light
    page.get_by_role("button", name="Colours").click()
    assert paper() == dark


def test_the_introduction_goes_once_it_was_read_and_comes_back_when_asked(
    page: Page, shared: Slack
) -> None:
    visit(page, shared)
    words = page.get_by_text("A simulated Slack.")
    expect(words).to_be_visible()
    page.get_by_role("button", name="Got it").click()
    expect(words).to_be_hidden()
    visit(page, shared, "?as=U0TOM&in=C0SALES")
    expect(words).to_be_hidden()
    page.get_by_role("button", name="What is this?").click()
    expect(words).to_be_visible()


def test_a_person_says_that_they_are_away(page: Page, shared: Slack) -> None:
    visit(page, shared, "?as=U0MAYA&tab=messages")
    page.get_by_role("button", name="You are Maya Chen, active").click()
    expect(page.get_by_role("button", name="You are Maya Chen, away")).to_be_visible()
    assert shared.client.users_getPresence(user="U0MAYA")["presence"] == "away"
    page.get_by_role("button", name="You are Maya Chen, away").click()
    expect(page.get_by_role("button", name="You are Maya Chen, active")).to_be_visible()


def test_a_status_shows_in_the_thread_until_the_answer_comes(page: Page, shared: Slack) -> None:
    asked = shared.sandbox.say("tom", "tom", "how am I doing?")
    visit(page, shared, f"?as=U0TOM&tab=messages&thread={asked.ts}")
    shared.client.assistant_threads_setStatus(
        channel_id=asked.channel, thread_ts=asked.ts, status="is counting…"
    )
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("Pacesetter is counting…")).to_be_visible()
    shared.client.chat_postMessage(channel=asked.channel, thread_ts=asked.ts, text="Twelve.")
    expect(thread.get_by_text("Twelve.")).to_be_visible()
    expect(thread.get_by_text("is counting")).to_have_count(0)


FILES = {
    "type": "input",
    "block_id": "proof",
    "label": plain("Proof"),
    "element": {"type": "file_input", "action_id": "files", "filetypes": ["csv"], "max_files": 1},
}


def test_files_are_chosen_checked_and_handed_to_the_app(
    slack: Slack, page: Page, connected: Connect, eventually: Eventually
) -> None:
    app, kept = slack.app(), []

    @app.command("/plan")
    def plan(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(FILES))

    @app.view("plan")
    def save(ack: Ack, view: Json) -> None:
        kept.extend(view["state"]["values"]["proof"]["files"]["files"])
        ack()

    app.event("app_home_opened")(lambda: None)
    with connected(slack, app):
        visit(page, slack, "?as=U0MAYA&in=C0SALES")
        page.get_by_role("combobox", name="Message #sales").fill("/plan")
        page.keyboard.press("Enter")
        field = page.get_by_role("dialog").locator("input[type=file]")
        save_button = page.get_by_role("button", name="Save")
        save_button.click()
        expect(page.locator('[data-error="proof"]')).to_contain_text("required")
        for name in ("photo.png", "numbers.csv"):
            with page.expect_response(re.compile("/sandbox/upload")):
                field.set_input_files(
                    {"name": name, "mimeType": "text/plain", "buffer": b"a,b\n1,2\n"}
                )
            expect(save_button).to_be_enabled()
            save_button.click()
            if name == "photo.png":
                expect(page.locator('[data-error="proof"]')).to_contain_text("kinds: csv")
        expect(page.get_by_role("dialog")).to_have_count(0)
        eventually(lambda: kept)
    [file] = kept
    assert (file["name"], file["size"], file["user"]) == ("numbers.csv", 8, "U0MAYA")
    stored = slack.sandbox.workspace.files.find(file["id"])
    assert stored is not None
    assert stored.content == b"a,b\n1,2\n"


def test_on_the_narrowest_phone_nothing_sticks_out_anywhere(page: Page, shared: Slack) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for place in ("tab=messages", "tab=home", "tab=log", "in=C0SALES", "with=U0TOM"):
        visit(page, shared, f"?as=U0MAYA&{place}")
        wide = page.evaluate(
            """() => [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
            .filter((each) => each.checkVisibility({ visibilityProperty: true }))
            .map((each) => each.outerHTML.slice(0, 120))"""
        )
        assert wide == [], place


def test_a_person_attaches_files_to_what_they_write(
    slack: Slack, page: Page, connected: Connect, eventually: Eventually
) -> None:
    app, heard = slack.app(), []

    @app.event("message")
    def listen(event: Json) -> None:
        heard.append((event["subtype"], event["text"], [each["name"] for each in event["files"]]))

    app.event("app_home_opened")(lambda: None)
    with connected(slack, app):
        visit(page, slack, "?as=U0MAYA&tab=messages")
        page.get_by_role("combobox", name="Message").fill("My numbers")
        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Attach files").press("Enter")
        chosen.value.set_files(
            FilePayload(name="numbers.csv", mimeType="text/csv", buffer=b"a,b\n1,2\n")
        )
        expect(page.get_by_role("link", name="numbers.csv")).to_be_visible()
        expect(page.get_by_role("combobox", name="Message")).to_have_value("")
        eventually(lambda: heard == [("file_share", "My numbers", ["numbers.csv"])])
