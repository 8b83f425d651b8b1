import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.values import Json
from integrations.sandbox.slack.state.workspace import Workspace

Item = TypeVar("Item")
FALSE_WORDS = frozenset({"", "0", "false", "none", "null"})


class ApiError(Exception):
    """The call fails with Slack's ``error``; ``extra`` joins the reply."""

    def __init__(self, error: str, *, messages: Sequence[str] = (), **extra: Any) -> None:  # noqa: ANN401 -- whatever the reply's JSON may hold
        super().__init__(error)
        self.error = error
        self.extra: Json = dict(extra)
        if messages:
            self.extra["response_metadata"] = {"messages": list(messages)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one method: its arguments, however they came, and the installation."""

    method: str
    arguments: Mapping[str, object]
    installation: Installation

    @property
    def workspace(self) -> Workspace:
        return self.installation.workspace

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.arguments.get(name)
        return default if value is None else str(value).lower() not in FALSE_WORDS

    def whole(self, name: str, default: int) -> int:
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise ApiError(
                "invalid_arguments", messages=[f"[ERROR] must be an integer: {name}"]
            ) from None

    def listed(self, name: str) -> list[str]:
        """A list that was sent as one, or with commas between."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def structure(self, name: str, *, error: str) -> Any:  # noqa: ANN401 -- any JSON
        """An argument that is JSON, or JSON in a string; raises ``error`` when it is neither."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None

    def page(self, items: Sequence[Item], *, default: int = 100) -> tuple[list[Item], Json]:
        """The part of the items that ``cursor`` and ``limit`` ask for, and the next cursor."""
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(b64decode(cursor).decode().removeprefix("next:"))
            except (NotBase64, ValueError):
                raise ApiError("invalid_cursor") from None
        most = max(1, min(self.whole("limit", default) or default, 1000))
        rest = start + most < len(items)
        following = b64encode(f"next:{start + most}".encode()).decode() if rest else ""
        metadata = {"response_metadata": {"next_cursor": following}}
        return list(items[start : start + most]), metadata
