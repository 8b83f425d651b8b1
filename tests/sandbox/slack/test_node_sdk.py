"""Slack's own JavaScript SDK and Bolt, unmodified, against the sandbox."""

import base64
import struct
import zlib
from collections.abc import Iterator

import pytest

from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.sandbox.slack.foreign import Foreign, ForeignError, node_program
from tests.sandbox.slack.stage import Slack, ask_until_true, open_slack
from tests.sandbox.slack.views import button


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    with open_slack() as ready:
        yield ready


@pytest.fixture(scope="module")
def bolt(slack: Slack) -> Iterator[Foreign]:
    """A Bolt app in a process of its own, connected by Socket Mode."""
    credentials = slack.credentials
    words = (slack.url, credentials.bot_token, credentials.app_token)
    with node_program("bolt_app.mjs", *words) as app:
        app.heard("ready")
        ask_until_true(slack.sandbox.deliveries.hub.count)
        yield app


def small_picture() -> bytes:
    """A PNG of one grey point."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x88")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def test_the_client_posts_changes_finds_and_deletes(slack: Slack, bolt: Foreign) -> None:
    posted = bolt.call("chat.postMessage", channel="U0LENA", text="first", metadata=METADATA)
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    bolt.call("chat.update", **place, text="second")
    bolt.call("chat.postMessage", channel=posted["channel"], thread_ts=posted["ts"], text="reply")
    history = bolt.call(
        "conversations.history", channel=posted["channel"], include_all_metadata=True
    )
    replies = bolt.call("conversations.replies", **place)
    assert [(each["text"], each["metadata"]) for each in history["messages"]] == [
        ("second", METADATA)
    ]
    assert [each["text"] for each in replies["messages"]] == ["second", "reply"]
    bolt.call("reactions.add", channel=place["channel"], timestamp=place["ts"], name="tada")
    bolt.call("chat.delete", **place)
    assert [each.text for each in slack.sandbox.direct_messages_to("lena")] == ["reply"]


METADATA = {"event_type": "nudge", "event_payload": {"id": "n-1"}}


def test_the_client_walks_pages_to_their_end(bolt: Foreign) -> None:
    pages = bolt.ask("pages", method="users.list", args={"limit": 2}, key="members")
    assert pages == [3, 2]


def test_the_client_uploads_a_picture_in_three_steps_and_shows_it(
    slack: Slack, bolt: Foreign
) -> None:
    content = base64.b64encode(small_picture()).decode()
    sales = slack.sandbox.workspace.conversation("sales").id
    bolt.ask(
        "upload",
        file=content,
        filename="chart.png",
        title="Chart",
        channel_id=sales,
        initial_comment="Look",
    )
    shared = slack.sandbox.messages_in("sales")[-1]
    file = slack.sandbox.workspace.files.find(shared.files[0])
    assert file is not None
    assert (shared.text, file.title) == ("Look", "Chart")
    assert file.content == small_picture()


def test_refusals_reach_the_client_with_slacks_names_and_pointers(bolt: Foreign) -> None:
    with pytest.raises(ForeignError) as no_channel:
        bolt.call("chat.postMessage", channel="C0NOWHERE", text="x")
    header = {"type": "header", "text": {"type": "plain_text", "text": ""}}
    with pytest.raises(ForeignError) as bad_blocks:
        bolt.call("chat.postMessage", channel="U0LENA", text="x", blocks=[header])
    with pytest.raises(ForeignError) as bad_token:
        bolt.ask("with_token", token="xoxb-made-up", method="auth.test")
    assert no_channel.value.error == "channel_not_found"
    assert bad_blocks.value.error == "invalid_blocks"
    [complaint] = bad_blocks.value.data["response_metadata"]["messages"]
    assert "[json-pointer:/blocks/0/text/text]" in complaint
    assert bad_token.value.error == "invalid_auth"


def test_the_client_waits_out_a_rate_limit_or_says_so(slack: Slack, bolt: Foreign) -> None:
    slack.sandbox.faults.add(
        Fault(kind=FaultKind.RATE_LIMITED, method="team.info", times=2, seconds=1)
    )
    assert bolt.ask("patient", method="team.info", args={})["waited"] == 1
    slack.sandbox.faults.add(Fault(kind=FaultKind.RATE_LIMITED, method="team.info", seconds=7))
    with pytest.raises(ForeignError) as proud:
        bolt.ask("proud", method="team.info", args={})
    assert proud.value.code == "slack_webapi_rate_limited_error"


def test_the_client_names_an_outage_and_a_lost_reply(slack: Slack, bolt: Foreign) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.UNAVAILABLE, method="team.info"))
    with pytest.raises(ForeignError) as outage:
        bolt.ask("once", method="team.info", args={})
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    message = {"channel": "U0RAJ", "text": "once"}
    with pytest.raises(ForeignError) as lost:
        bolt.ask("once", method="chat.postMessage", args=message)
    assert outage.value.code == "slack_webapi_http_error"
    assert lost.value.code == "slack_webapi_request_error"
    assert [each.text for each in slack.sandbox.direct_messages_to("raj")] == ["once"]


@pytest.mark.usefixtures("bolt")
def test_commands_are_answered_to_one_or_to_all(slack: Slack) -> None:
    assert slack.sandbox.type_command("maya", "sales", "/health this week").is_acknowledged
    ask_until_true(lambda: slack.sandbox.ephemerals_for("maya"))
    slack.sandbox.type_command("maya", "sales", "/share for everybody")
    assert slack.sandbox.ephemerals_for("maya")[-1].text == "*All well* for this week"
    assert slack.sandbox.messages_in("sales")[-1].text == "for everybody"


def test_a_modal_goes_through_its_whole_life(slack: Slack, bolt: Foreign) -> None:
    sandbox = slack.sandbox
    sandbox.type_command("maya", "sales", "/plan")
    first = ask_until_true(lambda: sandbox.modal_of("maya"))
    assert sandbox.suggest("maya", first, "account", "C")[0]["text"]["text"] == "Acme C"
    for depth in (2, 3):
        sandbox.press("maya", ask_until_true(lambda: sandbox.modal_of("maya")), "deeper")
        ask_until_true(lambda: len(sandbox.workspace.views.stack_of("U0MAYA")) == depth)  # noqa: B023 -- asked at once
    top = sandbox.modal_of("maya")
    assert top is not None
    sandbox.press("maya", top, "deeper")
    assert bolt.heard("refused")["error"] == "push_limit_reached"
    sandbox.press("maya", top, "rename")
    assert bolt.heard("refused")["error"] == "hash_conflict"
    refused = sandbox.submit_view("maya", {"words": "more"})
    assert refused.errors == {"promise": "Name a number."}
    assert sandbox.submit_view("maya", {"words": "10 calls"}).is_acknowledged
    assert bolt.heard("submitted")["words"] == "10 calls"
    assert sandbox.modal_of("maya") is None
    sandbox.type_command("maya", "sales", "/plan")
    ask_until_true(lambda: sandbox.modal_of("maya"))
    sandbox.close_view("maya")
    assert bolt.heard("closed")["cleared"] is False


def test_a_press_changes_the_message_it_was_in(slack: Slack, bolt: Foreign) -> None:
    row = {"type": "actions", "elements": [button("done")]}
    bolt.call("chat.postMessage", channel="U0TOM", text="A nudge", blocks=[row])
    slack.sandbox.press("tom", slack.sandbox.direct_messages_to("tom")[-1], "done")
    ask_until_true(lambda: slack.sandbox.direct_messages_to("tom")[-1].text == "Marked as done")


def test_shortcuts_come_from_the_workspace_and_from_a_message(slack: Slack, bolt: Foreign) -> None:
    sandbox = slack.sandbox
    said = sandbox.say("tom", "sales", "call Acme")
    for message, heard in ((None, ("shortcut", None)), (said, ("message_action", "call Acme"))):
        assert sandbox.use_shortcut("tom", "plan_it", message=message).is_acknowledged
        told = bolt.heard("shortcut")
        assert (told["type"], told["about"]) == heard
        ask_until_true(lambda: sandbox.modal_of("tom"))
        sandbox.close_view("tom", everything=True)


def test_events_reach_their_listeners(slack: Slack, bolt: Foreign) -> None:
    sandbox = slack.sandbox
    sandbox.open_home("raj")
    home = ask_until_true(lambda: sandbox.home_of("raj"))
    assert home.content["blocks"][0]["text"]["text"] == "Home of U0RAJ"
    asked = sandbox.say("tom", "sales", f"@{sandbox.workspace.bot.name} are you there?")
    ask_until_true(lambda: sandbox.workspace.messages.replies(asked.channel, asked.ts))
    sandbox.acts.react("U0TOM", sandbox.place("sales"), asked.ts, "eyes")
    assert bolt.heard("reaction") == {"heard": "reaction", "name": "eyes", "by": "U0TOM"}


def test_the_socket_is_opened_anew_when_slack_asks_for_it_and_when_it_breaks(
    slack: Slack, bolt: Foreign
) -> None:
    sandbox = slack.sandbox
    hub = sandbox.deliveries.hub

    def opened() -> int:
        return sum(each.verdict == "link opened" for each in sandbox.log(name="socket"))

    before = opened()
    sandbox.disconnect_sockets("refresh_requested")
    ask_until_true(lambda: opened() == before + 1 and hub.count() == 1)
    assert sandbox.type_command("maya", "sales", "/share after a refresh").is_acknowledged
    sandbox.break_sockets()
    ask_until_true(lambda: opened() == before + 2 and hub.count() == 1)
    assert sandbox.type_command("maya", "sales", "/share after a break").is_acknowledged
    assert sandbox.messages_in("sales")[-1].text == "after a break"
    assert bolt.call("auth.test")["ok"]
