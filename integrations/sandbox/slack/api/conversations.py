from collections.abc import Sequence

from integrations.sandbox.slack.api.access import readable_conversation, visible_conversation
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.conversations import CHANNEL_NAME
from integrations.sandbox.slack.state.values import (
    Conversation,
    ConversationKind,
    Json,
    Message,
)
from integrations.sandbox.slack.state.wire import conversation_as_json, message_as_json

TYPES = {
    "public_channel": ConversationKind.CHANNEL,
    "private_channel": ConversationKind.GROUP,
    "im": ConversationKind.IM,
    "mpim": ConversationKind.MPIM,
}
LIST_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
MOST_IN_A_GROUP_MESSAGE = 8
LONGEST_NAME = 80


def conversations_open(call: Call) -> Json:
    if call.text("channel"):
        conversation, was_open = visible_conversation(call), True
    else:
        users = call.listed("users")
        if not users:
            raise ApiError("users_list_not_supplied")
        if len(users) > MOST_IN_A_GROUP_MESSAGE:
            raise ApiError("too_many_users")
        if any(user not in call.workspace.people for user in users):
            raise ApiError("user_not_found")
        conversation, was_open = call.workspace.direct_message(users)
    channel: Json = {"id": conversation.id}
    if call.flag("return_im"):
        channel = conversation_as_json(conversation, call.workspace)
    known = {"no_op": True, "already_open": True} if was_open else {}
    return {**known, "channel": channel}


def conversations_list(call: Call) -> Json:
    bot = call.workspace.bot.user_id
    visible = [
        each for each in call.workspace.conversations if not each.is_private or bot in each.members
    ]
    return listing(call, visible)


def listing(call: Call, found: Sequence[Conversation]) -> Json:
    """The conversations of the asked types, a page at a time."""
    types = call.listed("types") or ["public_channel"]
    if any(each not in TYPES for each in types):
        raise ApiError("invalid_types")
    provided = call.installation.credentials.scopes
    for each in types:
        if LIST_SCOPES[each] not in provided:
            raise ApiError(
                "missing_scope", needed=LIST_SCOPES[each], provided=",".join(sorted(provided))
            )
    kinds = {TYPES[each] for each in types}
    wanted = [each for each in found if each.kind in kinds]
    if call.flag("exclude_archived"):
        wanted = [each for each in wanted if not each.is_archived]
    page, cursor = call.page(wanted)
    return {"channels": [conversation_as_json(each, call.workspace) for each in page], **cursor}


def conversations_info(call: Call) -> Json:
    return {"channel": conversation_as_json(visible_conversation(call), call.workspace)}


def conversations_members(call: Call) -> Json:
    members, cursor = call.page(visible_conversation(call).members)
    return {"members": members, **cursor}


def conversations_join(call: Call) -> Json:
    conversation = visible_conversation(call)
    if conversation.kind is not ConversationKind.CHANNEL:
        raise ApiError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise ApiError("is_archived")
    joined = call.workspace.join(conversation.id, call.workspace.bot.user_id)
    return {"channel": conversation_as_json(joined, call.workspace)}


def conversations_invite(call: Call) -> Json:
    workspace = call.workspace
    conversation = visible_conversation(call)
    users = call.listed("users")
    if not users:
        raise ApiError("no_user")
    if workspace.bot.user_id not in conversation.members:
        raise ApiError("not_in_channel")
    for user in users:
        if user not in workspace.people:
            raise ApiError("user_not_found")
        if user in conversation.members:
            raise ApiError("already_in_channel")
    for user in users:
        conversation = workspace.join(conversation.id, user, inviter=workspace.bot.user_id)
    return {"channel": conversation_as_json(conversation, workspace)}


def conversations_create(call: Call) -> Json:
    workspace = call.workspace
    name = call.text("name")
    if len(name) > LONGEST_NAME:
        raise ApiError("invalid_name_maxlength")
    if not CHANNEL_NAME.match(name):
        raise ApiError("invalid_name_specials")
    with workspace.lock:
        if workspace.conversations.find(name) is not None:
            raise ApiError("name_taken")
        is_private = call.flag("is_private")
        created = workspace.conversations.add(
            Conversation(
                id=workspace.ids.mint("C"),
                kind=ConversationKind.GROUP if is_private else ConversationKind.CHANNEL,
                name=name,
                members=(workspace.bot.user_id,),
                creator=workspace.bot.user_id,
                created=workspace.clock.now(),
            )
        )
        workspace.changes.touch()
    return {"channel": conversation_as_json(created, workspace)}


def conversations_history(call: Call) -> Json:
    conversation = readable_conversation(call)
    messages = _between(call, call.workspace.messages.top_level(conversation.id))
    page, cursor = call.page(list(reversed(messages)))
    has_more = bool(cursor["response_metadata"]["next_cursor"])
    return {
        "messages": [_shown(each, call) for each in page],
        "has_more": has_more,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **(cursor if has_more else {}),
    }


def conversations_replies(call: Call) -> Json:
    conversation = readable_conversation(call)
    book = call.workspace.messages
    parent = book.find(conversation.id, call.text("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    root = parent.thread_ts or parent.ts
    replies = _between(call, book.replies(conversation.id, root))
    top = book.find(conversation.id, root)
    page, cursor = call.page([*([top] if top else []), *replies], default=1000)
    has_more = bool(cursor["response_metadata"]["next_cursor"])
    return {
        "messages": [_shown(each, call) for each in page],
        "has_more": has_more,
        **(cursor if has_more else {}),
    }


def _between(call: Call, messages: Sequence[Message]) -> list[Message]:
    oldest = _timestamp(call, "oldest", default=0.0)
    latest = _timestamp(call, "latest", default=float("inf"))
    if call.flag("inclusive"):
        return [each for each in messages if oldest <= float(each.ts) <= latest]
    return [each for each in messages if oldest < float(each.ts) < latest]


def _timestamp(call: Call, name: str, *, default: float) -> float:
    value = call.text(name)
    if not value or (name == "oldest" and value == "0"):
        return default
    try:
        return float(value)
    except ValueError:
        raise ApiError(f"invalid_ts_{name}") from None


def _shown(message: Message, call: Call) -> Json:
    return message_as_json(message, call.workspace, with_metadata=call.flag("include_all_metadata"))


METHODS: dict[str, Answer] = {
    "conversations.create": conversations_create,
    "conversations.history": conversations_history,
    "conversations.info": conversations_info,
    "conversations.invite": conversations_invite,
    "conversations.join": conversations_join,
    "conversations.list": conversations_list,
    "conversations.members": conversations_members,
    "conversations.open": conversations_open,
    "conversations.replies": conversations_replies,
}
