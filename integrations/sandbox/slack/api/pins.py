from dataclasses import replace

from integrations.sandbox.slack.api.access import message_at, visible_conversation
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.values import Json


def pins_add(call: Call) -> Json:
    if not call.text("timestamp"):
        raise ApiError("no_item_specified")
    with call.workspace.lock:
        conversation = visible_conversation(call)
        if call.workspace.bot.user_id not in conversation.members:
            raise ApiError("not_in_channel")
        message = message_at(call, conversation, call.text("timestamp"))
        if message.is_pinned:
            raise ApiError("already_pinned")
        call.workspace.messages.put(replace(message, is_pinned=True))
        call.workspace.changes.touch()
    return {}


METHODS: dict[str, Answer] = {"pins.add": pins_add}
