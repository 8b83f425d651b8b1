"""Every template has an example, reads as reviewed, and is taken by Slack."""

import re
from collections.abc import Iterator, Mapping

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.documents import load_document
from bot.domain.message import Message, View
from bot.render import block_kit
from bot.render.environment import OURS, Renderer
from bot.render.example import EXAMPLES, example_of, templates
from bot.render.preview import as_block_kit, as_text, rendered
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)

RENDERER = Renderer()
TEMPLATES = templates()
#: Those of nudges are reviewed with their rules (tests/coaching).
REVIEWED_HERE = [path for path in TEMPLATES if not path.startswith("nudges/")]
IN_GERMAN = (
    "commands/my_week.j2",
    "commands/pipeline.j2",
    "digests/channel.j2",
    "home/rep.j2",
    "messages/answered.j2",
    "nudges/change_noticed.j2",
    "nudges/no_activity.j2",
)
MOST_WORDS = 60
LIVE = re.compile(r"<(?!https://)[^>]*>")


def test_every_template_has_an_example_and_every_example_a_template() -> None:
    nudges = {path for path in TEMPLATES if path.startswith("nudges/")}
    described = {
        path.relative_to(EXAMPLES).with_suffix(".j2").as_posix() for path in EXAMPLES.rglob("*.*")
    }
    assert described == set(TEMPLATES) - nudges
    for path in nudges:
        assert example_of(path)["nudge"]


@pytest.mark.parametrize("template", REVIEWED_HERE)
def test_it_reads_as_reviewed(template: str, snapshot: SnapshotAssertion) -> None:
    assert as_text(rendered(RENDERER, template)) == snapshot


@pytest.mark.parametrize("template", IN_GERMAN)
def test_numbers_and_days_are_a_german_readers(template: str, snapshot: SnapshotAssertion) -> None:
    assert as_text(rendered(RENDERER, template, locale="de_DE")) == snapshot


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ar_EG", "ja_JP"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_slack_takes_it_in_any_locale(template: str, locale: str) -> None:
    said = rendered(RENDERER, template, locale=locale)
    block_kit.check(said)
    if isinstance(said, View):
        assert complaints_about_view(said.payload) == []
    else:
        for part in [said, *said.thread]:
            shown = [block for block in part.blocks if "slack_file" not in block]
            assert complaints_about_blocks(shown, surface="message") == []
    for words in _marked_up(as_block_kit(said)):
        assert not LIVE.search(words)


def _marked_up(node: object) -> Iterator[str]:
    """What Slack reads as mrkdwn; it shows plain text as it stands."""
    if isinstance(node, Mapping):
        if node.get("type") == "mrkdwn":
            yield str(node["text"])
        for value in node.values():
            yield from _marked_up(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _marked_up(value)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_pasted_into_the_builder_is_taken_there(template: str) -> None:
    said = rendered(RENDERER, template)
    pasted = as_block_kit(said)
    if isinstance(said, Message):
        assert complaints_about_blocks(list(pasted["blocks"]), surface="message") == []  # type: ignore[call-overload]  # a list of blocks
    else:
        assert complaints_about_view(dict(pasted)) == []


@pytest.mark.parametrize("template", [path for path in TEMPLATES if path.startswith("nudges/")])
def test_a_nudge_has_at_most_sixty_words(template: str) -> None:
    prose = as_text(rendered(RENDERER, template)).split("\n", 2)[2]
    told = [line for line in prose.splitlines() if not line.startswith("[")]
    assert 10 <= len(re.findall(r"\w\S*", " ".join(told))) <= MOST_WORDS


def test_examples_have_only_what_some_template_reads() -> None:
    """A key that no template reads would be a lie about what a wording may use."""
    sources = " ".join(path.read_text(encoding="utf-8") for path in OURS.rglob("*.j2"))
    known = set(re.findall(r"\w+", sources))
    for path in EXAMPLES.rglob("*.yaml"):
        content = load_document(path).content
        assert isinstance(content, dict)
        values = set(re.findall(r": (\w+)", path.read_text(encoding="utf-8")))
        names = {key for key in _keys(content) if key.isidentifier()}
        unread = names - known - values
        assert unread == set(), f"{path.name}: {unread}"


def _keys(node: object) -> set[str]:
    """The keys outside of charts, which are drawn and not read by templates."""
    if isinstance(node, list):
        return set().union(*map(_keys, node))
    if not isinstance(node, dict) or "chart" in node:
        return set()
    return (set(node) - {"like"}).union(*map(_keys, node.values()))
