"""What a person reads when we fail: our reason and what to do, or a reference to the log."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import structlog
from slack_bolt import App, BoltResponse

from bot.domain.errors import CoachingError, RateLimited, Refusal
from bot.domain.ids import SlackUserId
from bot.domain.message import Message, View
from bot.queries.reader import reader_of
from bot.render.environment import Renderer
from bot.runtime import Runtime
from bot.surfaces.slack_calls import Body, Client, Respond, slack_word, whisper

log = structlog.get_logger()

#: Slack's own words for a window that it no longer lets us open.
TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired"})
UNEXPECTED = "Something went wrong on my side, and nothing was changed as far as I know."


def new_reference() -> str:
    return secrets.token_hex(3).upper()


def apologise(
    renderer: Renderer,
    error: Exception,
    *,
    reference: str,
    reader: Mapping[str, str] = MappingProxyType({}),
) -> Message:
    return renderer.render("messages/apology.j2", {**_words(error, reference), **reader})


def reader_in(runtime: Runtime, body: Body) -> Mapping[str, str]:
    """Whoever did something in Slack, as far as they can be told of: it may be what failed."""
    place: Any = body.get("user") or body.get("user_id") or (body.get("event") or {}).get("user")
    person = place.get("id") if isinstance(place, Mapping) else place
    try:
        return reader_of(runtime, SlackUserId(str(person))) if person else {}
    except Exception as error:  # noqa: BLE001 - an apology in English is better than none
        log.warning("surface.reader_unknown", error=type(error).__name__)
        return {}


def _words(error: Exception, reference: str) -> dict[str, object]:
    """Refusals are answers and need no reference; the unforeseen shows nothing but one."""
    match error:
        case _ if isinstance(error, RateLimited) or slack_word(error) == "ratelimited":
            message = "Slack lets me do that only so often, and it was often just now."
            return {"message": message, "hint": "Try it once more in a minute.", "reference": ""}
        case Refusal():
            return {"message": error.message, "hint": _as_sentence(error.hint), "reference": ""}
        case CoachingError():
            return {
                "message": error.message,
                "hint": _as_sentence(error.hint),
                "reference": reference,
            }
        case _ if slack_word(error) in TOO_LATE:
            message = "Slack waited too long for me to open that."
            return {"message": message, "hint": "Press it once more.", "reference": ""}
        case _:
            return {"message": UNEXPECTED, "hint": "", "reference": reference}


@contextmanager
def excused(
    runtime: Runtime, body: Body, respond: Respond, client: Client | None = None
) -> Iterator[None]:
    """What fails after the acknowledgement is said to the person here and never reaches Bolt.

    On the Home tab there is no place for an answer, so a modal is opened with the ``client``.

    Bolt looks for the acknowledgement every ten milliseconds, and puts a status of 500 in its place
    when the listener raises before it looked; Slack then tells the person that the app is broken.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the person was acknowledged
        reference = _logged(error)
        if client is not None and not _has_place(body):
            _open(runtime, error, body, client, reference=reference)
        else:
            _say(runtime, error, body, respond, reference=reference)


def install(app: App, runtime: Runtime) -> None:
    """Where what a listener did not foresee before its acknowledgement is logged, and said."""

    def excuse(error: Exception, body: Body, respond: Respond, response: object) -> object:
        reference = _logged(error)
        if body.get("type") == "view_submission":
            if response is None:
                return None
            return _in_the_modal(runtime, error, body, reference=reference)
        _say(runtime, error, body, respond, reference=reference)
        return None

    app.error(excuse)  # type: ignore[arg-type]  # Bolt reads the names of the arguments


def _logged(error: Exception) -> str:
    reference = new_reference()
    if not isinstance(error, Refusal) and slack_word(error) not in TOO_LATE:
        log.error("surface.failed", reference=reference, exc_info=error)
    return reference


def _say(
    runtime: Runtime, error: Exception, body: Body, respond: Respond, *, reference: str
) -> None:
    if _has_place(body):
        reader = reader_in(runtime, body)
        whisper(respond, apologise(runtime.renderer, error, reference=reference, reader=reader))


def _has_place(body: Body) -> bool:
    return bool(body.get("response_url") or body.get("response_urls"))


def _open(
    runtime: Runtime, error: Exception, body: Body, client: Client, *, reference: str
) -> None:
    view = _view(runtime, error, body, reference=reference)
    try:
        client.views_open(trigger_id=str(body["trigger_id"]), view=dict(view.payload))
    except Exception as second:  # noqa: BLE001 - there is no other way left to say it
        log.warning("surface.unsaid", reference=reference, why=slack_word(second))


def _in_the_modal(
    runtime: Runtime, error: Exception, body: Body, *, reference: str
) -> BoltResponse:
    view = _view(runtime, error, body, reference=reference)
    return BoltResponse(status=200, body={"response_action": "update", "view": dict(view.payload)})


def _view(runtime: Runtime, error: Exception, body: Body, *, reference: str) -> View:
    words = {**_words(error, reference), **reader_in(runtime, body)}
    return runtime.renderer.render_view("modals/apology.j2", words)


def _as_sentence(hint: str) -> str:
    """On the command line a hint goes on after a colon; here it stands alone."""
    return hint[:1].upper() + hint[1:]
