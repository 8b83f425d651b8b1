from datetime import UTC, datetime, timedelta

from integrations.sandbox.slack.api.access import writable_conversation
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.chat import draft
from integrations.sandbox.slack.api.content import content_of
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.values import Json
from integrations.sandbox.slack.state.wire import message_as_json
from integrations.sandbox.slack.state.workspace import ScheduledMessage

FARTHEST = timedelta(days=120)


def chat_schedule_message(call: Call) -> Json:
    content = content_of(call)
    post_at = _post_at(call)
    workspace = call.workspace
    with workspace.lock:
        conversation = writable_conversation(call)
        waiting = ScheduledMessage(
            id=workspace.ids.mint("Q"),
            post_at=post_at,
            message=draft(call, conversation, content),
        )
        workspace.scheduled[waiting.id] = waiting
    shown = message_as_json(waiting.message, workspace)
    del shown["ts"]
    return {
        "channel": conversation.id,
        "scheduled_message_id": waiting.id,
        "post_at": int(post_at.timestamp()),
        "message": {**shown, "type": "delayed_message"},
    }


def _post_at(call: Call) -> datetime:
    seconds = call.whole("post_at", 0)
    if seconds <= 0:
        raise ApiError("invalid_time")
    post_at = datetime.fromtimestamp(seconds, tz=UTC)
    now = call.installation.clock.now()
    if post_at <= now:
        raise ApiError("time_in_past")
    if post_at > now + FARTHEST:
        raise ApiError("time_too_far")
    return post_at


def chat_delete_scheduled_message(call: Call) -> Json:
    workspace = call.workspace
    with workspace.lock:
        conversation = writable_conversation(call)
        waiting = workspace.scheduled.get(call.text("scheduled_message_id"))
        if waiting is None or waiting.message.channel != conversation.id:
            raise ApiError("invalid_scheduled_message_id")
        del workspace.scheduled[waiting.id]
    return {}


def chat_scheduled_messages_list(call: Call) -> Json:
    channel = call.text("channel")
    waiting = sorted(
        (
            each
            for each in call.workspace.scheduled.values()
            if not channel or each.message.channel == channel
        ),
        key=lambda each: each.post_at,
    )
    page, cursor = call.page(waiting)
    return {
        "scheduled_messages": [
            {
                "id": each.id,
                "channel_id": each.message.channel,
                "post_at": int(each.post_at.timestamp()),
                "date_created": int(call.installation.clock.now().timestamp()),
                "text": each.message.text,
            }
            for each in page
        ],
        **cursor,
    }


METHODS: dict[str, Answer] = {
    "chat.deleteScheduledMessage": chat_delete_scheduled_message,
    "chat.scheduleMessage": chat_schedule_message,
    "chat.scheduledMessages.list": chat_scheduled_messages_list,
}
