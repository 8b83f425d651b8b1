"""The few things that a listener is handed by Bolt, in our own words."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Protocol

from bot.domain.message import Message

Body = Mapping[str, Any]
#: Slack takes five answers to one command or press.
MOST_ANSWERS = 5


#: Held while an answer is worked out, never while Slack is waited for.
Turn = AbstractContextManager[object]


class Acknowledge(Protocol):
    def __call__(self, **answer: object) -> object: ...


class Respond(Protocol):
    def __call__(self, **answer: object) -> object: ...


class Client(Protocol):
    def views_open(self, *, trigger_id: str, view: dict[str, Any]) -> Any: ...  # noqa: ANN401 - Slack's reply
    def views_update(self, *, view_id: str, view: dict[str, Any]) -> object: ...


def kept(text: object) -> str:
    """What a person typed, without what no database keeps: NUL, and halves of a character."""
    return str(text or "").replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def whisper(respond: Respond, message: Message, *, is_shared: bool = False) -> None:
    """Answer at the place where the person asked; only they see it unless it is shared.

    A picture that Slack does not take yet is left out, since its words stand beside it.
    """
    for part in (message, *message.thread)[:MOST_ANSWERS]:
        if _is_refused(_say(respond, part, is_shared=is_shared)):
            words = [block for block in part.blocks if block["type"] != "image"]
            if len(words) < len(part.blocks):
                _say(respond, replace(part, blocks=words), is_shared=is_shared)


def _say(respond: Respond, part: Message, *, is_shared: bool) -> object:
    return respond(
        text=part.text,
        blocks=[dict(block) for block in part.blocks],
        response_type="in_channel" if is_shared else "ephemeral",
        replace_original=False,
        unfurl_links=False,
        unfurl_media=False,
    )


def _is_refused(answer: object) -> bool:
    return getattr(answer, "status_code", HTTPStatus.OK) != HTTPStatus.OK


def slack_word(error: Exception) -> str:
    """Slack's word for what went wrong with a call of ours; "" when it was no such call."""
    reply = getattr(error, "response", None)
    try:
        return str(reply["error"]) if reply is not None else ""
    except (KeyError, TypeError, ValueError):
        return ""
