from dataclasses import dataclass
from enum import StrEnum

from integrations.sandbox.slack.state.values import Json


class Verdict(StrEnum):
    """How a delivery went; the words of failures are those of Slack's retry reasons."""

    ACKNOWLEDGED = "acknowledged"
    TIMEOUT = "http_timeout"
    CONNECTION_FAILED = "connection_failed"
    HTTP_ERROR = "http_error"
    NOBODY_LISTENS = "nobody_listens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    verdict: Verdict
    #: What the app put into its acknowledgement; a bare text is ``{"text": ...}``.
    body: Json | None = None
    #: The app asked not to be sent this again.
    is_final: bool = False

    @property
    def is_acknowledged(self) -> bool:
        return self.verdict is Verdict.ACKNOWLEDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One thing to deliver, whichever way it goes."""

    #: "events_api", "interactive" or "slash_commands".
    kind: str
    #: For the log: the command, the event's or the interaction's type.
    name: str
    payload: Json
    attempt: int = 0
    reason: str = ""

    @property
    def accepts_response(self) -> bool:
        return self.kind != "events_api"
