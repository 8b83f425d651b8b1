"""The lines of the sidebar, as one person sees them."""

from dataclasses import dataclass

from integrations.sandbox.slack.page.eyes import Eyes, Face
from integrations.sandbox.slack.state.values import Conversation, ConversationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: str
    name: str
    unread: int
    is_here: bool
    face: Face | None = None
    is_private: bool = False
    #: "active" or "away"; empty where nobody can be.
    presence: str = ""


def people_entries(eyes: Eyes) -> tuple[Entry, ...]:
    """Everybody, with what the app wrote to them and they have not read."""
    workspace = eyes.workspace
    return tuple(
        Entry(
            id=person,
            name=eyes.name_of(person),
            unread=_unread_from_app(eyes, person),
            is_here=person == eyes.person.id,
            face=eyes.face(person),
            presence=workspace.presence.of(known),
        )
        for person, known in workspace.people.items()
    )


def app_entry(eyes: Eyes, direct: Conversation, *, is_here: bool) -> Entry:
    workspace = eyes.workspace
    return Entry(
        id=direct.id,
        name=workspace.bot.real_name,
        unread=workspace.messages.unread(eyes.person.id, direct.id),
        is_here=is_here,
        face=eyes.face(workspace.bot.user_id),
    )


def channel_entries(eyes: Eyes, here: str) -> tuple[Entry, ...]:
    person = eyes.person.id
    shown = [
        each
        for each in eyes.workspace.conversations
        if not each.is_direct and (not each.is_private or person in each.members)
    ]
    return tuple(_entry(eyes, each, here) for each in sorted(shown, key=lambda each: each.name))


def direct_entries(eyes: Eyes, here: str) -> tuple[Entry, ...]:
    """Direct messages with people; the one with the app stands under Apps."""
    person, bot = eyes.person.id, eyes.workspace.bot.user_id
    shown = [
        each
        for each in eyes.workspace.conversations
        if each.is_direct and person in each.members and not is_with_app(each, bot)
    ]
    return tuple(
        _entry(eyes, each, here) for each in sorted(shown, key=lambda each: heading_of(eyes, each))
    )


def is_with_app(conversation: Conversation, bot: str) -> bool:
    return conversation.kind is ConversationKind.IM and bot in conversation.members


def heading_of(eyes: Eyes, conversation: Conversation) -> str:
    """A channel's name, or the names of the others in a direct message."""
    if not conversation.is_direct:
        return conversation.name
    others = [each for each in conversation.members if each != eyes.person.id]
    return ", ".join(eyes.name_of(each) for each in others)


def _entry(eyes: Eyes, conversation: Conversation, here: str) -> Entry:
    workspace, person = eyes.workspace, eyes.person.id
    is_member = person in conversation.members
    others = [each for each in conversation.members if each != person]
    friend = workspace.people.get(others[0]) if conversation.is_direct and others else None
    return Entry(
        id=conversation.id,
        name=heading_of(eyes, conversation),
        unread=workspace.messages.unread(person, conversation.id) if is_member else 0,
        is_here=here == conversation.id,
        face=eyes.face(others[0]) if conversation.is_direct and others else None,
        is_private=conversation.is_private,
        presence=workspace.presence.of(friend) if friend and len(others) == 1 else "",
    )


def _unread_from_app(eyes: Eyes, person: str) -> int:
    workspace = eyes.workspace
    direct = workspace.conversations.direct_between((workspace.bot.user_id, person))
    return workspace.messages.unread(person, direct.id) if direct else 0
