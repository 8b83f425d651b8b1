"""``rich_text`` blocks as HTML. Their text needs no unescaping: it is not mrkdwn."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from integrations.sandbox.slack.page.eyes import Eyes
from integrations.sandbox.slack.page.mrkdwn import (
    broadcast,
    channel_reference,
    emoji_html,
    link,
    mention,
)
from integrations.sandbox.slack.state.values import Json

STYLES = {
    "bold": Markup("<b>{}</b>"),
    "italic": Markup("<i>{}</i>"),
    "strike": Markup("<s>{}</s>"),
    "underline": Markup("<u>{}</u>"),
    "code": Markup("<code>{}</code>"),
}
NOTHING = Markup("")


def rich_text(block: Json, eyes: Eyes) -> Markup:
    return NOTHING.join(_part(each, eyes) for each in block["elements"])


def _part(part: Json, eyes: Eyes) -> Markup:
    kind = part["type"]
    if kind == "rich_text_list":
        tag = "ol" if part.get("style") == "ordered" else "ul"
        items = NOTHING.join(
            Markup("<li>{}</li>").format(_leaves(each["elements"], eyes))
            for each in part["elements"]
        )
        opening = Markup('<{} class="indent-{}">').format(tag, int(part.get("indent", 0)))
        return opening + items + Markup("</{}>").format(tag)
    words = _leaves(part["elements"], eyes)
    if kind == "rich_text_quote":
        return Markup("<blockquote>{}</blockquote>").format(words)
    if kind == "rich_text_preformatted":
        return Markup("<pre>{}</pre>").format(words)
    return Markup('<div class="line">{}</div>').format(words)


def _leaves(leaves: Iterable[Json], eyes: Eyes) -> Markup:
    return NOTHING.join(_leaf(each, eyes) for each in leaves)


def _leaf(leaf: Json, eyes: Eyes) -> Markup:
    shown = _bare_leaf(leaf, eyes)
    for name, is_on in (leaf.get("style") or {}).items():
        if is_on and name in STYLES:
            shown = STYLES[name].format(shown)
    return shown


def _bare_leaf(leaf: Json, eyes: Eyes) -> Markup:  # noqa: PLR0911 -- one line for each kind of leaf
    kind = leaf["type"]
    if kind == "text":
        return escape(leaf["text"])
    if kind == "link":
        return link(leaf["url"], escape(leaf.get("text") or leaf["url"]))
    if kind == "emoji":
        return emoji_html(leaf["name"])
    if kind == "user":
        return mention(leaf["user_id"], eyes)
    if kind == "channel":
        return channel_reference(leaf["channel_id"], eyes)
    if kind == "broadcast":
        return broadcast(leaf["range"])
    if kind == "date":
        return escape(eyes.date_words(str(leaf["timestamp"]), leaf["format"]))
    return escape(leaf.get("value") or leaf.get("usergroup_id") or leaf.get("team_id", ""))
