"""What the page offers to go wrong on purpose: the same orders that tests give."""

from dataclasses import dataclass

from integrations.sandbox.slack.faults import Fault
from integrations.sandbox.slack.state.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    label: str
    #: What then happens, in a sentence.
    because: str
    #: The body of the request to ``/sandbox/faults``.
    order: Json


TROUBLES = (
    Trouble(
        label="Rate limit",
        because="The next message is refused with 429 and a wait of 5 seconds.",
        order={"kind": "rate_limited", "method": "chat.postMessage", "seconds": 5},
    ),
    Trouble(
        label="Outage",
        because="The next three calls get 503, whatever they are.",
        order={"kind": "unavailable", "times": 3},
    ),
    Trouble(
        label="Lost reply",
        because="The next message is posted, but the app never hears that it was.",
        order={"kind": "lost_reply", "method": "chat.postMessage"},
    ),
    Trouble(
        label="Event twice",
        because="The next event is delivered a second time, though it was acknowledged.",
        order={"kind": "redelivery"},
    ),
    Trouble(
        label="Late trigger",
        because="The next modal cannot open: its trigger has expired.",
        order={"kind": "expired_trigger"},
    ),
    Trouble(
        label="Picture not ready",
        because="The next block with an uploaded picture is refused, as right after an upload.",
        order={"kind": "file_not_ready"},
    ),
    Trouble(
        label="Refresh sockets",
        because="Slack asks the app to open its socket anew.",
        order={"kind": "disconnect"},
    ),
    Trouble(
        label="Break sockets",
        because="The socket is gone without a word.",
        order={"kind": "break_sockets"},
    ),
)


def in_words(fault: Fault) -> str:
    """A fault that waits for its turn."""
    kind = str(fault.kind).replace("_", " ")
    where = "" if fault.method == "*" else f" of {fault.method}"
    return f"{kind}{where}, {fault.times} more" if fault.times > 1 else f"{kind}{where}"
