"""What a submitted modal does; mistakes are shown at the field they were made in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from slack_bolt import App

from bot.domain.ids import SlackUserId
from bot.domain.message import Message, Receipt, View
from bot.ports import Messenger
from bot.runtime import Runtime
from bot.surfaces import modals
from bot.surfaces.apologies import excused, reader_in
from bot.surfaces.discovery import modules_in
from bot.surfaces.slack_calls import Acknowledge, Body, Respond, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    submitter: SlackUserId
    #: What the modal was opened with.
    carries: str
    #: By the name of the field; None for what was left empty.
    entered: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Field name → what is wrong; the modal stays open."""

    by_field: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finished:
    """The modal closes; a message may look different from now on."""

    receipt: Receipt | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """The modal stays open and shows something else."""

    view: View


Outcome = Mistakes | Finished | Turned


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    callback: str
    answer: Callable[[Submission, Runtime], Outcome]
    #: Keeps what was entered when the modal is closed; its template asks for ``keeps_draft``.
    keep: Callable[[Submission, Runtime], None] | None = None


def load_modals() -> Mapping[str, Modal]:
    """Every modal in the folder ``modals``, by callback."""
    found = [module.MODAL for module in modules_in(modals)]
    return {modal.callback: modal for modal in found}


def register(app: App, modal: Modal, runtime: Runtime, messenger: Messenger) -> None:
    """What modals write is the same when it is written twice, so replays need no inbox."""

    def listen(ack: Acknowledge, body: Body, respond: Respond) -> None:
        match modal.answer(submission_in(body), runtime):
            case Mistakes(by_field):
                locale = reader_in(runtime, body).get("locale")
                said = {name: runtime.renderer.say(each, locale) for name, each in by_field.items()}
                ack(response_action="errors", errors=said)
            case Turned(view):
                ack(response_action="update", view=dict(view.payload))
            case Finished(receipt, message):
                ack()
                with excused(runtime, body, respond):
                    if receipt is not None and message is not None:
                        messenger.update(receipt, message)

    app.view(modal.callback)(listen)
    if modal.keep is not None:
        _register_keeping(app, modal.callback, modal.keep, runtime)


def _register_keeping(
    app: App, callback: str, keep: Callable[[Submission, Runtime], None], runtime: Runtime
) -> None:
    def listen_to_closing(ack: Acknowledge, body: Body, respond: Respond) -> None:
        ack()
        with excused(runtime, body, respond):
            keep(submission_in(body), runtime)

    app.view_closed(callback)(listen_to_closing)


def submission_in(body: Body) -> Submission:
    view = body["view"]
    entered: dict[str, str | None] = {}
    # Slack does not promise the state of a view that was closed.
    for fields in ((view.get("state") or {}).get("values") or {}).values():
        for name, state in fields.items():
            chosen = state.get("selected_option") or {}
            typed = kept(state.get("value"))
            entered[name] = typed or state.get("selected_date") or chosen.get("value")
    return Submission(
        submitter=SlackUserId(str(body["user"]["id"])),
        carries=str(view.get("private_metadata") or ""),
        entered=entered,
    )
