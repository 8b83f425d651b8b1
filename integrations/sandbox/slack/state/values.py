from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: A JSON object as it travels on Slack's wire; its shape is Slack's, so it stays untyped.
Json = dict[str, Any]


class ConversationKind(StrEnum):
    CHANNEL = "channel"
    GROUP = "group"
    IM = "im"
    MPIM = "mpim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: str = "T0SANDBOX1"
    name: str = "Sandbox"
    domain: str = "sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class BotIdentity:
    """The installed app: one id as an app, one as a bot, one as a member of the workspace."""

    app_id: str = "A0SANDBOX1"
    bot_id: str = "B0SANDBOX1"
    user_id: str = "U0SANDBOX1"
    name: str = "pacesetter"
    real_name: str = "Pacesetter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    id: str
    kind: ConversationKind
    #: Without the leading "#"; empty for direct messages.
    name: str
    #: Ids of people and, where it was invited, of the bot's user.
    members: tuple[str, ...]
    creator: str
    created: datetime
    topic: str = ""
    is_archived: bool = False

    @property
    def is_direct(self) -> bool:
        return self.kind in {ConversationKind.IM, ConversationKind.MPIM}

    @property
    def is_private(self) -> bool:
        return self.kind is not ConversationKind.CHANNEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    channel: str
    #: Slack's message id and its instant in one: seconds since 1970 with six decimals.
    ts: str
    author: str
    text: str
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    #: Set for whatever an app posted, whichever name it wore.
    bot_id: str | None = None
    username: str | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    files: tuple[str, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    edited_ts: str | None = None
    subtype: str | None = None
    is_broadcast: bool = False
    is_pinned: bool = False
    #: The one person who can see it; None when it is in the channel's history.
    visible_to: str | None = None
    #: What people have chosen in this message's inputs: block id to action id to Slack's value.
    chosen: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    id: str
    name: str
    title: str
    length: int
    alt_text: str
    uploaded_by: str
    created: datetime
    #: None until the bytes were posted to the upload address.
    content: bytes | None = None
    is_complete: bool = False
    channels: tuple[str, ...] = ()
    is_deleted: bool = False

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    id: str
    kind: str
    person: str
    #: The view as the app sent it, block and action ids filled in.
    content: Json
    #: Changes with every update; ``views.update`` may ask that it still be the one it saw.
    hash: str
    root_id: str
    previous_id: str | None = None
    external_id: str | None = None
    #: Field complaints of the last submission, by block id.
    errors: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    #: A sentence above the form when a submission did not reach the app.
    trouble: str = ""
