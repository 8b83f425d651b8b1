"""Reads what the sandbox needs from an app manifest in Slack's own format."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from integrations.sandbox.slack.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHint:
    """A slash command as the composer offers it."""

    name: str
    description: str = ""
    usage: str = ""
    #: Whether names in the text are sent as ``<@U1|name>``.
    should_escape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutHint:
    name: str
    callback_id: str
    description: str = ""
    #: Of one message, or of the whole workspace.
    is_of_message: bool = False


def shortcuts_in(manifest: Mapping[str, Any]) -> tuple[ShortcutHint, ...]:
    found = manifest.get("features", {}).get("shortcuts", [])
    return tuple(
        ShortcutHint(
            name=each["name"],
            callback_id=each["callback_id"],
            description=each.get("description", ""),
            is_of_message=each["type"] == "message",
        )
        for each in found
    )


def commands_in(manifest: Mapping[str, Any]) -> tuple[CommandHint, ...]:
    found = manifest.get("features", {}).get("slash_commands", [])
    return tuple(
        CommandHint(
            name=each["command"],
            description=each.get("description", ""),
            usage=each.get("usage_hint", ""),
            should_escape=bool(each.get("should_escape", False)),
        )
        for each in found
    )


def credentials_under(credentials: Credentials, manifest: Mapping[str, Any]) -> Credentials:
    """The same secrets with the scopes and events that the manifest asks for."""
    scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    return replace(credentials, scopes=frozenset(scopes), events=frozenset(events))
