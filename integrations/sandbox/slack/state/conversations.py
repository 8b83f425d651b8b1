import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from integrations.sandbox.changes import SlackChannel
from integrations.sandbox.slack.state.values import Conversation, ConversationKind

CHANNEL_NAME = re.compile(r"^[a-z0-9_-]{1,80}$")


class Conversations:
    """Channels, private groups and direct messages, by id. Guarded by the workspace's lock."""

    def __init__(
        self,
        channels: Iterable[SlackChannel],
        *,
        bot_user: str,
        bot_channels: Iterable[str],
        created: datetime,
    ) -> None:
        self._by_id: dict[str, Conversation] = {}
        joined = set(bot_channels)
        for channel in channels:
            bot = (bot_user,) if {channel.id, channel.name} & joined else ()
            self._by_id[channel.id] = Conversation(
                id=channel.id,
                kind=ConversationKind.GROUP if channel.is_private else ConversationKind.CHANNEL,
                name=channel.name,
                members=(*channel.members, *bot),
                creator=channel.members[0] if channel.members else bot_user,
                created=created,
                topic=channel.topic,
            )

    def __iter__(self) -> Iterator[Conversation]:
        return iter(list(self._by_id.values()))

    def find(self, reference: str) -> Conversation | None:
        """By id, or by a name with or without its "#"."""
        if reference in self._by_id:
            return self._by_id[reference]
        name = reference.removeprefix("#")
        return next((each for each in self if each.name and each.name == name), None)

    def direct_between(self, members: Iterable[str]) -> Conversation | None:
        wanted = set(members)
        return next((each for each in self if each.is_direct and set(each.members) == wanted), None)

    def add(self, conversation: Conversation) -> Conversation:
        self._by_id[conversation.id] = conversation
        return conversation

    def join(self, channel: str, user: str) -> Conversation:
        conversation = self._by_id[channel]
        if user in conversation.members:
            return conversation
        return self.add(replace(conversation, members=(*conversation.members, user)))

    def archive(self, channel: str) -> Conversation:
        return self.add(replace(self._by_id[channel], is_archived=True))
