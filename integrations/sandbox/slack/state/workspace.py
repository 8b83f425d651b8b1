import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.state.conversations import Conversations
from integrations.sandbox.slack.state.files import FileShelf
from integrations.sandbox.slack.state.happenings import (
    Changes,
    MemberJoined,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
)
from integrations.sandbox.slack.state.ids import Minter
from integrations.sandbox.slack.state.messages import MessageBook
from integrations.sandbox.slack.state.presence import Presence
from integrations.sandbox.slack.state.threads import Threads
from integrations.sandbox.slack.state.values import (
    BotIdentity,
    Conversation,
    ConversationKind,
    Message,
    Team,
)
from integrations.sandbox.slack.state.views import ViewDesk

BOT_AND_ONE_PERSON = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledMessage:
    id: str
    post_at: datetime
    #: Everything but the timestamp, which it gets when it is posted.
    message: Message


class Workspace:
    """One team's Slack. Take ``lock`` for anything that reads and then writes."""

    def __init__(
        self,
        people: Iterable[SlackPerson],
        channels: Iterable[SlackChannel],
        clock: SandboxClock,
        *,
        team: Team | None = None,
        bot: BotIdentity | None = None,
        bot_channels: Iterable[str] = (),
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.team = team or Team()
        self.bot = bot or BotIdentity()
        self.people = {person.id: person for person in people}
        self.ids = Minter(clock)
        self.changes = Changes()
        self.conversations = Conversations(
            channels, bot_user=self.bot.user_id, bot_channels=bot_channels, created=clock.now()
        )
        self.messages = MessageBook()
        self.views = ViewDesk()
        self.files = FileShelf()
        self.threads = Threads()
        self.presence = Presence(clock)
        #: Where the workspace is served; addresses of files begin with it.
        self.address = ""
        self.scheduled: dict[str, ScheduledMessage] = {}

    def person(self, reference: str) -> SlackPerson:
        """By id, name, full name or e-mail address. Raises KeyError when nobody matches."""
        if reference in self.people:
            return self.people[reference]
        wanted = reference.removeprefix("@").casefold()
        for person in self.people.values():
            if wanted in {
                each.casefold() for each in (person.name, person.real_name, person.email)
            }:
                return person
        raise KeyError(f"nobody called {reference!r}; known are {', '.join(self.people)}")

    def conversation(self, reference: str) -> Conversation:
        """By id or channel name. Raises KeyError when there is none."""
        found = self.conversations.find(reference)
        if found is None:
            raise KeyError(f"no conversation {reference!r}")
        return found

    def direct_message(self, users: Sequence[str]) -> tuple[Conversation, bool]:
        """The conversation of the bot with these people, and whether it had been open before."""
        with self.lock:
            members = (self.bot.user_id, *users)
            known = self.conversations.direct_between(members)
            if known is not None:
                return known, True
            alone = len(members) == BOT_AND_ONE_PERSON
            opened = Conversation(
                id="D" + users[0][1:] if alone else self.ids.mint("G"),
                kind=ConversationKind.IM if alone else ConversationKind.MPIM,
                name="" if alone else "mpdm-" + "--".join(users).lower(),
                members=members,
                creator=self.bot.user_id,
                created=self.clock.now(),
            )
            self.changes.touch()
            return self.conversations.add(opened), False

    def private_chat(self, users: Sequence[str]) -> Conversation:
        """The direct message of these people among themselves, which the app is not in."""
        with self.lock:
            known = self.conversations.direct_between(users)
            if known is not None:
                return known
            self.changes.touch()
            return self.conversations.add(
                Conversation(
                    id=self.ids.mint("D"),
                    kind=ConversationKind.IM,
                    name="",
                    members=tuple(users),
                    creator=users[0],
                    created=self.clock.now(),
                )
            )

    def post(self, message: Message) -> Message:
        """Put the message into its conversation and tell who listens."""
        with self.lock:
            stored = self.messages.put(message)
            if stored.bot_id and stored.thread_ts:
                # As Slack does: once the app has answered, it is no longer "thinking".
                self.threads.set_status(stored.channel, stored.thread_ts, "")
            if stored.visible_to is not None:
                self.changes.touch()
            else:
                self.changes.tell(MessagePosted(message=stored))
            return stored

    def change(self, before: Message, after: Message) -> Message:
        with self.lock:
            stored = self.messages.put(after)
            if stored.visible_to is not None:
                self.changes.touch()
            else:
                self.changes.tell(MessageChanged(before=before, after=stored))
            return stored

    def delete(self, message: Message) -> None:
        with self.lock:
            self.messages.remove(message)
            if message.visible_to is not None:
                self.changes.touch()
            else:
                self.changes.tell(MessageDeleted(message=message))

    def join(self, channel: str, user: str, *, inviter: str | None = None) -> Conversation:
        with self.lock:
            if user in self.conversation(channel).members:
                return self.conversation(channel)
            joined = self.conversations.join(channel, user)
            self.changes.tell(MemberJoined(channel=channel, user=user, inviter=inviter))
            return joined

    def post_due(self) -> list[Message]:
        """Post every scheduled message whose time has come."""
        with self.lock:
            now = self.clock.now()
            due = [each for each in self.scheduled.values() if each.post_at <= now]
            for each in due:
                del self.scheduled[each.id]
            return [self.post(replace(each.message, ts=self.ids.stamp())) for each in due]
