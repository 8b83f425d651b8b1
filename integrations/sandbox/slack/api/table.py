import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from integrations.sandbox.slack.api.call import Call
from integrations.sandbox.slack.state.values import Json

Answer = Callable[[Call], Json]

#: Errors that Slack documents for every method alike.
COMMON_ERRORS = frozenset(
    {
        "account_inactive",
        "fatal_error",
        "internal_error",
        "invalid_arguments",
        "invalid_auth",
        "invalid_form_data",
        "invalid_json",
        "json_not_object",
        "method_deprecated",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "ratelimited",
        "service_unavailable",
        "token_revoked",
        "unknown_method",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodEntry:
    """What Slack's specification says of one method."""

    name: str
    tier: str
    #: "bot", "app", "config" or "none".
    token: str
    #: Any one of these suffices.
    scopes: tuple[str, ...]
    takes_json: bool
    required: tuple[str, ...]
    errors: frozenset[str]

    def documents(self, error: str) -> bool:
        return error in self.errors or error in COMMON_ERRORS


@cache
def method_table() -> dict[str, MethodEntry]:
    text = files(__package__).joinpath("methods.json").read_text(encoding="utf-8")
    return {
        name: MethodEntry(
            name=name,
            tier=entry["tier"],
            token=entry["token"],
            scopes=tuple(entry["scopes"]),
            takes_json=entry["json"],
            required=tuple(entry["required"]),
            errors=frozenset(entry["errors"]),
        )
        for name, entry in json.loads(text).items()
    }
