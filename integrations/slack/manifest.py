"""The app manifest for this configuration: what Slack shall let the bot do, and no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

NAME = "Pacesetter"
DESCRIPTION = "Helps sales managers coach what leads to sales."
LONG_DESCRIPTION = (
    "Pacesetter reads your Salesforce, compares each rep's week with a playbook your team can "
    "edit, and says one useful thing at a good time. Every number can show the records behind it. "
    "It runs on your own machine and keeps its data there."
)
LONGEST_SUMMARY = 2000
LONGEST_USAGE = 1000

#: Each scope with the call that needs it.
BOT_SCOPES = {
    "channels:history": "conversations.history, to look for a digest whose sending ended in doubt",
    "channels:join": "conversations.join, to post to a team's public channel",
    "channels:read": "conversations.list, to find a team's channel by name",
    "chat:write": "chat.postMessage",
    "commands": "slash commands",
    "files:write": "files.getUploadURLExternal and files.completeUploadExternal, for charts",
    "groups:history": "conversations.history in a private channel the bot was invited to",
    "groups:read": "conversations.list, for private channels the bot was invited to",
    "im:history": "message.im, and to look for a nudge whose sending ended in doubt",
    "im:write": "conversations.open",
    "users:read": "users.info",
    "users:read.email": "users.lookupByEmail, to match people with the CRM",
}
BOT_EVENTS = ("app_home_opened", "message.im")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashCommand:
    name: str
    summary: str
    usage: str = ""


def build_manifest(
    commands: Iterable[SlashCommand], *, events_url: str | None = None
) -> dict[str, Any]:
    """``events_url`` is where Slack shall call us in HTTP mode; None means Socket Mode."""
    where = {} if events_url is None else {"request_url": events_url}
    slash = {} if events_url is None else {"url": events_url}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [_slash(command) | slash for command in commands],
        },
        "oauth_config": {"scopes": {"bot": sorted(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(BOT_EVENTS)} | where,
            "interactivity": {"is_enabled": True} | where,
            "org_deploy_enabled": False,
            "socket_mode_enabled": events_url is None,
            "token_rotation_enabled": False,
        },
    }


def _slash(command: SlashCommand) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "command": command.name,
        "description": command.summary[:LONGEST_SUMMARY],
        # Names arrive as ids, so that "/coach @kim" knows which Kim.
        "should_escape": True,
    }
    if command.usage:
        entry["usage_hint"] = command.usage[:LONGEST_USAGE]
    return entry
