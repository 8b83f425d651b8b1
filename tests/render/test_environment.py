"""No words from outside can mention, link, format, break the layout or be refused by Slack."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import block_kit
from bot.render.environment import Renderer
from bot.render.errors import CannotRender
from bot.render.mrkdwn import BREAKER, clipped
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)

EVERYTHING = """
{% block text %}{{ name }} {{ name | upper }} {{ link(url, name) }}{% endblock %}
{% block blocks %}
{{ header(name) }}
{% call section(button=(name, "a.b", "1")) %}
*{{ name }}* and {{ names | join(", ") }} {{ names | names }}
{{ link(url, name) }}
{% endcall %}
{{ fields([(name, name), ("Target", name)]) }}
{% call context() %}{{ name ~ name }}{% endcall %}
{{ button(name, "x", name[:9]) }}
{{ overflow("o", [(name, "1")]) }}
{{ select("s", [(name, "1")], placeholder=name) }}
{{ thread_message(name) }}
{% call section() %}{{ name | prose }}{% endcall %}
{% call section(menu=("m", [(name, "1")])) %}{% set captured %}{{ name }}{% endset %}
{{ captured }}x{% endcall %}
{% endblock %}
"""
MODAL = """
{{ modal(title=name, callback="c", submit=name, close=name, carries="1") }}
{{ text_input(name, "why", hint=name) }}
{{ select_input(name, "choice", [(name, "1")]) }}
{{ radio_input(name, "radio", [(name, "1")]) }}
{{ date_input(name, "until", initial="2026-11-24") }}
"""
HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet="<>&|*_~`@#!:/. \n\u2028\u202e\x00ab", max_size=80),
    st.text(min_size=5000, max_size=5100),
    st.sampled_from(
        [
            "<!channel>", "<!here|x>", "<@U024BE7LH>", "<#C1|general>", "<https://evil|safe>",
            "&lt;!channel&gt;", "<!date^1^{date}|x>", "@channel @here", "https://evil.example",
            "> quoted", ">>> all", "*bold* _it_ ~no~ `code`", "```\nblock\n```", "\ud800",
            "---\njson: {}", "{{ 7 * 7 }}", "{% raw %}", "a" * 9000, "&" * 5000, "<" * 5000,
        ]
    ),
)  # fmt: skip
LONG_URL = "https://" + "a" * 3000
LIVE = re.compile(r"<(?!https://crm\.example/)[^>]*>|<[!@#]")


def _renderer(folder: Path, **templates: str) -> Renderer:
    for name, source in templates.items():
        (folder / f"{name}.j2").write_text(source, encoding="utf-8")
    return Renderer(folder)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return _renderer(tmp_path_factory.mktemp("wording"), everything=EVERYTHING, modal=MODAL)


def _texts(node: object, kind: str) -> list[str]:
    if isinstance(node, dict):
        here = [str(node["text"])] if node.get("type") == kind else []
        return here + [text for value in node.values() for text in _texts(value, kind)]
    if isinstance(node, list | tuple):
        return [text for value in node for text in _texts(value, kind)]
    return []


@given(name=HOSTILE)
def test_no_words_whatsoever_can_mention_link_format_or_be_refused(
    renderer: Renderer, name: str
) -> None:
    view = {"name": name, "names": [name, name], "url": "https://crm.example/006"}
    message = renderer.render("everything.j2", view)
    block_kit.check(message)
    json.dumps([message.text, message.blocks]).encode()
    parts = [message, *message.thread]
    for part in parts:
        assert complaints_about_blocks(list(part.blocks), surface="message") == []
    marked_up = [text for part in parts for text in [part.text, *_texts(part.blocks, "mrkdwn")]]
    for text in marked_up:
        assert not LIVE.search(text)
        assert "://" not in text.replace("<https://crm.example/006|", "")
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)


@given(name=HOSTILE)
def test_a_modal_made_of_any_words_is_accepted(renderer: Renderer, name: str) -> None:
    made = renderer.render_view("modal.j2", {"name": name})
    block_kit.check(made)
    assert complaints_about_view(made.payload) == []
    assert [block["type"] for block in made.payload["blocks"]] == ["input"] * 4  # type: ignore[attr-defined]  # a list, as the validator has checked


@given(name=HOSTILE)
def test_words_never_change_which_blocks_there_are(renderer: Renderer, name: str) -> None:
    view = {"name": name, "names": [name], "url": "https://crm.example/006"}
    message = renderer.render("everything.j2", view)
    kinds = [block["type"] for block in message.blocks]
    assert kinds[:3] == ["header", "section", "section"]
    assert kinds[-1] == "actions"
    rows = str(message.blocks[1]["text"]["text"]).splitlines()  # type: ignore[index]  # a section's text
    assert len(rows) <= 2


@pytest.mark.parametrize("mark", ["*", "_", "~", "`"])
def test_formatting_marks_of_a_value_are_kept_and_inert(renderer: Renderer, mark: str) -> None:
    name = f"{mark}loud{mark}"
    text = renderer.render("everything.j2", {"name": name, "names": [], "url": None}).text
    assert f"{BREAKER}{mark}{BREAKER}loud{BREAKER}{mark}{BREAKER}" in text


def test_an_underscore_inside_a_word_is_left_alone(renderer: Renderer) -> None:
    message = renderer.render("everything.j2", {"name": "first_last", "names": [], "url": None})
    assert "first_last" in message.text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", "ftp://x", None, "https://" + "a" * 3000]
)
def test_only_a_web_address_of_sane_length_becomes_a_link(renderer: Renderer, url: str) -> None:
    message = renderer.render("everything.j2", {"name": "Acme", "names": [], "url": url})
    assert "<" not in message.text


def test_a_clip_never_leaves_half_an_entity_or_half_a_link() -> None:
    for length in range(3, 40):
        text = clipped("Acme &amp; Sons <https://crm.example/006|deal> and more", length)
        assert text.count("<") == text.count(">")
        assert not re.search(r"&[a-z]*…$", text)


def test_an_undefined_name_is_refused_with_template_and_line(tmp_path: Path) -> None:
    renderer = _renderer(tmp_path, broken="{% block text %}x{% endblock %}\n\n{{ nobody }}")
    with pytest.raises(CannotRender, match=r"broken\.j2:3: 'nobody' is undefined"):
        renderer.render("broken.j2", {})


def test_a_template_that_does_not_parse_is_refused_with_its_line(tmp_path: Path) -> None:
    renderer = _renderer(tmp_path, broken="\n{% if %}")
    with pytest.raises(CannotRender, match=r"broken\.j2:2: "):
        renderer.render("broken.j2", {})


def test_a_value_with_the_name_of_what_lays_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nudge.j2").write_text("{% block text %}{{ section }}{% endblock %}")
    with pytest.raises(CannotRender, match="'section' lays out"):
        Renderer(overrides=tmp_path).render("nudge.j2", {"section": "Consistent"})


def test_words_that_would_be_lost_are_refused(tmp_path: Path) -> None:
    renderer = _renderer(
        tmp_path, stray="{% block text %}hi{% endblock %}{% block blocks %}lost{% endblock %}"
    )
    with pytest.raises(CannotRender, match="'lost'"):
        renderer.render("stray.j2", {})


def test_a_teams_wording_replaces_ours_and_may_extend_it(tmp_path: Path) -> None:
    (tmp_path / "nudges").mkdir()
    (tmp_path / "nudges" / "_buttons.j2").write_text(
        '{% include "ours/nudges/_buttons.j2" %}{% call context() %}Ask Maria.{% endcall %}'
    )
    (tmp_path / "n.j2").write_text(
        '{% block text %}x{% endblock %}{% block blocks %}{% include "nudges/_buttons.j2" %}'
        "{% endblock %}"
    )
    message = Renderer(tmp_path).render("n.j2", {"nudge": "1"})
    assert [block["type"] for block in message.blocks] == ["actions", "context"]


@pytest.mark.parametrize(
    "expression",
    [
        "range(100000)",
        "'a' * 1000000",
        "[1] * 1000000",
        "10 ** 1000",
        "'%999999d' % 1",
        "'x'.center(1000000)",
        "'{:>999999}'.format(1)",
        "'x'.ljust(1000000)",
        "(1).to_bytes(1000000)",
        "day.strftime('%999999d')",
        "''.__class__.__mro__",
        "view.__class__",
        "self.__init__.__globals__",
        "names.append(1)",
        "x | safe",
        "lipsum()",
    ],
)
def test_a_wording_can_neither_break_out_nor_blow_up(tmp_path: Path, expression: str) -> None:
    from datetime import date  # noqa: PLC0415 -- only these cases need a day

    renderer = _renderer(tmp_path, evil="{% block text %}{{ " + expression + " }}{% endblock %}")
    with pytest.raises(CannotRender):
        renderer.render(
            "evil.j2", {"view": {}, "names": [1], "x": "<b>", "day": date(2026, 11, 24)}
        )


def test_a_template_that_includes_itself_is_refused(tmp_path: Path) -> None:
    renderer = _renderer(tmp_path, loop='{% include "loop.j2" %}')
    with pytest.raises(CannotRender):
        renderer.render("loop.j2", {})


LONG = """
{% block text %}Digest{% endblock %}
{% block blocks %}
{% for n in range(count) %}{{ header("Part " ~ n) }}
{% call section() %}{{ words | prose }}{% endcall %}
{% endfor %}
{% endblock %}
"""


@pytest.mark.parametrize(("count", "words"), [(200, "short"), (20, "w" * 2400)])
def test_a_long_digest_continues_in_its_thread_and_loses_nothing(
    tmp_path: Path, count: int, words: str
) -> None:
    renderer = _renderer(tmp_path, long=LONG)
    message = renderer.render("long.j2", {"count": count, "words": words})
    parts = [message, *message.thread]
    assert len(parts) > 1
    blocks = [block for part in parts for block in part.blocks]
    headers = [block["text"]["text"] for block in blocks if block["type"] == "header"]  # type: ignore[index]  # a header's text
    assert headers == [f"Part {number}" for number in range(count)]
    assert all(part.blocks[-1]["type"] != "header" for part in parts)
    assert all(part.text for part in parts)
