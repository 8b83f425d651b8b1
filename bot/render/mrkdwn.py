"""Values made safe to show: no mentions, no links, no line breaks and no formatting of their own.

Slack knows no escape for ``* _ ~ ```; a zero-width space on both sides keeps them from opening or
closing anything, and keeps them readable.
"""

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup

BREAKER = "\u200b"
ELLIPSIS = "…"
#: Longer values are cut. A name or a subject line is shorter; prose has a filter of its own.
LONGEST_VALUE = 300

#: Control characters, lone surrogates, and the marks that turn the direction of writing.
_UNSEEN = {"Cc", "Cs"}
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
#: Inside a word (first_last) Slack leaves these marks alone; anywhere else they would format.
_FORMATTING = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_HALF_ENTITY = re.compile(r"&[a-z]{0,4}$")


def flat(value: object) -> str:
    """The value on one line, without characters that cannot be seen."""
    # Words of unseen characters alone would leave the blanks around them.
    return " ".join(without_unseen(" ".join(str(value).split())).split())


def without_unseen(text: str) -> str:
    return "".join(
        sign for sign in text if sign not in _BIDI and unicodedata.category(sign) not in _UNSEEN
    )


def escaped(text: str) -> str:
    """``text`` with Slack's three special characters written out, and nothing else changed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(value: object, *, longest: int = LONGEST_VALUE) -> Markup:
    """A value as words and nothing but words; Markup made by our own templates passes as it is."""
    if isinstance(value, Markup):
        return value
    text = shortened(flat(value), longest)
    # An address in plain words would be made a link by Slack.
    text = text.replace("://", f":{BREAKER}//")
    text = _FORMATTING.sub(lambda mark: f"{BREAKER}{mark[0]}{BREAKER}", text)
    # Slack reads "&gt;" at the beginning of a line as a quotation.
    quotes = text.startswith(">")
    return Markup((BREAKER if quotes else "") + escaped(text))  # noqa: S704 -- escaped right here


def plain(value: object, longest: int) -> str:
    """The value for a ``plain_text`` object, which Slack shows as it is."""
    text = str(value)
    if isinstance(value, Markup):
        text = text.replace(BREAKER, "")
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return shortened(flat(text), longest) or "-"


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + ELLIPSIS


def clipped(text: str, longest: int) -> str:
    """Marked-up text cut at ``longest``, never inside an entity or a link."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    return _HALF_ENTITY.sub("", kept).rstrip() + ELLIPSIS


def link(url: object, label: object) -> Markup:
    """A link to ``url``, or the label alone when there is no web address to go to."""
    words = mrkdwn(label, longest=150)
    address = "" if url is None else flat(url).replace(" ", "%20")
    if not address.startswith(("https://", "http://")):
        return words
    for sign, written in (("|", "%7C"), ("<", "%3C"), (">", "%3E"), ("&", "&amp;")):
        address = address.replace(sign, written)
    if len(address) > 2_000:  # noqa: PLR2004 -- no record's address is longer; better no link than a cut one
        return words
    return Markup(f"<{address}|{str(words).replace('|', '¦')}>")  # noqa: S704 -- both parts are escaped above


def lines(marked_up: str, tidy: Callable[[str], str] = str.strip) -> str:
    """What a template's block came to, without its indentation and empty lines."""
    return "\n".join(line for line in map(tidy, marked_up.splitlines()) if line)
