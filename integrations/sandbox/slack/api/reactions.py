import re

from integrations.sandbox.slack.api.access import message_at, visible_conversation
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.happenings import ReactionChanged
from integrations.sandbox.slack.state.values import Json, Message
from integrations.sandbox.slack.state.wire import message_as_json

NAME = re.compile(r"^[a-z0-9_+'-]+(::skin-tone-[2-6])?$")
TIMESTAMP = re.compile(r"^\d+\.\d+$")


def reactions_add(call: Call) -> Json:
    name, user = _name(call), call.workspace.bot.user_id
    with call.workspace.lock:
        message = _message(call)
        if user in _users(message, name):
            raise ApiError("already_reacted")
        changed = call.workspace.messages.react(message, name, user)
        _tell(call, changed, name, added=True)
    return {}


def reactions_remove(call: Call) -> Json:
    name, user = _name(call), call.workspace.bot.user_id
    with call.workspace.lock:
        message = _message(call)
        if user not in _users(message, name):
            raise ApiError("no_reaction")
        changed = call.workspace.messages.take_back(message, name, user)
        _tell(call, changed, name, added=False)
    return {}


def reactions_get(call: Call) -> Json:
    message = _message(call)
    return {
        "type": "message",
        "channel": message.channel,
        "message": message_as_json(message, call.workspace),
    }


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not NAME.match(name):
        raise ApiError("invalid_name")
    return name


def _message(call: Call) -> Message:
    if not call.text("channel") or not call.text("timestamp"):
        raise ApiError("no_item_specified")
    if not TIMESTAMP.match(call.text("timestamp")):
        raise ApiError("bad_timestamp")
    return message_at(call, visible_conversation(call), call.text("timestamp"))


def _users(message: Message, name: str) -> tuple[str, ...]:
    return next((each.users for each in message.reactions if each.name == name), ())


def _tell(call: Call, message: Message, name: str, *, added: bool) -> None:
    happened = ReactionChanged(
        message=message, user=call.workspace.bot.user_id, name=name, added=added
    )
    call.workspace.changes.tell(happened)


METHODS: dict[str, Answer] = {
    "reactions.add": reactions_add,
    "reactions.get": reactions_get,
    "reactions.remove": reactions_remove,
}
