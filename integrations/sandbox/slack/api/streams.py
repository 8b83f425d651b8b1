"""A message that is written while people read it: started, added to, and ended."""

from dataclasses import replace

from integrations.sandbox.slack.api.access import (
    message_at,
    visible_conversation,
    writable_conversation,
)
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.content import (
    CANNOT_DISPLAY,
    block_name,
    metadata_of,
    read_blocks,
    refused,
)
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.blockkit.complete import completed
from integrations.sandbox.slack.blockkit.validate import complaints_about_blocks
from integrations.sandbox.slack.state.threads import Stream
from integrations.sandbox.slack.state.values import Conversation, Json, Message
from integrations.sandbox.slack.state.wire import message_as_json


def chat_start_stream(call: Call) -> Json:
    workspace = call.workspace
    with workspace.lock:
        conversation = writable_conversation(call)
        if not conversation.is_direct:
            _recipient(call)
        thread = call.text("thread_ts") or None
        if thread is not None and workspace.messages.find(conversation.id, thread) is None:
            # Slack documents no name of its own for a thread that is not there.
            raise ApiError("invalid_arguments", messages=["[ERROR] no such thread: thread_ts"])
        stream = Stream()
        _add(call, stream)
        draft = Message(
            channel=conversation.id,
            ts=workspace.ids.stamp(),
            author=workspace.bot.user_id,
            bot_id=workspace.bot.bot_id,
            text="",
            thread_ts=thread,
            username=call.text("username") or None,
        )
        posted = workspace.post(_written(call, draft, stream))
        workspace.threads.streams[posted.channel, posted.ts] = stream
    return {"channel": posted.channel, "ts": posted.ts}


def chat_append_stream(call: Call) -> Json:
    with call.workspace.lock:
        message, stream = _under_way(call)
        if not call.text("markdown_text") and not call.arguments.get("chunks"):
            raise ApiError("no_text")
        _add(call, stream)
        call.workspace.change(message, _written(call, message, stream))
    return {"channel": message.channel, "ts": message.ts}


def chat_stop_stream(call: Call) -> Json:
    blocks, metadata = read_blocks(call) or [], metadata_of(call)
    workspace = call.workspace
    with workspace.lock:
        message, stream = _under_way(call)
        _add(call, stream)
        written = _written(call, message, stream)
        last = completed(blocks, lambda: block_name(workspace))
        ended = replace(written, blocks=(*written.blocks, *last), metadata=metadata or None)
        workspace.change(message, ended)
        del workspace.threads.streams[message.channel, message.ts]
    shown = message_as_json(ended, workspace)
    return {"channel": message.channel, "ts": message.ts, "message": shown}


def _recipient(call: Call) -> None:
    """In a channel Slack wants to know for whom the words are."""
    if not call.text("recipient_user_id"):
        raise ApiError("missing_recipient_user_id")
    if not call.text("recipient_team_id"):
        raise ApiError("missing_recipient_team_id")
    if call.text("recipient_user_id") not in call.workspace.people:
        raise ApiError("user_not_found")


def _under_way(call: Call) -> tuple[Message, Stream]:
    conversation: Conversation = visible_conversation(call)
    message = message_at(call, conversation, call.text("ts"))
    if message.bot_id != call.workspace.bot.bot_id:
        raise ApiError("message_not_owned_by_app")
    stream = call.workspace.threads.streams.get((conversation.id, message.ts))
    if stream is None:
        raise ApiError("message_not_in_streaming_state")
    return message, stream


def _add(call: Call, stream: Stream) -> None:
    stream.markdown += call.text("markdown_text")
    chunks = call.structure("chunks", error="invalid_chunks")
    if chunks is not None and not isinstance(chunks, list):
        raise ApiError("invalid_chunks")
    for chunk in chunks or ():
        _add_chunk(chunk, stream)


def _add_chunk(chunk: object, stream: Stream) -> None:
    if not isinstance(chunk, dict):
        raise ApiError("invalid_chunks")
    kind = chunk.get("type")
    if kind == "markdown_text" and isinstance(chunk.get("text"), str):
        stream.markdown += chunk["text"]
    elif kind == "plan_update" and isinstance(chunk.get("title"), str):
        stream.plan = chunk["title"]
    elif kind == "task_update" and chunk.get("id"):
        card = {"type": "task_card", "task_id": chunk["id"]}
        for key in ("title", "status"):
            card[key] = chunk.get(key)
        if complaints_about_blocks([card], surface="message"):
            raise ApiError("invalid_chunks")
        stream.tasks[str(chunk["id"])] = card
    else:
        raise ApiError("invalid_chunks")


def _written(call: Call, message: Message, stream: Stream) -> Message:
    """The message as it stands so far. Raises ApiError when it has become too long."""
    blocks: list[Json] = [{"type": "markdown", "text": stream.markdown}] if stream.markdown else []
    tasks = list(stream.tasks.values())
    if stream.plan:
        blocks.append({"type": "plan", "title": stream.plan, "tasks": tasks})
    else:
        blocks += tasks
    complaints = complaints_about_blocks(blocks, surface="message")
    if complaints:
        raise refused("invalid_blocks", complaints)
    named = completed(blocks, lambda: block_name(call.workspace))
    return replace(message, blocks=named, text=stream.markdown or CANNOT_DISPLAY)


METHODS: dict[str, Answer] = {
    "chat.appendStream": chat_append_stream,
    "chat.startStream": chat_start_stream,
    "chat.stopStream": chat_stop_stream,
}
