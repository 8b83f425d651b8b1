"""What an app does around a message: words under way, a status, pins, files taken back."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.messages.chunk import PlanUpdateChunk, TaskUpdateChunk

from tests.sandbox.slack.stage import Json, Opener, Slack

ASSISTING = {"assistant:write", "emoji:read", "pins:write"}


def error_of(raised: pytest.ExceptionInfo[SlackApiError]) -> Any:
    return raised.value.response["error"]


def test_words_grow_while_they_are_written_and_end_with_blocks(slack: Slack) -> None:
    question = slack.sandbox.say("tom", "tom", "how am I doing?")
    stream = slack.client.chat_stream(
        channel=question.channel, thread_ts=question.ts, buffer_size=1
    )
    stream.append(markdown_text="You made ")
    first = slack.sandbox.direct_messages_to("tom")[-1]
    stream.append(markdown_text="*12* calls.")
    stream.append(chunks=[TaskUpdateChunk(id="t1", title="Counting", status="in_progress")])
    stream.append(
        chunks=[
            PlanUpdateChunk(title="Your week"),
            TaskUpdateChunk(id="t1", title="Counting", status="complete"),
        ]
    )
    stream.stop(blocks=[{"type": "divider"}])
    last = slack.sandbox.direct_messages_to("tom")[-1]
    assert (first.ts, first.text) == (last.ts, "You made ")
    assert last.text == "You made *12* calls."
    assert [each["type"] for each in last.blocks] == ["markdown", "plan", "divider"]
    assert [each["status"] for each in last.blocks[1]["tasks"]] == ["complete"]
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_appendStream(channel=last.channel, ts=last.ts, markdown_text="too late")
    assert error_of(raised) == "message_not_in_streaming_state"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"channel": "sales"}, "missing_recipient_user_id"),
        ({"channel": "sales", "recipient_user_id": "U0TOM"}, "missing_recipient_team_id"),
        ({"channel": "U0TOM", "chunks": [{"type": "song"}]}, "invalid_chunks"),
        ({"channel": "U0TOM", "markdown_text": "x" * 12_001}, "invalid_blocks"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
    ],
)
def test_a_stream_is_refused_by_name(slack: Slack, given: dict[str, Any], error: str) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.client.api_call("chat.startStream", json=given)
    assert error_of(raised) == error
    assert slack.sandbox.direct_messages_to("tom") == []


def test_a_stream_belongs_to_the_bot(slack: Slack) -> None:
    theirs = slack.sandbox.say("tom", "tom", "mine")
    with pytest.raises(SlackApiError) as raised:
        slack.client.chat_stopStream(channel=theirs.channel, ts=theirs.ts)
    assert error_of(raised) == "message_not_owned_by_app"


def test_a_status_stands_until_the_app_answers(opened: Opener) -> None:
    with opened() as slack:
        question = slack.sandbox.say("tom", "tom", "how am I doing?")
        place: Json = {"channel_id": question.channel, "thread_ts": question.ts}
        threads = slack.sandbox.workspace.threads
        slack.client.assistant_threads_setStatus(**place, status="is counting…")
        assert threads.statuses == {(question.channel, question.ts): "is counting…"}
        slack.client.chat_postMessage(
            channel=question.channel, thread_ts=question.ts, text="Twelve calls."
        )
        assert threads.statuses == {}
        with pytest.raises(SlackApiError) as raised:
            slack.client.assistant_threads_setStatus(
                channel_id=question.channel, thread_ts="1.000000", status="x"
            )
        assert error_of(raised) == "invalid_thread_ts"


def test_titles_pins_and_emoji_ask_for_their_scopes(opened: Opener, slack: Slack) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.client.pins_add(channel="sales", timestamp="1.0")
    assert error_of(raised) == "missing_scope"
    credentials = type(slack.credentials)(scopes=slack.credentials.scopes | ASSISTING)
    with opened(credentials=credentials) as wider:
        message = wider.sandbox.say("tom", "sales", "look")
        place = {"channel": message.channel, "timestamp": message.ts}
        wider.client.pins_add(**place)
        with pytest.raises(SlackApiError) as again:
            wider.client.pins_add(**place)
        assert error_of(again) == "already_pinned"
        thread = {"channel_id": message.channel, "thread_ts": message.ts}
        wider.client.assistant_threads_setTitle(**thread, title="Calls")
        assert wider.sandbox.workspace.threads.titles[message.channel, message.ts] == "Calls"
        with pytest.raises(SlackApiError) as no_agent:
            wider.client.assistant_threads_setSuggestedPrompts(
                **thread, prompts=[{"title": "t", "message": "m"}]
            )
        assert error_of(no_agent) == "not_agent_app"
        assert wider.client.emoji_list()["emoji"] == {}


def test_a_deleted_file_leaves_a_tombstone(slack: Slack) -> None:
    answer = slack.client.files_upload_v2(
        filename="a.csv", content="a,b\n", channel=slack.sandbox.place("sales").id
    )
    file_id = answer["file"]["id"]
    slack.client.files_delete(file=file_id)
    errors = []
    for call in (slack.client.files_info, slack.client.files_delete):
        with pytest.raises(SlackApiError) as raised:
            call(file=file_id)
        errors.append(error_of(raised))
    history = slack.client.conversations_history(channel=slack.sandbox.place("sales").id)
    assert errors == ["file_deleted", "file_deleted"]
    assert history["messages"][0]["files"] == [{"id": file_id, "mode": "tombstone"}]


def test_people_are_present_while_they_work_unless_they_say_otherwise(slack: Slack) -> None:
    def presence() -> list[str]:
        people = ("U0MAYA", "U0TOM", "U0RAJ")
        return [slack.client.users_getPresence(user=each)["presence"] for each in people]

    # 08:30 in Berlin, 03:30 in New York, 13:00 in Kolkata.
    assert presence() == ["active", "away", "active"]
    slack.sandbox.set_presence("maya", "away")
    slack.sandbox.set_presence("tom", "active")
    assert presence() == ["away", "active", "active"]
    slack.sandbox.set_presence("maya", "auto")
    slack.clock.wind_to(slack.clock.now().replace(day=14))
    assert presence() == ["away", "active", "away"]
    assert slack.client.api_call("users.getPresence")["presence"] == "active"
