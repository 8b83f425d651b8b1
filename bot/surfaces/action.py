"""What a pressed button does: change the message, answer the person alone, or open a modal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from slack_bolt import App

from bot.domain.errors import Refusal
from bot.domain.ids import SlackUserId
from bot.domain.message import Message, Receipt, View
from bot.ports import Messenger
from bot.runtime import Runtime
from bot.surfaces import actions
from bot.surfaces.apologies import excused, reader_in
from bot.surfaces.discovery import modules_in
from bot.surfaces.once import is_first_time
from bot.surfaces.slack_calls import Acknowledge, Body, Client, Respond, whisper


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    presser: SlackUserId
    action: str
    #: The button's value, or that of the option chosen from a menu.
    value: str
    #: The message it stands in; None on the Home tab and in a modal.
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Replace:
    """The message looks different from now on, for everybody who sees it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Whisper:
    message: Message


@dataclass(frozen=True, slots=True)
class Open:
    view: View


@dataclass(frozen=True, slots=True)
class OpenLater:
    """A modal that takes longer to fill than a trigger lives: it opens at once, and fills later."""

    title: str
    make: Callable[[], View]


Effect = Replace | Whisper | Open | OpenLater


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    key: str
    answer: Callable[[Press, Runtime], Effect]


def load_actions() -> Mapping[str, Action]:
    """Every action in the folder ``actions``, by key."""
    return {action.key: action for action in _found()}


def _found() -> Iterator[Action]:
    for module in modules_in(actions):
        yield from module.ACTIONS


def register(app: App, action: Action, runtime: Runtime, messenger: Messenger) -> None:
    def listen(ack: Acknowledge, body: Body, respond: Respond, client: Client) -> None:
        ack()
        with excused(runtime, body, respond, client):
            if not is_first_time(runtime, "action", body, mark="trigger_id"):
                return
            press = press_in(body)
            match action.answer(press, runtime):
                case Replace(message) if press.receipt is not None:
                    messenger.update(press.receipt, message)
                case Replace(message) | Whisper(message):
                    whisper(respond, message)
                case Open(view):
                    client.views_open(trigger_id=str(body["trigger_id"]), view=dict(view.payload))
                case OpenLater(title, make):
                    _open_and_fill(client, runtime, body, title, make)

    app.action(action.key)(listen)


def _open_and_fill(
    client: Client, runtime: Runtime, body: Body, title: str, make: Callable[[], View]
) -> None:
    reader = reader_in(runtime, body)
    waiting = runtime.renderer.render_view("modals/working.j2", {"title": title, **reader})
    opened = client.views_open(trigger_id=str(body["trigger_id"]), view=dict(waiting.payload))
    try:
        view = make()
    except Refusal as refusal:
        words = {"message": refusal.message, "hint": refusal.hint, "reference": "", **reader}
        view = runtime.renderer.render_view("modals/apology.j2", words)
    client.views_update(view_id=str(opened["view"]["id"]), view=dict(view.payload))


def press_in(body: Body) -> Press:
    pressed = body["actions"][0]
    chosen = pressed.get("selected_option") or {}
    container = body.get("container") or {}
    receipt = None
    if container.get("type") == "message" and not container.get("is_ephemeral"):
        receipt = Receipt(channel=str(container["channel_id"]), ts=str(container["message_ts"]))
    return Press(
        presser=SlackUserId(str(body["user"]["id"])),
        action=str(pressed["action_id"]),
        value=str(pressed.get("value") or chosen.get("value") or ""),
        receipt=receipt,
    )
