from dataclasses import replace

from integrations.sandbox.slack.api.access import (
    message_at,
    visible_conversation,
    writable_conversation,
)
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.content import CANNOT_DISPLAY, Content, content_of
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.values import Conversation, Json, Message
from integrations.sandbox.slack.state.wire import message_as_json

LONGEST_UPDATE = 4_000


def chat_post_message(call: Call) -> Json:
    content = content_of(call)
    with call.workspace.lock:
        conversation = writable_conversation(call)
        message = draft(call, conversation, content)
        posted = call.workspace.post(replace(message, ts=call.workspace.ids.stamp()))
    return {
        "channel": conversation.id,
        "ts": posted.ts,
        "message": message_as_json(posted, call.workspace),
    }


def draft(call: Call, conversation: Conversation, content: Content) -> Message:
    """The message as it will stand, save for its timestamp."""
    return Message(
        channel=conversation.id,
        ts="",
        author=call.workspace.bot.user_id,
        bot_id=call.workspace.bot.bot_id,
        text=content.text or CANNOT_DISPLAY,
        blocks=content.blocks or (),
        attachments=content.attachments or (),
        metadata=content.metadata or None,
        thread_ts=_thread(call, conversation),
        is_broadcast=call.flag("reply_broadcast"),
        username=call.text("username") or None,
    )


def _thread(call: Call, conversation: Conversation) -> str | None:
    wanted = call.text("thread_ts")
    if not wanted:
        return None
    parent = message_at(call, conversation, wanted, error="cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def chat_post_ephemeral(call: Call) -> Json:
    content = content_of(call)
    if len(content.text or "") > LONGEST_UPDATE:
        raise ApiError("msg_too_long")
    person = call.text("user")
    with call.workspace.lock:
        conversation = writable_conversation(call)
        if person not in conversation.members:
            raise ApiError("user_not_in_channel")
        message = replace(
            draft(call, conversation, content),
            ts=call.workspace.ids.stamp(),
            visible_to=person,
            metadata=None,
        )
        call.workspace.post(message)
    return {"message_ts": message.ts}


def chat_update(call: Call) -> Json:
    content = content_of(call)
    if len(content.text or "") > LONGEST_UPDATE:
        raise ApiError("msg_too_long")
    with call.workspace.lock:
        conversation = visible_conversation(call)
        before = message_at(call, conversation, call.text("ts"))
        if before.bot_id != call.workspace.bot.bot_id:
            raise ApiError("cant_update_message")
        after = call.workspace.change(before, merged(before, content, call))
    return {
        "channel": conversation.id,
        "ts": after.ts,
        "text": after.text,
        "message": message_as_json(after, call.workspace),
    }


def merged(before: Message, content: Content, call: Call) -> Message:
    """The message with what the update says; what it does not mention stays."""
    return replace(
        before,
        text=before.text if content.text is None else content.text,
        blocks=before.blocks if content.blocks is None else content.blocks,
        attachments=before.attachments if content.attachments is None else content.attachments,
        metadata=before.metadata if content.metadata is None else content.metadata or None,
        edited_ts=call.workspace.ids.stamp(),
        chosen={},
    )


def chat_delete(call: Call) -> Json:
    with call.workspace.lock:
        conversation = visible_conversation(call)
        message = message_at(call, conversation, call.text("ts"))
        if message.bot_id != call.workspace.bot.bot_id:
            raise ApiError("cant_delete_message")
        call.workspace.delete(message)
    return {"channel": conversation.id, "ts": message.ts}


def chat_get_permalink(call: Call) -> Json:
    conversation = visible_conversation(call)
    message = message_at(call, conversation, call.text("message_ts"))
    domain = call.workspace.team.domain
    link = f"https://{domain}.slack.com/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}


METHODS: dict[str, Answer] = {
    "chat.delete": chat_delete,
    "chat.getPermalink": chat_get_permalink,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
}
