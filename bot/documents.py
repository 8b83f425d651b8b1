"""YAML documents that know their lines, so that a complaint can name the place and the remedy."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.reader import ReaderError

from bot.document_words import HINTS, SHAPES, WORDS
from bot.domain.errors import ConfigError, Problem

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
#: So many brackets within one another do not yet exhaust the stack.
LONGEST_BY_LIBYAML = 8000
ROUGHLY = "check indentation, quotes and colons near this line"

#: Of what is known, so many are named where none is near.
MOST_NAMED = 20


@dataclass(slots=True, kw_only=True)
class Document:
    """A file's content with the line of each of its places; collects complaints about it."""

    file: str
    content: object
    lines: Mapping[Place, int]
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest place around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None

    def complain(self, place: Place, message: str, *, hint: str = "") -> None:
        self.problems.append(
            Problem(file=self.file, line=self.line_of(place), message=message, hint=hint)
        )


def load_document(path: Path, *, name: str | None = None) -> Document:
    """Read a YAML file. Raises ConfigError for a file that cannot be read, or bad YAML."""
    file = name or str(path)
    return parse_document(read_text(path, file=file), file=file)


def read_text(path: Path, *, file: str) -> str:
    """Raises ConfigError for a file that is missing, may not be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([Problem(file=file, message="there is no such file")]) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(file=file, message=message)]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"not UTF-8 text: {error.reason}"
        problem = Problem(file=file, line=line, message=message, hint="save it as UTF-8")
        raise ConfigError([problem]) from error


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can stand for millions of values, or for none."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # stubs lack it
            raise ComposerError(None, None, "aliases (*name) are not read; write it out", mark)
        return super().compose_node(parent, index)


def parse_document(text: str, *, file: str) -> Document:
    """Raises ConfigError for bad YAML; whatever is wrong with a value is kept as a complaint."""
    try:
        return _parse(text, file)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        message = f"not valid YAML: {error.problem or error.context}"
        problem = Problem(file=file, line=line, message=message, hint=ROUGHLY)
        raise ConfigError([problem]) from error
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        message = f"not valid YAML: {error.reason}"
        raise ConfigError([Problem(file=file, line=line, message=message)]) from error
    except RecursionError as error:
        raise ConfigError([Problem(file=file, message="nested too deeply")]) from error


def _compose(text: str) -> yaml.Node | None:
    """As ``_PlainLoader`` reads it; by libyaml, ten times as fast, where that gives the same.

    It cannot refuse aliases, words its complaints otherwise, and knows no end to depth.
    """
    if "*" not in text and len(text) <= LONGEST_BY_LIBYAML and yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=_PlainLoader)


def _parse(text: str, file: str) -> Document:
    node = _compose(text)
    lines: dict[Place, int] = {(): 1}
    document = Document(file=file, content=None, lines=lines)
    if node is not None:
        document.content = _build(node, (), lines, document)
    return document


def _build(node: yaml.Node, place: Place, lines: dict[Place, int], document: Document) -> object:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, place, lines, document)
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(child, (*place, index), lines, document)
            for index, child in enumerate(node.value)
        ]
    try:
        return SafeConstructor().construct_object(node)
    except ConstructorError as error:
        document.complain(place, f"cannot read this value: {error.problem}")
    except (ValueError, KeyError, AttributeError):
        # What PyYAML stumbles over differs by tag: a date of the 31st of February, `!!bool maybe`.
        document.complain(place, f"cannot read this value: '{node.value}'")
    return None


def _build_mapping(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], document: Document
) -> dict[str, object]:
    content: dict[str, object] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            here = (*place, "")
            lines[here] = key_node.start_mark.line + 1
            document.complain(here, "a key is one word, not a list or a mapping")
            continue
        # The word as it stands: YAML would read the keys `off`, `on`, `yes` and `no` as booleans.
        key = str(key_node.value)
        here = (*place, key)
        lines[here] = key_node.start_mark.line + 1
        if key in content:
            document.complain(here, f"'{key}' stands here twice", hint="keep one of them")
        content[key] = _build(value_node, here, lines, document)
    return content


def check(document: Document, model: type[Model]) -> Model | None:
    """The content as ``model``, or None with all complaints in ``document.problems``."""
    if not isinstance(document.content, dict):
        known = ", ".join(each.alias or name for name, each in model.model_fields.items())
        document.complain((), "expected keys and values", hint=f"known are {known}")
        return None
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        for detail in error.errors():
            _translate(document, model, detail["type"], tuple(detail["loc"]), detail["msg"])
        return None


def check_fields(document: Document, model: type[Model], *names: str) -> Model | None:
    """These fields alone, of a document that ``check`` refused; None when one of them is wrong.

    What else ought to be there is not, so that a mistake in one place hides none in another.
    """
    content = document.content if isinstance(document.content, dict) else {}
    found: dict[str, Any] = {}
    for name in names:
        each = model.model_fields[name]
        shape: TypeAdapter[Any] = TypeAdapter(each.annotation or object)
        try:
            kept = shape.validate_python(content.get(each.alias or name))
        except ValidationError:
            return None
        found[name] = kept
    return model.model_construct(**found)


def places_at(document: Document, *pattern: str) -> Iterator[tuple[Place, object]]:
    """Every value at ``pattern``, whose ``*`` stands for any key or number."""
    found: list[tuple[Place, object]] = [((), document.content)]
    for part in pattern:
        found = [
            ((*place, key), value)
            for place, content in found
            for key, value in _children(content)
            if part in {"*", key}
        ]
    yield from found


def _children(content: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(content, dict):
        return content.items()
    return enumerate(content) if isinstance(content, list) else ()


def raise_problems(problems: Sequence[Problem]) -> None:
    if problems:
        raise ConfigError(problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or all of them when none is near."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    more = [f"and {len(words) - MOST_NAMED} more"] if len(words) > MOST_NAMED else []
    return "known are " + ", ".join([*words[:MOST_NAMED], *more]) if words else ""


def _translate(
    document: Document, model: type[BaseModel], kind: str, place: Place, message: str
) -> None:
    name = str(place[-1]) if place else ""
    if kind == "extra_forbidden":
        known = _fields_at(model, place[:-1])
        document.complain(place, f"unknown key '{name}'", hint=did_you_mean(name, known))
    elif kind == "missing":
        document.complain(place, f"'{name}' is missing", hint=f"add `{name}:`")
    else:
        said = (_sentence(message), HINTS.get(kind, ""))
        shape = SHAPES.get(message.rpartition(" ")[2], said)
        words, hint = WORDS.get(kind, shape)
        where = ".".join(str(part) for part in place)
        document.complain(place, f"{where}: {words}", hint=hint)


def _sentence(message: str) -> str:
    """Pydantic's own words in our voice."""
    words = message.removeprefix("Value error, ")
    return re.sub(r"^\w+ should ", "should ", words) if words == message else words


def _fields_at(model: type[BaseModel], place: Place) -> list[str]:
    """The field names allowed at a place inside a nested model."""
    here: object = model
    for part in place:
        if isinstance(here, type) and issubclass(here, BaseModel) and part in here.model_fields:
            here = _nested_model(here.model_fields[str(part)].annotation)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [each.alias or name for name, each in here.model_fields.items()]
    return []


def _nested_model(annotation: object) -> object:
    """The model inside ``Model``, ``list[Model]``, ``dict[str, Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _nested_model(inner)
        if isinstance(found, type):
            return found
    return None


def check_keys(document: Document, pattern: str, what: str, example: str) -> None:
    """Complain about keys that are no plain words, or too long for buttons and forms."""
    for place, _ in places_at(document, *pattern.split(".")):
        name = str(place[-1])
        if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) is None:
            hint = f"write it in small letters, 40 at most, such as {example}"
            document.complain(place, f"'{name[:60]}' is no key for a {what}", hint=hint)
