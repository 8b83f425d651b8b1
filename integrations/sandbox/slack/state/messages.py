from collections import defaultdict
from dataclasses import replace

from integrations.sandbox.slack.state.values import Message, Reaction


class MessageBook:
    """Every message by channel, oldest first, and beside them what only one person sees.

    Guarded by the workspace's lock. Ephemeral messages never enter a channel's history.
    Timestamps only rise, so that the order of arrival is the order of time.
    """

    def __init__(self) -> None:
        self._history: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self._threads: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._ephemeral: defaultdict[str, dict[tuple[str, str], Message]] = defaultdict(dict)
        self._read_up_to: dict[tuple[str, str], str] = {}

    def put(self, message: Message) -> Message:
        """Add the message, or put it in the place of the one that bears its timestamp."""
        if message.visible_to is None:
            self._history[message.channel][message.ts] = message
            if message.is_reply:
                self._threads[message.channel, str(message.thread_ts)][message.ts] = None
        else:
            self._ephemeral[message.visible_to][message.channel, message.ts] = message
        return message

    def remove(self, message: Message) -> None:
        if message.visible_to is None:
            self._history[message.channel].pop(message.ts, None)
            self._threads[message.channel, str(message.thread_ts)].pop(message.ts, None)
        else:
            self._ephemeral[message.visible_to].pop((message.channel, message.ts), None)

    def find(self, channel: str, ts: str) -> Message | None:
        return self._history[channel].get(ts)

    def find_ephemeral(self, person: str, channel: str, ts: str) -> Message | None:
        return self._ephemeral[person].get((channel, ts))

    def visible(self, channel: str, ts: str, person: str) -> Message | None:
        return self.find(channel, ts) or self.find_ephemeral(person, channel, ts)

    def all_in(self, channel: str) -> list[Message]:
        return list(self._history[channel].values())

    def top_level(self, channel: str) -> list[Message]:
        return [each for each in self.all_in(channel) if not each.is_reply or each.is_broadcast]

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        return [self._history[channel][ts] for ts in self._threads.get((channel, thread_ts), ())]

    def ephemerals_for(self, person: str, channel: str | None = None) -> list[Message]:
        return [
            each
            for each in self._ephemeral[person].values()
            if channel is None or each.channel == channel
        ]

    def react(self, message: Message, name: str, user: str) -> Message:
        users = next((each.users for each in message.reactions if each.name == name), ())
        others = tuple(each for each in message.reactions if each.name != name)
        reaction = Reaction(name=name, users=(*users, user))
        return self.put(replace(message, reactions=(*others, reaction)))

    def take_back(self, message: Message, name: str, user: str) -> Message:
        kept = []
        for each in message.reactions:
            users = tuple(one for one in each.users if each.name != name or one != user)
            if users:
                kept.append(replace(each, users=users))
        return self.put(replace(message, reactions=tuple(kept)))

    def mark_read(self, person: str, channel: str) -> bool:
        """Note that the person has seen all of the channel; False when they had already."""
        newest = next(reversed(self._history[channel].values()), None)
        if newest is None or self._read_up_to.get((person, channel)) == newest.ts:
            return False
        self._read_up_to[person, channel] = newest.ts
        return True

    def unread(self, person: str, channel: str) -> int:
        seen = float(self._read_up_to.get((person, channel), "0"))
        count = 0
        for each in reversed(self._history[channel].values()):
            if float(each.ts) <= seen:
                break
            count += each.author != person
        return count
