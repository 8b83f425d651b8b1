"""What the page shows to one person at one place, ready for the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.sandbox.slack.acts import all_values
from integrations.sandbox.slack.manifest import ShortcutHint
from integrations.sandbox.slack.page.eyes import Eyes, Face
from integrations.sandbox.slack.page.sidebar import (
    Entry,
    app_entry,
    channel_entries,
    direct_entries,
    heading_of,
    people_entries,
)
from integrations.sandbox.slack.page.troubles import in_words
from integrations.sandbox.slack.report import log_as_json
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.state.files import PICTURES
from integrations.sandbox.slack.state.values import Conversation, Json, Message, View

#: Messages of one author within this span stand under one name.
ONE_BREATH = timedelta(minutes=5)
LOG_LINES = 200
#: Only the newest are drawn; the Web API and the driver know the rest.
MOST_CARDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What the address asks for: whose eyes, which place, which thread."""

    person: str
    #: "channel", "home", "messages" or "log".
    tab: str
    channel: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message as it is drawn."""

    message: Message
    author: Face
    time: str
    day: str
    #: Set where this message opens a new day.
    opens_day: bool
    #: Drawn without face and name, right under the same author's message before it.
    is_continued: bool
    replies: int
    last_reply: str
    values: Mapping[str, Mapping[str, Json]]
    pictures: tuple[Json, ...]
    documents: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    eyes: Eyes
    where: Whereabouts
    people: tuple[Entry, ...]
    channels: tuple[Entry, ...]
    directs: tuple[Entry, ...]
    app: Entry
    #: Where the composer writes to; None on the home tab and the log.
    conversation: Conversation | None
    #: The conversation by name: "#sales", or who else is in a direct message.
    heading: str
    is_member: bool
    cards: tuple[Card, ...]
    #: Messages before the first card, which are not drawn.
    older: int
    thread: tuple[Card, ...]
    thread_title: str
    #: What the app says it is doing in the thread.
    thread_status: str
    home: View | None
    modal: View | None
    modal_depth: int
    log: tuple[Json, ...]
    #: Troubles that were ordered and have not happened yet.
    troubles: tuple[str, ...]
    commands: tuple[Json, ...]
    shortcuts: tuple[ShortcutHint, ...]
    #: In the person's own zone.
    now: datetime
    presence: str
    version: int
    are_limits_on: bool
    is_app_connected: bool


def scene_at(sandbox: Sandbox, where: Whereabouts) -> Scene:
    """Everything for one drawing of the page. Raises LookupError for an unknown thread."""
    workspace = sandbox.workspace
    with workspace.lock:
        eyes = Eyes(workspace=workspace, person=workspace.people[where.person])
        direct, _ = workspace.direct_message([where.person])
        conversation = _conversation(sandbox, where, direct)
        messages = _visible(eyes, conversation) if conversation else []
        stack = workspace.views.stack_of(where.person)
        return Scene(
            eyes=eyes,
            where=where,
            people=people_entries(eyes),
            channels=channel_entries(eyes, where.channel),
            directs=direct_entries(eyes, where.channel),
            app=app_entry(eyes, direct, is_here=where.tab in {"home", "messages"}),
            conversation=conversation,
            heading=_heading(eyes, where, conversation),
            is_member=bool(conversation and where.person in conversation.members),
            cards=_cards(eyes, messages[-MOST_CARDS:]),
            older=max(0, len(messages) - MOST_CARDS),
            thread=_thread(eyes, where, conversation),
            thread_title=_thread_note(workspace.threads.titles, where, conversation),
            thread_status=_thread_note(workspace.threads.statuses, where, conversation),
            home=workspace.views.home_of(where.person),
            modal=stack[-1] if stack else None,
            modal_depth=len(stack),
            log=_log(sandbox, eyes) if where.tab == "log" else (),
            troubles=tuple(in_words(each) for each in sandbox.faults.waiting()),
            commands=tuple(
                {"name": hint.name, "usage": hint.usage, "description": hint.description}
                for hint in sandbox.installation.offered_commands()
            ),
            shortcuts=sandbox.installation.shortcuts,
            now=workspace.clock.now().astimezone(eyes.zone),
            presence=workspace.presence.of(eyes.person),
            version=workspace.changes.version,
            are_limits_on=sandbox.installation.limits.scale is not None,
            is_app_connected=sandbox.deliveries.has_listener(),
        )


def _conversation(
    sandbox: Sandbox, where: Whereabouts, direct: Conversation
) -> Conversation | None:
    if where.tab == "messages":
        return direct
    return sandbox.workspace.conversation(where.channel) if where.tab == "channel" else None


def _heading(eyes: Eyes, where: Whereabouts, conversation: Conversation | None) -> str:
    if conversation is None or where.tab != "channel":
        return eyes.workspace.bot.real_name
    sign = "" if conversation.is_direct else "#"
    return sign + heading_of(eyes, conversation)


def _thread_note(
    notes: Mapping[tuple[str, str], str], where: Whereabouts, conversation: Conversation | None
) -> str:
    return notes.get((conversation.id, where.thread), "") if conversation else ""


def _visible(eyes: Eyes, conversation: Conversation) -> list[Message]:
    book = eyes.workspace.messages
    own = [
        each for each in book.ephemerals_for(eyes.person.id, conversation.id) if not each.is_reply
    ]
    return sorted([*book.top_level(conversation.id), *own], key=lambda each: float(each.ts))


def _thread(eyes: Eyes, where: Whereabouts, conversation: Conversation | None) -> tuple[Card, ...]:
    if not where.thread or conversation is None:
        return ()
    book = eyes.workspace.messages
    parent = book.find(conversation.id, where.thread)
    own = [
        each
        for each in book.ephemerals_for(eyes.person.id, conversation.id)
        if each.is_reply and each.thread_ts == where.thread
    ]
    replies = sorted(
        [*book.replies(conversation.id, where.thread), *own], key=lambda each: float(each.ts)
    )
    return _cards(eyes, [*([parent] if parent else []), *replies])


def _cards(eyes: Eyes, messages: list[Message]) -> tuple[Card, ...]:
    cards: list[Card] = []
    before: Message | None = None
    for message in messages:
        day = eyes.day(message.ts)
        opens_day = not cards or cards[-1].day != day
        cards.append(_card(eyes, message, before, day=day, opens_day=opens_day))
        before = message
    return tuple(cards)


def _card(
    eyes: Eyes, message: Message, before: Message | None, *, day: str, opens_day: bool
) -> Card:
    book = eyes.workspace.messages
    replies = [] if message.is_reply else book.replies(message.channel, message.ts)
    found = [eyes.workspace.files.find(each) for each in message.files]
    files = [
        {
            "id": each.id,
            "title": each.title,
            "alt": each.alt_text or each.title,
            "size": each.length,
            "is_picture": each.extension in PICTURES,
        }
        for each in found
        if each is not None
    ]
    is_continued = (
        before is not None
        and not opens_day
        and before.author == message.author
        and before.visible_to == message.visible_to is None
        and eyes.local(message.ts) - eyes.local(before.ts) < ONE_BREATH
    )
    return Card(
        message=message,
        author=eyes.face(message.author, username=message.username),
        time=eyes.clock_time(message.ts),
        day=day,
        opens_day=opens_day,
        is_continued=is_continued,
        replies=len(replies),
        last_reply=eyes.clock_time(replies[-1].ts) if replies else "",
        values=all_values(list(message.blocks), message.chosen),
        pictures=tuple(each for each in files if each["is_picture"]),
        documents=tuple(each for each in files if not each["is_picture"]),
    )


def _log(sandbox: Sandbox, eyes: Eyes) -> tuple[Json, ...]:
    lines = sandbox.installation.log.lines()[-LOG_LINES:]
    return tuple(
        {**log_as_json(line), "time": line.at.astimezone(eyes.zone).strftime("%H:%M:%S")}
        for line in reversed(lines)
    )
