"""A slash command: acknowledged at once, answered when the answer is there, to the asker alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from slack_bolt import App

from bot.domain.ids import SlackUserId
from bot.domain.message import Message
from bot.ports import Messenger
from bot.queries.pay_permissions import require_pay_auditor
from bot.queries.permissions import require_admin, require_manager, require_person
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import read_roster
from bot.surfaces import commands
from bot.surfaces.apologies import excused
from bot.surfaces.discovery import modules_in
from bot.surfaces.once import is_first_time
from bot.surfaces.slack_calls import Acknowledge, Body, Respond, Turn, kept, whisper

HELP = frozenset({"help", "?", "-h", "--help"})


class Audience(StrEnum):
    EVERYBODY = "everybody"
    MANAGER = "managers"
    ADMIN = "admins"
    PAY_AUDITOR = "managers and pay leaders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    asker: SlackUserId
    words: tuple[str, ...]
    #: Where it was asked.
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    message: Message
    #: Everybody in the channel sees it; the command has left out what only the asker may see.
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    #: With the slash.
    name: str
    #: What may follow the name.
    usage: str
    summary: str
    audience: Audience
    answer: Callable[[Question, Runtime], Reply]


def load_commands() -> Mapping[str, Command]:
    """Every command in the folder ``commands``, by name."""
    found = [module.COMMAND for module in modules_in(commands)]
    return {command.name: command for command in found}


def register(
    app: App, command: Command, runtime: Runtime, messenger: Messenger, turn: Turn
) -> None:
    """Answers are worked out when it is their ``turn``."""

    def listen(ack: Acknowledge, body: Body, respond: Respond) -> None:
        ack()
        with excused(runtime, body, respond):
            question = Question(
                asker=SlackUserId(str(body["user_id"])),
                words=tuple(kept(body.get("text")).split()),
                channel=str(body.get("channel_id", "")),
            )
            with turn:
                if not is_first_time(runtime, "command", body, mark="trigger_id"):
                    return
                reply = answer(command, question, runtime)
            whisper(respond, messenger.shown(reply.message), is_shared=reply.is_shared)

    app.command(command.name)(listen)


def answer(command: Command, question: Question, runtime: Runtime) -> Reply:
    """Help for whoever asks for it; otherwise what the command says to its audience."""
    if question.words and question.words[0].lower() in HELP:
        return Reply(message=explain([command], runtime, asker=question.asker))
    require_audience(command, question.asker, runtime)
    return command.answer(question, runtime)


def require_audience(command: Command, asker: SlackUserId, runtime: Runtime) -> None:
    """Raises UnknownPerson or NotAllowed."""
    if command.audience is Audience.EVERYBODY:
        return
    organisation = runtime.organisation
    with reading(runtime.database) as session:
        roster = read_roster(session, organisation)
        if command.audience is Audience.ADMIN:
            require_admin(session, asker, roster=roster, organisation=organisation)
        elif command.audience is Audience.PAY_AUDITOR:
            require_pay_auditor(session, asker, roster=roster, organisation=organisation)
        else:
            require_manager(
                require_person(session, asker, roster=roster, organisation=organisation)
            )


def explain(shown: list[Command], runtime: Runtime, *, asker: SlackUserId) -> Message:
    view = {"commands": shown, **reader_of(runtime, asker)}
    return runtime.renderer.render("commands/help.j2", view)
