"""Manifests, refused here where Slack's own schema refuses them."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from integrations.sandbox.slack.api.manifests import complaints_about_manifest
from tests.sandbox.slack.stage import Json

OFFICIAL = Path(__file__).resolve().parents[4] / "shared" / "slack"
MANIFEST: Json = {
    "display_information": {"name": "Pacesetter"},
    "features": {
        "bot_user": {"display_name": "pacesetter"},
        "slash_commands": [{"command": "/plan", "description": "Plans"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
}


def changed(path: str, value: object) -> Json:
    manifest = copy.deepcopy(MANIFEST)
    *way, last = path.split("/")[1:]
    place: Any = manifest
    for key in way:
        place = place[int(key) if isinstance(place, list) else key]
    place[last] = value
    return manifest


#: Every one is refused by Slack's own schema too.
BROKEN = {
    "/display_information/name": "x" * 36,
    "/display_information/description": "",
    "/display_information/long_description": "too short",
    "/features/bot_user/display_name": "x" * 81,
    "/features/slash_commands/0/command": "plan",
    "/features/slash_commands/0/description": "x" * 2001,
    "/features/shortcuts": [],
    "/oauth_config/scopes/bot": ["commands", "x" * 51],
    "/settings/interactivity/is_enabled": "yes",
    "/settings/event_subscriptions": {"bot_events": ["app_mention"], "request_url": "ftp://x"},
}


@pytest.mark.parametrize(("path", "value"), BROKEN.items(), ids=BROKEN)
def test_what_slacks_schema_refuses_is_refused_here(path: str, value: object) -> None:
    schema = json.loads((OFFICIAL / "manifest.schema.1.0.0.json").read_text(encoding="utf-8"))
    official = Draft7Validator(schema)
    assert not list(official.iter_errors(MANIFEST))
    assert list(official.iter_errors(changed(path, value)))
    assert complaints_about_manifest(MANIFEST) == []
    [complaint] = complaints_about_manifest(changed(path, value))
    assert complaint.pointer.startswith(path)


def test_slacks_own_example_of_a_manifest_is_taken() -> None:
    example = json.loads((OFFICIAL / "manifest.valid.json").read_text(encoding="utf-8"))
    assert complaints_about_manifest(example) == []


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        ("/features/bot_user", None, "/oauth_config/scopes/bot"),
        ("/oauth_config/scopes/bot", ["chat:write"], "/features/slash_commands"),
        (
            "/features/slash_commands",
            [{"command": "/plan", "description": "Plans"}] * 2,
            "/features/slash_commands/1/command",
        ),
    ],
)
def test_parts_of_a_manifest_must_agree(path: str, value: object, pointer: str) -> None:
    manifest = changed(path, value)
    if value is None:
        del manifest["features"]["bot_user"]
    assert [each.pointer for each in complaints_about_manifest(manifest)] == [pointer]
