"""A template with its example, as text for a terminal or as Block Kit to paste into the Builder."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from textwrap import indent

from jinja2 import UndefinedError

from bot.documents import did_you_mean
from bot.domain.errors import ConfigError, PermanentError, Problem
from bot.domain.message import Block, Message, View
from bot.render.environment import OURS, Renderer
from bot.render.errors import CannotRender
from bot.render.example import example_of, templates
from bot.render.mrkdwn import BREAKER
from bot.render.phrases import PHRASES_FILE, read_phrases
from bot.render.words import WORDS_FILE, read_words

#: These folders hold views; all others hold messages.
VIEWS = ("home/", "modals/")
LINK = re.compile(r"<[^|>]*\|([^>]*)>")
UNDEFINED = re.compile(r"'(\w+)' is undefined")
RULE = "─" * 24


def find_template(key: str) -> str:
    """The one template of that path, or of that last part. Raises PermanentError with a hint."""
    paths = templates()
    wanted = key.removesuffix(".j2").strip("/")
    exact = [path for path in paths if path == f"{wanted}.j2"]
    found = exact or [path for path in paths if path.endswith(f"/{wanted}.j2")]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(path.removesuffix(".j2") for path in found)
        raise PermanentError(f"'{key}' is the name of several templates", hint=f"write {names}")
    users = _users_of(wanted)
    if users:
        raise PermanentError(
            f"'{key}' is a part of other templates, with no example of its own",
            hint=f"preview {' or '.join(users)}",
        )
    keys = {path.removesuffix(".j2") for path in paths}
    lasts = {path.rsplit("/", 1)[-1] for path in keys}
    hint = did_you_mean(wanted, keys if "/" in wanted else lasts)
    raise PermanentError(f"there is no template '{key}'", hint=hint)


def _users_of(part: str) -> list[str]:
    """The templates that include this part, three at most."""
    if not part.rsplit("/", 1)[-1].startswith("_"):
        return []
    including = re.compile(rf"include \"(?:\w+/)*{re.escape(part)}\.j2\"")
    found = (
        path for path in templates() if including.search((OURS / path).read_text(encoding="utf-8"))
    )
    return [path.removesuffix(".j2") for path in found][:3]


def rendered(renderer: Renderer, template: str, *, locale: str | None = None) -> Message | View:
    """Raises CannotRender, with a hint from the example where a name is unknown."""
    view = example_of(template, locale=locale)
    try:
        if template.startswith(VIEWS):
            return renderer.render_view(template, view)
        return renderer.render(template, view)
    except CannotRender as error:
        unknown = UNDEFINED.search(error.message)
        if unknown and isinstance(error.__cause__, UndefinedError):
            error.hint = did_you_mean(unknown[1], view)
        raise


def wrong_wordings(folder: Path) -> Iterator[Problem]:
    """A problem for each wording of the team that cannot be made or takes no template's place."""
    if not folder.is_dir():
        return
    readers = ((WORDS_FILE, read_words), (PHRASES_FILE, read_phrases))
    bad_words = [
        problem
        for name, read in readers
        for path in folder.rglob(name)
        for problem in _wrong_words(path, read)
    ]
    if bad_words:
        yield from bad_words
        return
    renderer, known = Renderer(folder), templates()
    for own in renderer.own_templates():
        if Path(own).name.startswith("_"):
            continue
        language, template = _split(own)
        file = f"{folder.name}/{own}"
        if template not in known:
            message = "it takes the place of no template, so it is never used"
            yield Problem(file=file, message=message, hint=did_you_mean(template, known))
            continue
        try:
            rendered(renderer, template, locale=language)
        except CannotRender as error:
            words = error.message.split(": ", 1)[1]
            yield Problem(file=error.template, line=error.line, message=words, hint=error.hint)


def _wrong_words(path: Path, read: Callable[[Path], object]) -> Sequence[Problem]:
    try:
        read(path.parent)
    except ConfigError as error:
        return error.problems
    return ()


def _split(own: str) -> tuple[str | None, str]:
    """A wording's language, if it has one, and the template whose place it takes."""
    first, _, rest = own.partition("/")
    is_ours = (OURS / first).is_dir() or not rest
    return (None, own) if is_ours else (first, rest)


def as_block_kit(said: Message | View) -> Mapping[str, object]:
    """As the Block Kit Builder takes it: pictures as their words, the thread below a line."""
    if isinstance(said, View):
        return said.payload
    blocks = [_without_file(block) for block in said.blocks]
    for part in said.thread:
        blocks += [{"type": "divider"}, *map(_without_file, part.blocks)]
    return {"blocks": blocks}


def _without_file(block: Block) -> Mapping[str, object]:
    """The Builder knows no files that were not uploaded yet."""
    if "slack_file" not in block:
        return block
    words = {"type": "plain_text", "text": f"Chart: {block['alt_text']}"}
    return {"type": "context", "elements": [words]}


def as_text(said: Message | View) -> str:
    """What a person reads, from top to bottom."""
    return "\n".join(_told(said)).replace(BREAKER, "") + "\n"


def _told(said: Message | View) -> Iterator[str]:
    if isinstance(said, View):
        title = said.payload.get("title")
        yield f"{said.payload['type']}: {_words(title)}" if title else str(said.payload["type"])
        yield RULE
        blocks = said.payload["blocks"]
        yield from map(_block, blocks if isinstance(blocks, list) else [])
        ends = [said.payload[name] for name in ("submit", "close") if name in said.payload]
        if ends:
            yield " ".join(f"[{_words(end)}]" for end in ends)
        return
    yield f"notification: {_clean(said.text)}"
    yield RULE
    yield from map(_block, said.blocks)
    for part in said.thread:
        yield f"{RULE} in the thread"
        yield from map(_block, part.blocks)


def _block(block: Mapping[str, object]) -> str:
    kind = block["type"]
    if kind == "divider":
        return RULE
    if kind == "header":
        return f"# {_words(block['text'])}"
    if kind == "image":
        return f"(chart) {block['alt_text']}"
    if kind == "input":
        hint = f"\n    {_words(block['hint'])}" if "hint" in block else ""
        optional = " (optional)" if block.get("optional") else ""
        return f"{_words(block['label'])}{optional}: {_element(block['element'])}{hint}"
    told = [_words(block["text"])] if "text" in block else []
    told += [_words(each).replace("\n", ": ") for each in _listed(block.get("fields"))]
    if kind == "context":
        told += [indent(_words(each), "  ") for each in _listed(block.get("elements"))]
    else:
        told += [" ".join(_element(each) for each in _listed(block.get("elements")))]
    if "accessory" in block:
        told.append(_element(block["accessory"]))
    return "\n".join(line for line in told if line) + "\n"


def _element(element: object) -> str:
    if not isinstance(element, Mapping):
        return ""
    options = " | ".join(_words(each["text"]) for each in _listed(element.get("options")))
    if element["type"] == "button":
        return f"[{_words(element['text'])}]"
    if options:
        return f"[{options}]"
    initial = element.get("initial_value") or element.get("initial_date") or ""
    return f"[{initial or ' … '}]"


def _listed(node: object) -> list[Mapping[str, object]]:
    return [each for each in node if isinstance(each, Mapping)] if isinstance(node, list) else []


def _words(node: object) -> str:
    return _clean(str(node["text"])) if isinstance(node, Mapping) else ""


def _clean(marked_up: str) -> str:
    return unescape(LINK.sub(r"\1", marked_up))
