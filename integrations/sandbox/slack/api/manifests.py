"""What Slack wants of an app manifest, from ``manifest.json`` and what that cannot say."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.blockkit.grammar import Grammar
from integrations.sandbox.slack.blockkit.walk import Walk, wrong_type
from integrations.sandbox.slack.state.values import Json


def complaints_about_manifest(manifest: object) -> list[Complaint]:
    if not isinstance(manifest, dict):
        return [wrong_type("/", "object")]
    rules = _rules()
    walk = Walk(rules, "manifest")
    return [*walk.check_shape(manifest, rules.objects["manifest"], ""), *_agreements(manifest)]


def _agreements(manifest: Json) -> Iterator[Complaint]:
    """A bot user goes with commands and bot scopes; names are given once."""
    features = _part(manifest, "features")
    scopes = _part(_part(manifest, "oauth_config"), "scopes")
    for pointer, wanting in (
        ("/oauth_config/scopes/bot", scopes.get("bot")),
        ("/features/app_home", features.get("app_home")),
    ):
        if wanting and "bot_user" not in features:
            yield Complaint(pointer=pointer, message="requires features.bot_user")
    commands = features.get("slash_commands")
    if commands and "commands" not in (scopes.get("bot") or ()):
        yield Complaint(
            pointer="/features/slash_commands", message="requires the bot scope: commands"
        )
    seen: set[object] = set()
    for place, each in enumerate(commands if isinstance(commands, list) else ()):
        name = each.get("command") if isinstance(each, dict) else None
        if name in seen:
            yield Complaint(
                pointer=f"/features/slash_commands/{place}/command", message=f"is twice: {name}"
            )
        seen.add(name)


def _part(whole: Json, key: str) -> Json:
    part = whole.get(key)
    return part if isinstance(part, dict) else {}


@cache
def _rules() -> Grammar:
    text = files(__package__).joinpath("manifest.json").read_text(encoding="utf-8")
    return Grammar(
        surfaces={},
        element_surfaces={},
        once_per_payload={},
        totals={},
        blocks={},
        elements={},
        objects=json.loads(text),
        views={},
    )
