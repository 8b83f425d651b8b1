"""What is said in Slack: blocks, and the text that stands in for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.chart import Picture

Block = Mapping[str, object]
#: An image block with this before its file's id shows one of the message's own pictures.
PICTURE = "picture:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Checked against Slack's limits by whoever made it (``bot.render.block_kit``).

    ``text`` is what notifications and screen readers get.
    """

    text: str
    blocks: Sequence[Block] = ()
    #: By the id that an image block names them by; see ``PICTURE``.
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    #: Further messages that belong into the thread below this one.
    thread: Sequence["Message"] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal or a Home tab, ready for ``views.open`` or ``views.publish``."""

    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Slack's proof that a message is there."""

    channel: str
    ts: str
