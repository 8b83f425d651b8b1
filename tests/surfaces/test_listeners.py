"""What stands in templates has its listener and the reverse; every command takes odd words."""

import re

import pytest

from bot.domain.errors import CoachingError
from bot.render.environment import OURS
from bot.runtime import Runtime
from bot.surfaces.action import load_actions
from bot.surfaces.apologies import apologise
from bot.surfaces.command import load_commands
from bot.surfaces.modal import load_modals
from tests.office import asked

TEMPLATES = [path.read_text(encoding="utf-8") for path in OURS.rglob("*.j2")]
ACTION = re.compile(r'action="([\w.]+)"|button=\("[^"]*", "([\w.]+)"|menu=\("([\w.]+)"')
SUBMITTED = re.compile(r'modal\([^\n]*callback="([\w.]+)"[^\n]*submit=')
KEPT = re.compile(r'modal\([^\n]*callback="([\w.]+)"[^\n]*keeps_draft=True')
COMMANDS = sorted(load_commands())


def found(pattern: re.Pattern[str]) -> set[str]:
    matches = (each for text in TEMPLATES for each in pattern.finditer(text))
    return {name for match in matches for name in match.groups() if name}


def test_every_button_is_listened_to_and_every_listener_has_its_button() -> None:
    assert found(ACTION) == set(load_actions())


def test_every_form_is_listened_to_and_every_listener_has_its_form() -> None:
    assert found(SUBMITTED) == set(load_modals())


def test_every_form_that_keeps_drafts_hears_of_its_closing() -> None:
    keeping = {name for name, modal in load_modals().items() if modal.keep is not None}
    assert found(KEPT) == keeping


@pytest.mark.parametrize("person", ["kim", "maria"])
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "words",
    [
        "\u00bfqu\u00e9? <!channel> *x*",
        "@nobody",
        "<@U0GONE|gone>",
        "last 0 weeks",
        "x" * 3000,
        "share share",
        "'; --",
    ],
    ids=["hostile", "no-such-name", "no-such-id", "no-window", "endless", "twice", "quotes"],
)
def test_odd_words_are_answered_or_refused_with_a_hint(
    office: Runtime, name: str, person: str, words: str
) -> None:
    text = read(office, f"{name} {words}", by=person)
    assert "<!channel>" not in text
    assert "x" * 500 not in text


def read(runtime: Runtime, line: str, *, by: str) -> str:
    """The answer, or the refusal as it is said in Slack; every refusal has its hint."""
    try:
        return asked(runtime, line, by=by)
    except CoachingError as refusal:
        said = apologise(runtime.renderer, refusal, reference="") if refusal.hint else None
    return str(said.blocks if said else "<!channel> no hint")


@pytest.mark.parametrize("name", COMMANDS)
def test_strangers_are_told_how_to_be_known_or_who_may(office: Runtime, name: str) -> None:
    with pytest.raises(CoachingError) as refused:
        asked(office, f"{name} won amount" if name == "/metric" else name, by="stranger")
    assert "app.yaml" in refused.value.hint
