"""Slack's mrkdwn as HTML. Everything a message says is escaped; only http and mailto link."""

import re

from markupsafe import Markup, escape

from integrations.sandbox.slack.page.emoji import emoji_for
from integrations.sandbox.slack.page.eyes import Eyes

FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
INLINE = re.compile(
    r"<(?P<reference>[^<>\n]+)>"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
)
TAGS = {"bold": "b", "italic": "i", "strike": "s"}
QUOTE = re.compile(r"^(?:&gt;|>) ?")
SAFE_LINK = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)
BROADCASTS = frozenset({"channel", "everyone", "here"})
NOTHING = Markup("")


def mrkdwn(text: str, eyes: Eyes) -> Markup:
    pieces = FENCE.split(text)
    shown = []
    for place, piece in enumerate(pieces):
        if place % 2:
            shown.append(Markup("<pre>{}</pre>").format(_code(piece, eyes)))
        elif piece:
            shown.append(_paragraphs(piece.strip("\n") if len(pieces) > 1 else piece, eyes))
    return NOTHING.join(shown)


def plain(text: str, *, with_emoji: bool = True) -> Markup:
    """A ``plain_text`` object: entities and emoji names shown, no formatting."""
    if not with_emoji:
        return escape(unescaped(text))
    return NOTHING.join(
        emoji_html(piece) if place % 2 else escape(unescaped(piece))
        for place, piece in enumerate(re.split(r":([a-z0-9_+-]+):", text))
    )


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def emoji_html(name: str) -> Markup:
    symbol = emoji_for(name)
    if symbol is None:
        return escape(f":{name}:")
    return Markup('<span class="emoji" role="img" aria-label="{}">{}</span>').format(name, symbol)


def link(address: str, label: Markup) -> Markup:
    """A link where the address is one that may be followed, else only its label."""
    if not SAFE_LINK.match(address):
        return label
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        address, label
    )


def mention(user: str, eyes: Eyes) -> Markup:
    mine = " mention-me" if user == eyes.person.id else ""
    return Markup('<span class="mention{}" data-user="{}">@{}</span>').format(
        mine, user, eyes.name_of(user)
    )


def channel_reference(channel: str, eyes: Eyes) -> Markup:
    return Markup('<span class="mention" data-channel-reference="{}">#{}</span>').format(
        channel, eyes.channel_name(channel)
    )


def broadcast(reach: str) -> Markup:
    return Markup('<span class="mention mention-me">@{}</span>').format(reach)


def _paragraphs(text: str, eyes: Eyes) -> Markup:
    """Runs of quoted lines become quotes, the others lines of text."""
    shown: list[Markup] = []
    quoted: list[Markup] = []
    for line in [*text.split("\n"), None]:
        if line is not None and QUOTE.match(line):
            quoted.append(_inline(QUOTE.sub("", line), eyes))
            continue
        if quoted:
            body = Markup("<br>").join(quoted)
            shown.append(Markup("<blockquote>{}</blockquote>").format(body))
            quoted = []
        if line is not None:
            shown.append(Markup('<div class="line">{}</div>').format(_inline(line, eyes)))
    return NOTHING.join(shown)


def _inline(text: str, eyes: Eyes) -> Markup:
    shown, read_to = [], 0
    for match in INLINE.finditer(text):
        shown.append(escape(unescaped(text[read_to : match.start()])))
        shown.append(_piece(match, eyes))
        read_to = match.end()
    shown.append(escape(unescaped(text[read_to:])))
    return NOTHING.join(shown)


def _piece(match: re.Match[str], eyes: Eyes) -> Markup:
    kind = str(match.lastgroup)
    inner = match[kind]
    if kind == "reference":
        return _reference(inner, eyes)
    if kind == "code":
        return Markup("<code>{}</code>").format(_code(inner, eyes))
    if kind == "emoji":
        return emoji_html(inner)
    return Markup(f"<{TAGS[kind]}>{{}}</{TAGS[kind]}>").format(_inline(inner, eyes))  # noqa: S704 -- the tag is ours, the content escaped


def _code(text: str, eyes: Eyes) -> Markup:
    shown = (
        _reference(piece, eyes) if place % 2 else escape(unescaped(piece))
        for place, piece in enumerate(re.split(r"<([^<>\n]+)>", text))
    )
    return NOTHING.join(shown)


def _reference(inner: str, eyes: Eyes) -> Markup:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return mention(target[1:], eyes)
    if target.startswith("#"):
        return channel_reference(target[1:], eyes)
    if target.startswith("!"):
        return _special(target[1:], label, eyes)
    if SAFE_LINK.match(target):
        words = label or target.removeprefix("mailto:")
        return link(unescaped(target), escape(unescaped(words)))
    return escape(unescaped(f"<{inner}>"))


def _special(target: str, label: str, eyes: Eyes) -> Markup:
    if target in BROADCASTS:
        return broadcast(target)
    kind, *rest = target.split("^")
    if kind == "date" and len(rest) > 1:
        try:
            words = escape(eyes.date_words(rest[0], rest[1]))
        except (OverflowError, ValueError):
            words = escape(unescaped(label))
        return link(rest[2], words) if len(rest) > 2 else words  # noqa: PLR2004 -- seconds, pattern, link
    return escape(unescaped(label or f"@{kind}"))
