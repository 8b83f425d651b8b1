"""The manifest is what Slack's own schema accepts, and asks for no more than the code uses."""

import json
from pathlib import Path

import jsonschema
import pytest
from slack_bolt import App, BoltRequest

from bot.surfaces.command import load_commands
from integrations.slack.manifest import BOT_EVENTS, BOT_SCOPES, SlashCommand, build_manifest

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT.parent / "shared" / "slack" / "manifest.schema.1.0.0.json"


def commands() -> list[SlashCommand]:
    return [
        SlashCommand(name=each.name, summary=each.summary, usage=each.usage)
        for each in load_commands().values()
    ]


@pytest.mark.parametrize("events_url", [None, "https://bot.acme.example/slack/events"])
def test_slack_accepts_it_in_both_modes(events_url: str | None) -> None:
    manifest = build_manifest(commands(), events_url=events_url)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(manifest)
    assert manifest["settings"]["socket_mode_enabled"] is (events_url is None)


def test_every_command_of_ours_is_in_it_and_no_other() -> None:
    entries = build_manifest(commands())["features"]["slash_commands"]
    assert [entry["command"] for entry in entries] == sorted(load_commands())


def test_every_scope_says_what_it_is_for() -> None:
    assert all(BOT_SCOPES.values())
    assert build_manifest([])["oauth_config"]["scopes"]["bot"] == sorted(BOT_SCOPES)


def test_every_event_asked_for_is_listened_to(app: App) -> None:
    for name in BOT_EVENTS:
        event = {"type": name.split(".", maxsplit=1)[0], "user": "U0KIM", "channel": "D1"}
        body = {"type": "event_callback", "event_id": "Ev1", "event": event, "team_id": "T1"}
        assert app.dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
