import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from integrations.sandbox.slack.state.values import Json

#: Where an "image" is a block of its own and where it stands inside another block.
IMAGE_ELEMENT = "image_element"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The tables of ``grammar.json``: every shape, its keys and limits, and where it may stand."""

    surfaces: Json
    element_surfaces: Json
    once_per_payload: Json
    totals: Json
    blocks: Json
    elements: Json
    objects: Json
    views: Json

    def shape(self, name: str) -> Json:
        """The shape of an element, object or block, in that order of preference."""
        if name == "image":
            name = IMAGE_ELEMENT
        found: Json = self.elements.get(name) or self.objects.get(name) or self.blocks[name]
        return found


@cache
def grammar() -> Grammar:
    text = files(__package__).joinpath("grammar.json").read_text(encoding="utf-8")
    return Grammar(**json.loads(text))
