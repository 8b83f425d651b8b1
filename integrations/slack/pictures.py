"""Pictures put up to Slack, so that the blocks of a message can show them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock

import structlog
from slack_sdk import WebClient

from bot.domain.chart import Picture
from bot.domain.errors import CoachingError, PermanentError
from bot.domain.message import PICTURE, Block, Message
from integrations.slack.errors import translated

log = structlog.get_logger()


#: Drawings whose files are remembered.
MOST_KNOWN = 1000


class Pictures:
    """``draw`` makes PNG of SVG. Whatever cannot be shown is left out: the words say the same.

    The same drawing is put up once, since drawing it takes longer than all the rest of an answer.
    """

    def __init__(self, client: WebClient, draw: Callable[[str], bytes]) -> None:
        self._client = client
        self._draw = draw
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = Lock()

    def put_up(self, message: Message) -> Message:
        """The same message, its pictures being files of Slack's."""
        files = {name: self._file(picture) for name, picture in message.pictures.items()}
        return replace(
            message,
            blocks=tuple(_shown(message.blocks, files)),
            pictures={},
            thread=tuple(self.put_up(part) for part in message.thread),
        )

    def forget(self) -> None:
        """Slack did not take a file: somebody may have deleted it."""
        with self._lock:
            self._known.clear()

    def _file(self, picture: Picture) -> str | None:
        key = (picture.svg, picture.alt)
        with self._lock:
            known = self._known.get(key)
        file = known or self._put(picture)
        if file is not None:
            with self._lock:
                self._known[key] = file
                self._known.move_to_end(key)
                while len(self._known) > MOST_KNOWN:
                    self._known.popitem(last=False)
        return file

    def _put(self, picture: Picture) -> str | None:
        try:
            with translated():
                reply = self._client.files_upload_v2(
                    filename="chart.png",
                    title="Chart",
                    content=self._draw(picture.svg),
                    alt_txt=picture.alt,
                )
                files = reply.get("files") or []
                if not files:
                    raise PermanentError("Slack named no file")
                return str(files[0]["id"])
        except (CoachingError, ValueError) as error:
            log.warning("picture.left_out", error=str(error))
            return None


def _shown(blocks: Sequence[Block], files: Mapping[str, str | None]) -> list[Block]:
    shown: list[Block] = []
    for block in blocks:
        name = picture_of(block)
        if name is None:
            shown.append(block)
        elif file := files.get(name):
            shown.append({**block, "slack_file": {"id": file}})
    return shown


def picture_of(block: Block) -> str | None:
    """Which of the message's own pictures the block shows."""
    file = block.get("slack_file")
    name = str(file.get("id")) if isinstance(file, Mapping) else ""
    return name if name.startswith(PICTURE) else None
