"""Happenings as the Events API tells them, and which of them the app subscribed to."""

from collections.abc import Iterator

from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.happenings import (
    AppUninstalled,
    BotTokenRevoked,
    Happening,
    HomeOpened,
    MemberJoined,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    ReactionChanged,
)
from integrations.sandbox.slack.state.values import ConversationKind, Json, Message
from integrations.sandbox.slack.state.wire import message_as_json, view_as_json
from integrations.sandbox.slack.state.workspace import Workspace

MESSAGE_SUBSCRIPTIONS = {
    ConversationKind.CHANNEL: "message.channels",
    ConversationKind.GROUP: "message.groups",
    ConversationKind.IM: "message.im",
    ConversationKind.MPIM: "message.mpim",
}


def subscribed_events(happening: Happening, installation: Installation) -> Iterator[Json]:
    """The events that this app is to be sent, in Slack's shape."""
    workspace, wanted = installation.workspace, installation.credentials.events
    for subscription, event in _events(happening, workspace):
        if subscription in wanted:
            yield event


def _events(happening: Happening, workspace: Workspace) -> Iterator[tuple[str, Json]]:
    if isinstance(happening, HomeOpened):
        yield "app_home_opened", _home_opened(happening, workspace)
    elif isinstance(happening, MemberJoined):
        yield from _joined(happening, workspace)
    elif isinstance(happening, ReactionChanged):
        yield from _reaction(happening, workspace)
    elif isinstance(happening, AppUninstalled):
        yield "app_uninstalled", {"type": "app_uninstalled"}
    elif isinstance(happening, BotTokenRevoked):
        tokens = {"oauth": [], "bot": [workspace.bot.user_id]}
        yield "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens}
    else:
        yield from _messages(happening, workspace)


def _messages(
    happening: MessagePosted | MessageChanged | MessageDeleted, workspace: Workspace
) -> Iterator[tuple[str, Json]]:
    message = happening.after if isinstance(happening, MessageChanged) else happening.message
    conversation = workspace.conversation(message.channel)
    if workspace.bot.user_id not in conversation.members:
        return
    kind = conversation.kind
    place: Json = {"channel": message.channel, "channel_type": str(kind)}
    subscription = MESSAGE_SUBSCRIPTIONS[kind]
    if isinstance(happening, MessagePosted):
        event = {**_told(message, workspace), **place, "event_ts": message.ts}
        yield subscription, event
        if not conversation.is_direct and f"<@{workspace.bot.user_id}>" in message.text:
            mention = {**event, "type": "app_mention"}
            del mention["channel_type"]
            yield "app_mention", mention
        return
    now = workspace.ids.stamp()
    hidden: Json = {"type": "message", "hidden": True, "ts": now, "event_ts": now, **place}
    if isinstance(happening, MessageChanged):
        hidden["subtype"] = "message_changed"
        hidden["message"] = _told(message, workspace)
        hidden["previous_message"] = _told(happening.before, workspace)
    else:
        hidden["subtype"] = "message_deleted"
        hidden["deleted_ts"] = message.ts
        hidden["previous_message"] = _told(message, workspace)
    yield subscription, hidden


def _told(message: Message, workspace: Workspace) -> Json:
    # Slack tells of metadata by events of its own, not within message events.
    return message_as_json(message, workspace, with_metadata=False)


def _home_opened(happening: HomeOpened, workspace: Workspace) -> Json:
    conversation, _ = workspace.direct_message([happening.person])
    event: Json = {
        "type": "app_home_opened",
        "user": happening.person,
        "channel": conversation.id,
        "tab": happening.tab,
        "event_ts": workspace.ids.stamp(),
    }
    home = workspace.views.home_of(happening.person)
    if happening.tab == "home" and home is not None:
        event["view"] = view_as_json(home, workspace)
    return event


def _joined(happening: MemberJoined, workspace: Workspace) -> Iterator[tuple[str, Json]]:
    conversation = workspace.conversation(happening.channel)
    if workspace.bot.user_id not in conversation.members:
        return
    event: Json = {
        "type": "member_joined_channel",
        "user": happening.user,
        "channel": happening.channel,
        "channel_type": "G" if conversation.is_private else "C",
        "team": workspace.team.id,
        "event_ts": workspace.ids.stamp(),
    }
    if happening.inviter:
        event["inviter"] = happening.inviter
    yield "member_joined_channel", event


def _reaction(happening: ReactionChanged, workspace: Workspace) -> Iterator[tuple[str, Json]]:
    conversation = workspace.conversation(happening.message.channel)
    if workspace.bot.user_id not in conversation.members:
        return
    kind = "reaction_added" if happening.added else "reaction_removed"
    yield (
        kind,
        {
            "type": kind,
            "user": happening.user,
            "reaction": happening.name,
            "item_user": happening.message.author,
            "item": {
                "type": "message",
                "channel": happening.message.channel,
                "ts": happening.message.ts,
            },
            "event_ts": workspace.ids.stamp(),
        },
    )
