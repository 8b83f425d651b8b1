"""mrkdwn, rich text and Markdown as HTML: what is shown, and that nothing breaks out."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.page.environment import safe_address
from integrations.sandbox.slack.page.eyes import Eyes
from integrations.sandbox.slack.page.markdown import markdown
from integrations.sandbox.slack.page.mrkdwn import mrkdwn, plain
from integrations.sandbox.slack.page.rich_text import rich_text
from integrations.sandbox.slack.state.workspace import Workspace

MAYA = SlackPerson(
    id="U1", name="maya", real_name="Maya <Chen>", email="m@x.example", zone="Europe/Berlin"
)
EYES = Eyes(
    workspace=Workspace(
        [MAYA], [SlackChannel(id="C1", name="sales", members=("U1",))], SandboxClock()
    ),
    person=MAYA,
)
TAG = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")


def shown(text: str) -> str:
    """The HTML without the wrapping of lines."""
    return re.sub(r'<div class="line">(.*?)</div>', r"\1", str(mrkdwn(text, EYES)), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _it_ ~no~ `code`", "<b>bold</b> <i>it</i> <s>no</s> <code>code</code>"),
        ("*bold _and it_*", "<b>bold <i>and it</i></b>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("&lt;b&gt; &amp;amp; <b>", "&lt;b&gt; &amp;amp; &lt;b&gt;"),
        ("`*not bold*`", "<code>*not bold*</code>"),
        ("```\n*raw*\n```", "<pre>*raw*</pre>"),
        ("> quoted\nplain", "<blockquote>quoted</blockquote>plain"),
        ("&gt; quoted", "<blockquote>quoted</blockquote>"),
        ("<javascript:alert(1)|click>", "&lt;javascript:alert(1)|click&gt;"),
        (":no_such_name:", ":no_such_name:"),
        ("<!date^0^{date_num}|x>", "1970-01-01"),
        ("<!date^soon^{date_num}|fallback>", "fallback"),
    ],
)
def test_mrkdwn_is_shown_as_slack_shows_it(text: str, html: str) -> None:
    assert shown(text) == html


def test_references_are_shown_by_name() -> None:
    assert ">@Maya &lt;Chen&gt;</span>" in shown("<@U1>")
    assert ">#sales</span>" in shown("<#C1|other>")
    assert ">@channel</span>" in shown("<!channel>")
    assert shown("<https://x.example/?a=1&amp;b=2|Re&amp;port>") == (
        '<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "Re&amp;port</a>"
    )


def test_an_emoji_is_said_by_name_to_who_cannot_see_it() -> None:
    assert 'aria-label="tada"' in shown(":tada:")
    assert str(plain(":tada:", with_emoji=False)) == ":tada:"


def test_markdown_of_the_markdown_block() -> None:
    html = str(markdown("# Title\n**b** [l](https://x.example) [e](javascript:x)\n- a\n  - b\n> q"))
    assert '<div class="md-heading md-h1">Title</div>' in html
    assert "<b>b</b>" in html
    assert '<a href="https://x.example"' in html
    assert "javascript" not in html
    assert '<ul><li class="indent-0">a</li><li class="indent-1">b</li></ul>' in html
    assert "<blockquote>" in html


def test_a_markdown_table_becomes_a_table() -> None:
    html = str(markdown("| a | b |\n|---|---|\n| 1 | <2> |"))
    assert "<th>a</th><th>b</th>" in html
    assert "<td>1</td><td>&lt;2&gt;</td>" in html


@pytest.mark.parametrize(
    ("address", "shown_as"),
    [
        ("https://x.example", "https://x.example"),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//x.example", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_may_be_followed(address: object, shown_as: str) -> None:
    assert safe_address(address) == shown_as


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "&",
            '"',
            "'",
            "*",
            "_",
            "~",
            "`",
            "```",
            "\n",
            "|",
            "<@U1>",
            "<http://a|b>",
            "<script>",
            "&lt;",
            "javascript:",
            "onload=",
            "[",
            "](",
            ")",
            ":tada:",
            "> ",
            "a",
            "- ",
            "#",
        ]
    ),
    max_size=30,
).map("".join)
OURS = {"a", "b", "blockquote", "br", "code", "div", "hr", "i", "li", "ol", "p", "pre", "s", "span"}
OURS |= {"table", "td", "th", "tr", "u", "ul"}


def breaks_out(html: str) -> Iterator[str]:
    """Tags that are not ours, or attributes that no renderer of ours writes."""
    for match in TAG.finditer(html):
        if match[2] not in OURS:
            yield match[0]
        attributes = re.findall(r'([a-z-]+)="[^"]*"', match[0])
        known = {
            "class",
            "href",
            "target",
            "rel",
            "role",
            "aria-label",
            "data-user",
            "data-channel-reference",
        }
        if set(attributes) - known:
            yield match[0]
    for address in re.findall(r'href="([^"]*)"', html):
        if not address.startswith(("http://", "https://", "mailto:")):
            yield address


@given(HOSTILE)
def test_no_text_breaks_out_of_mrkdwn(text: str) -> None:
    assert list(breaks_out(str(mrkdwn(text, EYES)))) == []


@given(HOSTILE)
def test_no_text_breaks_out_of_markdown(text: str) -> None:
    assert list(breaks_out(str(markdown(text)))) == []


@given(HOSTILE)
def test_no_text_breaks_out_of_rich_text(text: str) -> None:
    leaves = [
        {"type": "text", "text": text},
        {"type": "link", "url": text or "x", "text": text},
        {"type": "emoji", "name": text},
        {"type": "user", "user_id": text},
    ]
    block = {"elements": [{"type": "rich_text_section", "elements": leaves}]}
    html = str(rich_text(block, EYES))
    assert list(breaks_out(html)) == []
    assert str(escape(text)) in html
