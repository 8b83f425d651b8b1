"""Which conversation a call means, and whether the bot may see, write to, or read it."""

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.state.values import Conversation, ConversationKind, Message

READ_SCOPES = {
    ConversationKind.CHANNEL: "channels:history",
    ConversationKind.GROUP: "groups:history",
    ConversationKind.IM: "im:history",
    ConversationKind.MPIM: "mpim:history",
}


def visible_conversation(call: Call, name: str = "channel") -> Conversation:
    """The conversation that the argument names; private ones only to a bot that is in them."""
    conversation = call.workspace.conversations.find(call.text(name))
    bot = call.workspace.bot.user_id
    if conversation is None or (conversation.is_private and bot not in conversation.members):
        raise ApiError("channel_not_found")
    return conversation


def writable_conversation(call: Call) -> Conversation:
    """Where a message may be posted; a person's id means the direct message with them."""
    workspace = call.workspace
    target = call.text("channel")
    if target in workspace.people:
        conversation, _ = workspace.direct_message([target])
        return conversation
    conversation = visible_conversation(call)
    if conversation.is_archived:
        raise ApiError("is_archived")
    is_member = workspace.bot.user_id in conversation.members
    if not is_member and "chat:write.public" not in call.installation.credentials.scopes:
        raise ApiError("not_in_channel")
    return conversation


def readable_conversation(call: Call) -> Conversation:
    conversation = visible_conversation(call)
    needed = READ_SCOPES[conversation.kind]
    scopes = call.installation.credentials.scopes
    if needed not in scopes:
        raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(scopes)))
    if call.workspace.bot.user_id not in conversation.members:
        raise ApiError("not_in_channel" if call.method.endswith("history") else "channel_not_found")
    return conversation


def message_at(
    call: Call, conversation: Conversation, ts: str, *, error: str = "message_not_found"
) -> Message:
    message = call.workspace.messages.find(conversation.id, ts)
    if message is None:
        raise ApiError(error)
    return message
