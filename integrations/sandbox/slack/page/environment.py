import json
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

from integrations.sandbox.slack.elements import options_of, plain_value
from integrations.sandbox.slack.page.chart import chart
from integrations.sandbox.slack.page.emoji import emoji_for
from integrations.sandbox.slack.page.eyes import Eyes
from integrations.sandbox.slack.page.markdown import markdown
from integrations.sandbox.slack.page.mrkdwn import emoji_html, mrkdwn, plain
from integrations.sandbox.slack.page.rich_text import rich_text
from integrations.sandbox.slack.state.values import Json


@cache
def page_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=ChainableUndefined,
    )
    environment.globals |= {
        "chart": chart,
        "emoji": emoji_html,
        "emoji_for": emoji_for,
        "held": held,
        "held_files": held_files,
        "is_chosen": is_chosen,
        "markdown": markdown,
        "mrkdwn": mrkdwn,
        "options_of": options_of,
        "picture_address": picture_address,
        "rich_text": rich_text,
        "safe_address": safe_address,
        "shown": shown,
        "words": words,
    }
    environment.filters["as_json"] = lambda value: json.dumps(value, default=str)
    return environment


def shown(text: Json | None, eyes: Eyes) -> Markup:
    """A text object of either type as HTML."""
    if not text:
        return Markup("")
    if text["type"] == "mrkdwn":
        return mrkdwn(text["text"], eyes)
    return plain(text["text"], with_emoji=text.get("emoji", True))


def words(text: Json | None) -> str:
    """A text object where only characters may stand: labels, placeholders, options."""
    return str(plain(text["text"], with_emoji=False).unescape()) if text else ""


def held(values: Mapping[str, Mapping[str, Json]], block_id: str, element: Json) -> object:
    """The plain value that the element holds."""
    state = values.get(block_id, {}).get(element["action_id"], {})
    return plain_value(state)


def held_files(
    values: Mapping[str, Mapping[str, Json]], block_id: str, element: Json
) -> list[Json]:
    found = held(values, block_id, element)
    return found if isinstance(found, list) else []


def is_chosen(value: object, option: str) -> bool:
    return option in value if isinstance(value, list) else option == value


def safe_address(address: object) -> str:
    """The address when it is http or https, else nothing."""
    text = str(address or "")
    return text if urlsplit(text).scheme in {"http", "https"} else ""


def picture_address(image: Json) -> str:
    """Where an image's bytes are: at the given address, or with the page for uploaded files."""
    named = image.get("slack_file") or {}
    if "id" in named:
        return f"/page/files/{named['id']}"
    if "url" in named:
        return f"/page/files/{str(named['url']).rpartition('/')[0].rpartition('-')[2]}"
    return safe_address(image.get("image_url"))
