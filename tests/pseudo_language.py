"""A language that nobody speaks, made of files as a team would write them, in place of all ours.

Its words are ours in Greek letters, so whatever stays in Latin ones could not be translated.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path

import yaml
from jinja2 import Environment
from pydantic import BaseModel

from bot.domain.message import Message, View
from bot.render.environment import OURS
from bot.render.mrkdwn import BREAKER
from bot.render.words import ENGLISH

LOCALE = "el_GR"
#: What Page and the charts say by themselves.
BESIDE_TEMPLATES = (
    "Choose",
    "Close",
    "bar: the middle of the team",
    "dot: one rep",
    "range",
    "range {range}",
    "Range: {range}.",
    "green: what luck alone would do",
    "all {share}",
    "{title}, {weeks} weeks: now {told}; lowest in the week of {low}, highest in that of {high}.",
    "{title}: nothing measured yet.",
    "{label}: middle {told}.",
    "{label}: middle {told}; {within} within the range, {below} below, {above} above.",
    "All together {share}; of {all}, none differs by more than luck would.",
    "All together {share}; of {all}, {some} outside of luck.",
    "{label}: {share} by {last} {axis}, half by {half}.",
    "{label}: {share} by {last} {axis}, half not reached.",
    "{bar}: {n}.",
    "{count} in place",
    "{count} on the way",
    "{count} to do",
    "{count} unknown",
    "Nobody yet.",
    "in place",
    "on the way",
    "to do",
    "unknown",
)
#: What a person types, where something lies and how Slack marks it up are no words.
NO_WORDS = re.compile(r"`[^`\n]*`|&\w+;|<https?://[^|>]*\|?|https?://\S+|/[a-z][a-z-]+|\\n")
#: Names and records of the office and of the examples.
NAMES = re.compile(
    r"Kim|Sam|Maria(?:'s (?:\*East\* )?team)?|Lee|Wong|S\w+ren|O'Neill|Ada|Ben|Berg|Reyes|Lopez|"
    r"Park|Goldberg|Acme|Globex|Initech|Sons|S\w+hne|Bolt|channel|renewal|rollout|platform|pilot|"
    r"Demo with|Security review|Introduce Dana to our security team at"
)
WORD = re.compile("[A-Za-z]{2}")
DRAWN = re.compile(r"<text[^>]*>([^<>]+)</text>")
LATIN = re.compile(r"[A-Za-z]")
PLACES = re.compile(r"(\{\w+\})")
SPACES = frozenset({"whitespace"})


def translated(words: str) -> str:
    """The same length, and no Latin letter in it but in what is no word."""
    kept = [(match.start(), match.end()) for match in NO_WORDS.finditer(words)]
    return "".join(
        letter if any(start <= at < end for start, end in kept) else _greek(letter)
        for at, letter in enumerate(words)
    )


def _with_places(words: str) -> str:
    return "".join(
        each if each.startswith("{") else translated(each) for each in PLACES.split(words)
    )


def _greek(letter: str) -> str:
    return LATIN.sub("Ω" if letter.isupper() else "ω", letter)


def write_language(wording: Path, views: Iterable[object]) -> None:
    """``views`` are what templates are given: the program's own words are in them."""
    folder = wording / LOCALE
    phrases = {words for view in views for words in _words_in(view)}
    for path in OURS.rglob("*.j2"):
        source = path.read_text(encoding="utf-8")
        literals = {value[1:-1] for _, kind, value in _tokens(source) if kind == "string"}
        phrases |= literals | {f"{each}s" for each in literals}
        own = folder / path.relative_to(OURS)
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(_template(source), encoding="utf-8")
    phrases |= set(BESIDE_TEMPLATES)
    told = {words: _with_places(words) for words in sorted(phrases) if LATIN.search(words)}
    for name, lines in (
        ("phrases", told),
        ("words", {key: translated(words) for key, words in ENGLISH.items()}),
    ):
        written = yaml.safe_dump(lines, allow_unicode=True, width=10_000)
        (folder / f"{name}.yaml").write_text(written, encoding="utf-8")


def _tokens(source: str) -> list[tuple[int, str, str]]:
    return list(Environment(trim_blocks=False).lexer.tokeniter(source, None))  # noqa: S701 -- read, not rendered


def _template(source: str) -> str:
    """Words between the tags, and those in them that are put together with others there."""
    told = [(kind, value) for _, kind, value in _tokens(source)]
    solid = [at for at, (kind, _) in enumerate(told) if kind not in SPACES]
    made, is_typed = [], False
    for at, (kind, value) in enumerate(told):
        place = solid.index(at) if at in solid else -1
        around = {told[solid[each]][1] for each in (place - 1, place + 1) if 0 <= each < len(solid)}
        is_shown = kind == "string" and "~" in around
        if kind == "data":
            pieces = value.split("`")
            for piece_at, piece in enumerate(pieces):
                made.append(piece if is_typed else translated(piece))
                if piece_at < len(pieces) - 1:
                    made.append("`")
                    is_typed = not is_typed
        else:
            made.append(translated(value) if is_shown else value)
    return "".join(made)


def _words_in(told: object) -> Iterator[str]:
    if isinstance(told, BaseModel):
        told = told.model_dump()
    if isinstance(told, Enum) and isinstance(told, str):
        yield str(told.value)
    elif isinstance(told, str):
        yield str(told)
    elif isinstance(told, Mapping):
        for each in (*told.keys(), *told.values()):
            yield from _words_in(each)
    elif isinstance(told, list | tuple | set | frozenset):
        for each in told:
            yield from _words_in(each)
    elif dataclasses.is_dataclass(told) and not isinstance(told, type):
        worked_out = [name for name, each in vars(type(told)).items() if isinstance(each, property)]
        for name in (*(field.name for field in dataclasses.fields(told)), *worked_out):
            yield from _words_in(getattr(told, name))


def left_in_english(said: Message | View) -> list[str]:
    """Whatever is shown in Latin letters, but names and records that come from a CRM."""
    texts = (NAMES.sub("", NO_WORDS.sub(" ", text.replace(BREAKER, ""))) for text in _shown(said))
    return [text for text in texts if WORD.search(text)]


def _shown(said: Message | View) -> Iterator[str]:
    """Every text that Slack shows, and the words that are drawn."""
    if isinstance(said, View):
        yield from _texts(said.payload)
        return
    for part in (said, *said.thread):
        yield part.text
        yield from _texts(part.blocks)
        for picture in part.pictures.values():
            yield picture.alt
            yield from DRAWN.findall(picture.svg)


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in {"text", "alt_text"} and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _texts(each)
