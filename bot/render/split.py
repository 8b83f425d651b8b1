"""Long messages cut where Slack would refuse them; what does not fit goes into the thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.chart import Picture
from bot.domain.message import Block, Message
from bot.render.block_kit import characters, limits
from bot.render.mrkdwn import clipped
from bot.render.page import LONGEST_STAND_IN, Part

#: These introduce what follows, so no message ends with one.
LEADS = frozenset({"header", "divider"})


def message_of(parts: Sequence[Part]) -> Message:
    """The first part as the message, all that follows as its thread."""
    pieces = [
        Message(
            text=_stand_in(part.text, blocks), blocks=blocks, pictures=_shown(blocks, part.pictures)
        )
        for part in parts
        for blocks in split(part.blocks)
    ]
    first, *rest = pieces
    return replace(first, thread=tuple(rest))


def _shown(blocks: Iterable[Block], pictures: Mapping[str, Picture]) -> Mapping[str, Picture]:
    files = [block["slack_file"] for block in blocks if "slack_file" in block]
    names = [str(file["id"]) for file in files if isinstance(file, dict)]
    return {name: pictures[name] for name in names if name in pictures}


def split(blocks: Iterable[Block]) -> list[tuple[Block, ...]]:
    """At most as many blocks and characters in each piece as one message may hold."""
    bounds = limits()["surfaces"]["message"]
    pieces: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        weight = characters([block])
        here = pieces[-1]
        if here and (len(here) == bounds["blocks"] or size + weight > bounds["characters"]):
            carried = _trailing_leads(here)
            pieces.append(carried)
            size = characters(carried)
        pieces[-1].append(block)
        size += weight
    return [tuple(piece) for piece in pieces]


def _trailing_leads(piece: list[Block]) -> list[Block]:
    """Take the headers and dividers off the end of a piece, unless it holds nothing else."""
    end = len(piece)
    while end and piece[end - 1]["type"] in LEADS:
        end -= 1
    if end == 0:
        return []
    carried = piece[end:]
    del piece[end:]
    return carried


def _stand_in(text: str, blocks: Sequence[Block]) -> str:
    if text:
        return clipped(text, LONGEST_STAND_IN)
    for block in blocks:
        words = block.get("text")
        if isinstance(words, dict):
            return clipped(str(words["text"]), LONGEST_STAND_IN)
    return "…"
