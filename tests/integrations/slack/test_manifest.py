"""The manifest is what Slack's own schema accepts, and asks for no more than the code uses."""

import json
from pathlib import Path

import jsonschema
import pytest
from slack_bolt import App, BoltRequest

from bot.surfaces.command import load_commands
from integrations.slack.manifest import BOT_EVENTS, BOT_SCOPES, SlashCommand, build_manifest

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT.parent / "shared" / "slack"


def commands() -> list[SlashCommand]:
    return [
        SlashCommand(name=each.name, summary=each.summary, usage=each.usage)
        for each in load_commands().values()
    ]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("events_url", [None, "https://bot.acme.example/slack/events"])
def test_slack_accepts_it_in_both_modes(events_url: str | None, version: str) -> None:
    manifest = build_manifest(commands(), events_url=events_url)
    path = SCHEMAS / f"manifest.schema.{version}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(manifest)
    assert manifest["settings"]["socket_mode_enabled"] is (events_url is None)


def test_every_command_of_ours_is_in_it_and_no_other() -> None:
    entries = build_manifest(commands())["features"]["slash_commands"]
    assert [entry["command"] for entry in entries] == sorted(load_commands())


def test_every_scope_says_what_it_is_for() -> None:
    assert all(BOT_SCOPES.values())
    assert build_manifest([])["oauth_config"]["scopes"]["bot"] == sorted(BOT_SCOPES)


def delivered(app: App, **body: object) -> int:
    return app.dispatch(BoltRequest(mode="socket_mode", body={**body, "team_id": "T1"})).status


def test_every_event_asked_for_is_listened_to_and_no_other(app: App) -> None:
    asked_for = {name.split(".", maxsplit=1)[0] for name in BOT_EVENTS}
    others = {"app_mention", "team_join", "reaction_added", "member_joined_channel", "file_shared"}
    for name in asked_for | others:
        event = {"type": name, "user": "U0KIM", "channel": "D1"}
        status = delivered(app, type="event_callback", event_id="Ev1", event=event)
        assert status == (200 if name in asked_for else 404), name


@pytest.mark.parametrize("kind", ["shortcut", "message_action"])
def test_no_shortcut_is_listened_to_since_none_is_in_it(app: App, kind: str) -> None:
    assert "shortcuts" not in build_manifest(commands())["features"]
    person = {"id": "U0KIM"}
    assert delivered(app, type=kind, callback_id="any", trigger_id="1", user=person) == 404


def test_no_command_is_listened_to_that_is_not_in_it(app: App) -> None:
    typed = {"user_id": "U0KIM", "channel_id": "C1", "text": "", "trigger_id": "1"}
    assert delivered(app, command="/dance", **typed) == 404
