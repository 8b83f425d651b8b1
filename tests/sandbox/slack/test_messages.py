"""Messages: where they may be posted, what becomes of them, and who sees them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.sandbox.slack.stage import Eventually, Json, Slack

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ],
}
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\5\0\1\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)


def error_of(call: Callable[..., Any], **arguments: object) -> Any:
    with pytest.raises(SlackApiError) as raised:
        call(**arguments)
    return raised.value.response["error"]


def test_posting_to_a_person_opens_the_direct_message_with_them(slack: Slack) -> None:
    posted = slack.client.chat_postMessage(channel="U0TOM", text="hello")
    assert posted["channel"].startswith("D")
    assert [each.text for each in slack.sandbox.direct_messages_to("tom")] == ["hello"]
    again = slack.client.conversations_open(users="U0TOM")
    assert (again["channel"]["id"], again["already_open"]) == (posted["channel"], True)


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0GENERAL", "not_in_channel"),
        ("C0LEADS", "channel_not_found"),
        ("C9", "channel_not_found"),
    ],
)
def test_the_bot_posts_only_where_it_belongs(slack: Slack, channel: str, error: str) -> None:
    assert error_of(slack.client.chat_postMessage, channel=channel, text="x") == error


def test_an_archived_channel_takes_no_more_messages(slack: Slack) -> None:
    slack.sandbox.workspace.conversations.archive("C0SALES")
    assert error_of(slack.client.chat_postMessage, channel="C0SALES", text="x") == "is_archived"


def test_timestamps_are_unique_and_rise_even_when_the_clock_stands_still(slack: Slack) -> None:
    stamps = [slack.client.chat_postMessage(channel="C0SALES", text="x")["ts"] for _ in range(20)]
    assert stamps == sorted(set(stamps), key=float)


def test_a_message_needs_something_to_say(slack: Slack) -> None:
    # The SDK's own method warns of it first; the bare call does not.
    empty = {"channel": "C0SALES", "text": ""}
    error = error_of(slack.client.api_call, api_method="chat.postMessage", json=empty)
    assert error == "no_text"


def test_metadata_comes_back_only_when_asked_for(slack: Slack) -> None:
    metadata = {"event_type": "nudge", "event_payload": {"id": "n-1"}}
    slack.client.chat_postMessage(channel="U0TOM", text="hi", metadata=metadata)
    direct = slack.client.conversations_open(users="U0TOM")["channel"]["id"]
    with_it = slack.client.conversations_history(channel=direct, include_all_metadata=True)
    without = slack.client.conversations_history(channel=direct)
    assert with_it["messages"][0]["metadata"] == metadata
    assert "metadata" not in without["messages"][0]


def test_metadata_of_another_shape_is_refused(slack: Slack) -> None:
    error = error_of(
        slack.client.chat_postMessage, channel="U0TOM", text="x", metadata={"event_type": "nudge"}
    )
    assert error == "invalid_metadata_schema"


def test_history_is_newest_first_within_bounds_and_in_pages(slack: Slack) -> None:
    stamps = [
        slack.client.chat_postMessage(channel="C0SALES", text=f"m{number}")["ts"]
        for number in range(5)
    ]
    pages = slack.client.conversations_history(channel="C0SALES", limit=2)
    texts = [[each["text"] for each in page["messages"]] for page in pages]
    assert texts == [["m4", "m3"], ["m2", "m1"], ["m0"]]
    between = slack.client.conversations_history(
        channel="C0SALES", oldest=stamps[1], latest=stamps[3]
    )
    assert [each["text"] for each in between["messages"]] == ["m2"]


def test_replies_stay_in_the_thread_and_the_parent_counts_them(slack: Slack) -> None:
    parent = slack.client.chat_postMessage(channel="C0SALES", text="parent")["ts"]
    slack.client.chat_postMessage(channel="C0SALES", text="one", thread_ts=parent)
    slack.sandbox.say("tom", "sales", "two", thread_ts=parent)
    history = slack.client.conversations_history(channel="C0SALES")["messages"]
    thread = slack.client.conversations_replies(channel="C0SALES", ts=parent)["messages"]
    assert [each["text"] for each in history] == ["parent"]
    assert [each["text"] for each in thread] == ["parent", "one", "two"]
    assert (history[0]["reply_count"], thread[1]["thread_ts"]) == (2, parent)


def test_an_update_keeps_what_it_does_not_mention_and_an_empty_list_removes_blocks(
    slack: Slack,
) -> None:
    ts = slack.client.chat_postMessage(channel="C0SALES", text="a", blocks=[BUTTON])["ts"]
    kept = slack.client.chat_update(channel="C0SALES", ts=ts, text="b")["message"]
    bare = slack.client.chat_update(channel="C0SALES", ts=ts, text="c", blocks=[])["message"]
    assert (kept["text"], len(kept["blocks"]), "edited" in kept) == ("b", 1, True)
    assert (bare["text"], "blocks" in bare) == ("c", False)


def test_an_update_longer_than_four_thousand_characters_is_too_long_though_a_post_is_not(
    slack: Slack,
) -> None:
    long = "x" * 4001
    ts = slack.client.chat_postMessage(channel="C0SALES", text=long)["ts"]
    assert error_of(slack.client.chat_update, channel="C0SALES", ts=ts, text=long) == "msg_too_long"


def test_the_bot_changes_and_deletes_only_its_own_messages(slack: Slack) -> None:
    theirs = slack.sandbox.say("tom", "sales", "mine").ts
    own = slack.client.chat_postMessage(channel="C0SALES", text="bot's")["ts"]
    update = error_of(slack.client.chat_update, channel="C0SALES", ts=theirs, text="x")
    delete = error_of(slack.client.chat_delete, channel="C0SALES", ts=theirs)
    slack.client.chat_delete(channel="C0SALES", ts=own)
    assert (update, delete) == ("cant_update_message", "cant_delete_message")
    assert error_of(slack.client.chat_delete, channel="C0SALES", ts=own) == "message_not_found"
    assert [each.text for each in slack.sandbox.messages_in("sales")] == ["mine"]


def test_an_ephemeral_message_is_for_one_person_and_never_in_history(slack: Slack) -> None:
    slack.client.chat_postEphemeral(channel="C0SALES", user="U0TOM", text="psst")
    assert [each.text for each in slack.sandbox.ephemerals_for("tom", "sales")] == ["psst"]
    assert slack.sandbox.ephemerals_for("maya") == []
    assert slack.client.conversations_history(channel="C0SALES")["messages"] == []
    error = error_of(slack.client.chat_postEphemeral, channel="C0SALES", user="U0RAJ", text="x")
    assert error == "user_not_in_channel"


def test_a_permalink_points_at_the_message(slack: Slack) -> None:
    ts = slack.client.chat_postMessage(channel="C0SALES", text="x")["ts"]
    link = slack.client.chat_getPermalink(channel="C0SALES", message_ts=ts)["permalink"]
    assert link == f"https://sandbox.slack.com/archives/C0SALES/p{ts.replace('.', '')}"


def test_a_scheduled_message_comes_when_the_clock_is_wound_past_its_time(
    slack: Slack, eventually: Eventually
) -> None:
    at = slack.clock.now() + timedelta(hours=2)
    slack.client.chat_scheduleMessage(channel="U0TOM", text="later", post_at=int(at.timestamp()))
    slack.client.chat_scheduleMessage(
        channel="U0TOM", text="much later", post_at=int(at.timestamp()) + 86400
    )
    assert slack.sandbox.direct_messages_to("tom") == []
    slack.clock.wind(timedelta(hours=3))
    arrived = eventually(lambda: slack.sandbox.direct_messages_to("tom"))
    waiting = slack.client.chat_scheduledMessages_list()["scheduled_messages"]
    assert [each.text for each in arrived] == ["later"]
    assert float(arrived[0].ts) >= at.timestamp()
    assert [each["text"] for each in waiting] == ["much later"]


def test_a_message_cannot_be_scheduled_into_the_past(slack: Slack) -> None:
    error = error_of(
        slack.client.chat_scheduleMessage, channel="U0TOM", text="x", post_at=1_700_000_000
    )
    assert error == "time_in_past"


def test_reactions_come_and_go_once_each(slack: Slack) -> None:
    ts = slack.client.chat_postMessage(channel="C0SALES", text="x")["ts"]
    item = {"channel": "C0SALES", "timestamp": ts, "name": "tada"}
    slack.client.reactions_add(**item)
    assert error_of(slack.client.reactions_add, **item) == "already_reacted"
    got = slack.client.reactions_get(channel="C0SALES", timestamp=ts)["message"]["reactions"]
    slack.client.reactions_remove(**item)
    assert (got[0]["name"], got[0]["count"]) == ("tada", 1)
    assert error_of(slack.client.reactions_remove, **item) == "no_reaction"


def test_a_file_goes_up_in_three_steps_and_into_the_channel(slack: Slack) -> None:
    uploaded = slack.client.files_upload_v2(
        channel="C0SALES", filename="week.png", content=PNG, title="The week", initial_comment="See"
    )
    file_id = uploaded["files"][0]["id"]
    message = slack.sandbox.messages_in("sales")[-1]
    assert (message.text, message.files) == ("See", (file_id,))
    info = slack.client.files_info(file=file_id)["file"]
    assert (info["title"], info["mimetype"], info["size"]) == ("The week", "image/png", len(PNG))


def test_an_image_block_shows_an_uploaded_picture_and_nothing_else(slack: Slack) -> None:
    def image(file_id: str) -> list[Json]:
        return [{"type": "image", "alt_text": "week", "slack_file": {"id": file_id}}]

    picture = slack.client.files_upload_v2(filename="week.png", content=PNG)["files"][0]["id"]
    notes = slack.client.files_upload_v2(filename="week.txt", content=b"text")["files"][0]["id"]
    assert slack.client.chat_postMessage(channel="U0TOM", text="x", blocks=image(picture))["ok"]
    for wrong in (notes, "F0NOWHERE"):
        error = error_of(
            slack.client.chat_postMessage, channel="U0TOM", text="x", blocks=image(wrong)
        )
        assert error == "invalid_blocks"


def test_the_bytes_of_a_file_are_for_a_token_that_may_read_them(slack: Slack) -> None:
    file = slack.client.files_upload_v2(filename="week.png", content=PNG)["files"][0]
    address = slack.client.files_info(file=file["id"])["file"]["url_private"]
    bearer = {"Authorization": f"Bearer {slack.credentials.bot_token}"}
    read = httpx.get(address, headers=bearer)
    assert (read.content, read.headers["content-type"]) == (PNG, "image/png")
    assert "Sign in" in httpx.get(address).text
    shown = [{"type": "image", "alt_text": "week", "slack_file": {"url": address}}]
    assert slack.client.chat_postMessage(channel="U0TOM", text="x", blocks=shown)["ok"]


def test_a_picture_may_not_be_ready_right_after_it_was_uploaded(slack: Slack) -> None:
    file = slack.client.files_upload_v2(filename="week.png", content=PNG)["files"][0]
    blocks = [{"type": "image", "alt_text": "week", "slack_file": {"id": file["id"]}}]
    slack.sandbox.faults.add(Fault(kind=FaultKind.FILE_NOT_READY))
    post = slack.client.chat_postMessage
    assert error_of(post, channel="U0TOM", text="x", blocks=blocks) == "invalid_blocks"
    assert post(channel="U0TOM", text="x", blocks=blocks)["ok"]


def test_a_file_whose_bytes_never_came_cannot_be_completed(slack: Slack) -> None:
    ticket = slack.client.files_getUploadURLExternal(filename="a.png", length=3)
    error = error_of(slack.client.files_completeUploadExternal, files=[{"id": ticket["file_id"]}])
    assert error == "file_not_found"


def test_blocks_come_back_with_ids_filled_in(slack: Slack) -> None:
    posted = slack.client.chat_postMessage(
        channel="C0SALES", text="x", blocks=[{"type": "divider"}, BUTTON]
    )
    blocks = posted["message"]["blocks"]
    assert all(each["block_id"] for each in blocks)
    assert blocks[1]["elements"][0]["text"]["emoji"] is True


def test_what_a_person_types_is_escaped_and_names_become_references(slack: Slack) -> None:
    said = slack.sandbox.say("tom", "sales", "a <b> & @maya in #general https://x.example/?a=1&b=2")
    assert said.text == (
        "a &lt;b&gt; &amp; <@U0MAYA> in <#C0GENERAL|general> <https://x.example/?a=1&amp;b=2>"
    )
