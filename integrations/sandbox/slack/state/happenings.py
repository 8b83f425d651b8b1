"""What happened in the workspace, for whoever listens: the event subscriptions and the page."""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.slack.state.values import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged:
    before: Message
    after: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    channel: str
    user: str
    inviter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged:
    message: Message
    user: str
    name: str
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    person: str
    #: "home" or "messages".
    tab: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppUninstalled:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class BotTokenRevoked:
    pass


Happening = (
    MessagePosted
    | MessageChanged
    | MessageDeleted
    | MemberJoined
    | ReactionChanged
    | HomeOpened
    | AppUninstalled
    | BotTokenRevoked
)
Listener = Callable[[Happening], None]


class Changes:
    """Tells listeners what happened, and counts up for those who only ask whether anything did."""

    def __init__(self) -> None:
        self.version = 0
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def touch(self) -> None:
        self.version += 1

    def tell(self, happening: Happening) -> None:
        self.version += 1
        for listener in self._listeners:
            listener(happening)
