"""YAML documents that know their lines, so that a complaint can name the place and the remedy."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.constructor import ConstructorError, SafeConstructor

from bot.domain.errors import ConfigError, Problem

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


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
    """Read a YAML file. Raises ConfigError for a missing file, bad YAML or a doubled key."""
    file = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError([Problem(file=file, message="there is no such file")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            [Problem(file=file, message=f"not UTF-8 text: {error.reason}", hint="save it as UTF-8")]
        ) from error
    return parse_document(text, file=file)


def parse_document(text: str, *, file: str) -> Document:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = Problem(
            file=file,
            line=line,
            message=f"not valid YAML: {error.problem or error.context}",
            hint="check indentation, quotes and colons near this line",
        )
        raise ConfigError([problem]) from error
    except yaml.YAMLError as error:
        raise ConfigError([Problem(file=file, message=f"not valid YAML: {error}")]) from error
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
    except (ConstructorError, ValueError) as error:
        document.complain(place, f"cannot read this value: {error}")
        return None


def _build_mapping(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], document: Document
) -> dict[str, object]:
    content: dict[str, object] = {}
    for key_node, value_node in node.value:
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
        document.complain((), "expected keys and values", hint=f"see {model.__name__}")
        return None
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        for detail in error.errors():
            _translate(document, model, detail["type"], tuple(detail["loc"]), detail["msg"])
        return None


def raise_problems(problems: Sequence[Problem]) -> None:
    if problems:
        raise ConfigError(problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or all of them when none is near."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return "known are " + ", ".join(words) if words else ""


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
        words = message.removeprefix("Value error, ").removeprefix("Input should be ")
        prefix = "" if message.startswith("Value error") else "should be "
        where = ".".join(str(part) for part in place)
        document.complain(place, f"{where}: {prefix}{words}")


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
