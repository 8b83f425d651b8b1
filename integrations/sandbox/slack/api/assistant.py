"""What an app says it is doing in a thread. The installed app has no agent view."""

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.values import Json, Message


def assistant_threads_set_status(call: Call) -> Json:
    with call.workspace.lock:
        parent = _parent(call)
        call.workspace.threads.set_status(parent.channel, parent.ts, call.text("status"))
        call.workspace.changes.touch()
    return {}


def assistant_threads_set_title(call: Call) -> Json:
    with call.workspace.lock:
        parent = _parent(call)
        call.workspace.threads.titles[parent.channel, parent.ts] = call.text("title")
        call.workspace.changes.touch()
    return {}


def assistant_threads_set_suggested_prompts(call: Call) -> Json:
    _place(call)
    raise ApiError("not_agent_app")


def _place(call: Call) -> str:
    conversation = call.workspace.conversations.find(call.text("channel_id"))
    if conversation is None or call.workspace.bot.user_id not in conversation.members:
        raise ApiError("channel_not_found")
    return conversation.id


def _parent(call: Call) -> Message:
    parent = call.workspace.messages.find(_place(call), call.text("thread_ts"))
    if parent is None or parent.is_reply:
        raise ApiError("invalid_thread_ts")
    return parent


METHODS: dict[str, Answer] = {
    "assistant.threads.setStatus": assistant_threads_set_status,
    "assistant.threads.setSuggestedPrompts": assistant_threads_set_suggested_prompts,
    "assistant.threads.setTitle": assistant_threads_set_title,
}
