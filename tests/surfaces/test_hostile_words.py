"""No words of the CRM, and no person's, do anything in any message of ours but stand there."""

import dataclasses
import re
from collections.abc import Mapping
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.domain.message import Message, View
from bot.render import block_kit
from bot.render.environment import OURS, Renderer
from bot.render.example import example_of
from bot.render.preview import VIEWS
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)
from tests.everything_said import recorded
from tests.listening import Recorder
from tests.pseudo_language import LOCALE, left_in_english, write_language

#: Said once for all tests of this file.
__all__ = ["recorded"]
pytestmark = pytest.mark.slow
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="<>&|*_~`@#!:/. \n\u2028\u202e\x00ab", max_size=80),
    st.sampled_from(
        [
            "<!channel>", "<@U024BE7LH>", "<#C1|general>", "<https://evil|safe>", "&lt;!here&gt;",
            "@channel @here", "https://evil.example", ">>> all", "```\nblock\n```", "\ud800", "",
            "---\njson: {}", "{{ 7 * 7 }}", "a" * 4000, "&" * 3000, "<" * 3000, " ", "\n\n\n",
        ]
    ),
)  # fmt: skip
#: Every word of the office and of the rules' examples that comes from a CRM or from a person.
SPOKEN = re.compile("Kim|Sam|Maria|Berg|Reyes|Lopez|Acme|Globex|Initech|Negotiation|Proposal|Zqx")
LIVE = re.compile(r"<(?!https://(?:acme\.my\.example|example\.my\.salesforce\.com)/)[^>]*>|<[!@#]")
SHORT = 60
TEMPLATES = sorted(
    str(path.relative_to(OURS)) for path in OURS.rglob("*.j2") if not path.name.startswith("_")
)


def spoken_as(words: str, told: object) -> object:
    """The same values with other words where the CRM's stood."""
    swapped = partial(spoken_as, words)
    if type(told) in {str, Markup}:
        return SPOKEN.sub(lambda _: words, str(told))
    if dataclasses.is_dataclass(told) and not isinstance(told, type):
        fields = [each.name for each in dataclasses.fields(told) if each.init]
        return dataclasses.replace(told, **{name: swapped(getattr(told, name)) for name in fields})
    if isinstance(told, Mapping):
        return {key: swapped(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return type(told)(swapped(value) for value in told)
    return told


def complaints(said: Message | View) -> list[object]:
    block_kit.check(said)
    if isinstance(said, View):
        return list(complaints_about_view(said.payload))
    parts = (said, *said.thread)
    return [
        each
        for part in parts
        for each in complaints_about_blocks(list(part.blocks), surface="message")
    ]


def marked_up(said: Message | View) -> list[str]:
    if isinstance(said, View):
        return _texts(said.payload)
    parts = (said, *said.thread)
    return [text for part in parts for text in (part.text, *_texts(part.blocks))]


def _texts(node: object) -> list[str]:
    if isinstance(node, Mapping):
        here = [str(node["text"])] if node.get("type") == "mrkdwn" else []
        return here + [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list | tuple):
        return [text for value in node for text in _texts(value)]
    return []


def kinds(said: Message | View) -> list[object]:
    blocks = said.payload["blocks"] if isinstance(said, View) else said.blocks
    return [block["type"] for block in blocks]  # type: ignore[attr-defined]  # a list of blocks


#: These hold our own words and numbers alone.
OURS_ALONE = {
    "commands/calibration.j2",
    "commands/comp_audit.j2",
    "commands/help.j2",
    "commands/nudge_kinds.j2",
    "commands/ooo.j2",
    "commands/play.j2",
    "commands/playbook.j2",
    "commands/untold.j2",
    "home/pay.j2",
    "home/stranger.j2",
    "messages/answered.j2",
    "messages/preview.j2",
    "messages/preview_settled.j2",
    "messages/would_have_gone.j2",
    "modals/framework.j2",
    "modals/leave.j2",
    "modals/leave_noted.j2",
    "modals/not_right.j2",
    "modals/prospect.j2",
    "modals/snooze.j2",
    "modals/working.j2",
}


def test_every_template_has_been_seen_with_words_to_change(recorded: Recorder) -> None:
    assert sorted(recorded.views) == TEMPLATES
    silent = {
        template
        for template in TEMPLATES
        if "Wordly" not in str(shown_as("Wordly", recorded, template))
    }
    assert silent == OURS_ALONE


def shown_as(words: str, recorded: Recorder, template: str) -> list[Message | View]:
    views = (spoken_as(words, view) for view in recorded.views[template][:2])
    return [recorded.rendering[template](template, view) for view in views]  # type: ignore[arg-type]  # mappings too


@pytest.mark.parametrize("template", TEMPLATES)
@settings(max_examples=10, deadline=None)
@given(words=HOSTILE)
def test_no_words_mention_link_break_out_or_are_refused(
    recorded: Recorder, template: str, words: str
) -> None:
    usual = shown_as("Acme", recorded, template)
    for said, before in zip(shown_as(words, recorded, template), usual, strict=True):
        assert complaints(said) == []
        if len(words) < SHORT and words.isalnum():
            assert kinds(said) == kinds(before)
        for text in marked_up(said):
            assert not LIVE.search(text)
            assert "://" not in re.sub(r"<https://[^|>]*\|", "", text)
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)


@pytest.fixture(scope="module")
def foreign(recorded: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """With all that is said in a language of its own."""
    wording = tmp_path_factory.mktemp("wording")
    seen = [view for views in recorded.views.values() for view in views]
    write_language(wording, [*seen, *map(example_of, TEMPLATES)])
    return Renderer(wording)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_word_can_be_said_in_another_language(
    recorded: Recorder, foreign: Renderer, template: str
) -> None:
    is_view = template.startswith(VIEWS)
    for given_to_it in (*recorded.views[template], example_of(template)):
        view = {**given_to_it, "locale": LOCALE}
        said = (foreign.render_view if is_view else foreign.render)(template, view)
        assert left_in_english(said) == []
