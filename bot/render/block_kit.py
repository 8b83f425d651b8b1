"""Slack's limits, checked before Slack refuses; the numbers live in block_kit_limits.json."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.message import Block, Message, View
from bot.render.errors import BreaksBlockKit

LIMITS_FILE = Path(__file__).with_name("block_kit_limits.json")
#: Objects whose kind is not written inside them.
UNMARKED = frozenset({"option", "confirm", "slack_file"})

Json = Any  #: What ``json.loads`` gives.


@cache
def limits() -> Mapping[str, Json]:
    loaded: Mapping[str, Json] = json.loads(LIMITS_FILE.read_text(encoding="utf-8"))
    return loaded


def check(said: Message | View) -> None:
    """Raise BreaksBlockKit with a pointer to the first place that Slack would refuse."""
    if isinstance(said, View):
        _check_view(said.payload)
        return
    _check_length("/text", said.text, limits()["message"]["text"])
    _check_blocks("/blocks", list(said.blocks), "message")
    for number, part in enumerate(said.thread):
        try:
            check(part)
        except BreaksBlockKit as error:
            raise BreaksBlockKit(f"/thread/{number}{error.pointer}", str(error)) from error


def characters(blocks: Sequence[Block]) -> int:
    """How many characters of text the blocks hold, as Slack counts towards a message's limit."""
    return sum(len(words) for block in blocks for words in _texts(block))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if isinstance(value, str) and key != "type":
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)


def _check_view(view: Mapping[str, object]) -> None:
    surface = view.get("type")
    if surface not in {"modal", "home"}:
        raise BreaksBlockKit("/type", f"'{surface}' is not a view")
    for key, longest in limits()["view"].items():
        value = view.get(key)
        if isinstance(value, str):
            if len(value) > longest:
                raise BreaksBlockKit(f"/{key}", f"longer than {longest} characters")
        elif value is not None:
            _check_plain(f"/{key}", value, longest)
    if surface == "modal" and "title" not in view:
        raise BreaksBlockKit("/title", "a modal needs a title")
    blocks = view.get("blocks")
    _check_blocks("/blocks", blocks if isinstance(blocks, list) else [], str(surface))
    takes_input = any(block.get("type") == "input" for block in view.get("blocks", ()))  # type: ignore[attr-defined]  # checked two lines above
    if surface == "modal" and takes_input and "submit" not in view:
        raise BreaksBlockKit("/submit", "a modal with inputs needs a submit button")
    if len(json.dumps(view).encode()) > limits()["surfaces"][surface]["bytes"]:
        raise BreaksBlockKit("", "the view is too large")


def _check_blocks(pointer: str, blocks: Sequence[Block], surface: str) -> None:
    bounds = limits()["surfaces"][surface]
    if len(blocks) > bounds["blocks"]:
        raise BreaksBlockKit(pointer, f"more than {bounds['blocks']} blocks")
    if characters(blocks) > bounds.get("characters", bounds.get("bytes")):
        raise BreaksBlockKit(pointer, "more text than one message may hold")
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(named) != len(set(named)):
        raise BreaksBlockKit(pointer, "two blocks bear the same block_id")
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        _check_one(here, block, bounds["kinds"])
        _check_action_ids(here, block)


def _check_action_ids(pointer: str, block: Block) -> None:
    elements = block.get("elements")
    if not isinstance(elements, list) or block.get("type") != "actions":
        return
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        raise BreaksBlockKit(f"{pointer}/elements", "two elements bear the same action_id")


def _check_one(pointer: str, node: object, kinds: Sequence[str]) -> None:
    if not isinstance(node, Mapping):
        raise BreaksBlockKit(pointer, "expected an object")
    kind = kinds[0] if set(kinds) <= UNMARKED else node.get("type")
    if kind not in kinds:
        raise BreaksBlockKit(f"{pointer}/type", f"'{kind}' may not stand here")
    rule = limits()["objects"][kind]
    for key in rule.get("required", ()):
        if key not in node:
            raise BreaksBlockKit(pointer, f"a {kind} needs '{key}'")
    if "some_of" in rule and not any(key in node for key in rule["some_of"]):
        raise BreaksBlockKit(pointer, f"a {kind} needs one of {rule['some_of']}")
    if "one_of" in rule and sum(key in node for key in rule["one_of"]) != 1:
        raise BreaksBlockKit(pointer, f"a {kind} needs exactly one of {rule['one_of']}")
    for key, value in node.items():
        if key == "type" and kind not in UNMARKED:
            continue
        if key not in rule["keys"]:
            raise BreaksBlockKit(f"{pointer}/{key}", f"a {kind} has no '{key}'")
        _check_value(f"{pointer}/{key}", value, rule["keys"][key])


def _check_value(pointer: str, value: object, wanted: Mapping[str, Json]) -> None:
    [(name, bound)] = [pair for pair in wanted.items() if pair[0] != "of"]
    if name == "list":
        _check_list(pointer, value, bound, wanted["of"])
    else:
        CHECKS[name](pointer, value, bound)


def _check_list(pointer: str, value: object, bound: list[int], of: Mapping[str, Json]) -> None:
    fewest, most = bound
    if not isinstance(value, list) or not fewest <= len(value) <= most:
        raise BreaksBlockKit(pointer, f"takes {fewest} to {most} of them")
    for index, element in enumerate(value):
        _check_value(f"{pointer}/{index}", element, of)


def _check_length(pointer: str, value: object, longest: int) -> None:
    if not isinstance(value, str):
        raise BreaksBlockKit(pointer, "expected text")
    if not 1 <= len(value) <= longest:
        raise BreaksBlockKit(pointer, f"must have 1 to {longest} characters")


def _check_text(pointer: str, value: object, longest: int) -> None:
    _check_one(pointer, value, ("mrkdwn", "plain_text"))
    _check_length(f"{pointer}/text", value["text"], longest)  # type: ignore[index]  # checked above


def _check_plain(pointer: str, value: object, longest: int) -> None:
    _check_one(pointer, value, ("plain_text",))
    _check_length(f"{pointer}/text", value["text"], longest)  # type: ignore[index]  # checked above


def _check_flag(pointer: str, value: object, _bound: object) -> None:
    if not isinstance(value, bool):
        raise BreaksBlockKit(pointer, "expected true or false")


def _check_number(pointer: str, value: object, bound: list[int]) -> None:
    if not isinstance(value, int) or not bound[0] <= value <= bound[1]:
        raise BreaksBlockKit(pointer, f"expected a number from {bound[0]} to {bound[1]}")


def _check_word(pointer: str, value: object, words: list[str]) -> None:
    if value not in words:
        raise BreaksBlockKit(pointer, f"expected one of {words}")


CHECKS: Mapping[str, Callable[[str, object, Json], None]] = {
    "string": _check_length,
    "text": _check_text,
    "plain": _check_plain,
    "one": _check_one,
    "flag": _check_flag,
    "number": _check_number,
    "word": _check_word,
}
