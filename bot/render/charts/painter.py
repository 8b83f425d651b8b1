"""Pictures drawn in a process of their own: drawing one holds up every other thread of its process.

``python -m bot.render.charts.painter`` takes drawings and gives pictures until its input ends, each
with its length in four bytes before it; no length at all says that it was no drawing.
"""

import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import IO

import structlog

from bot.render.charts.raster import png

#: Answers come first, where there are few processors.
NICENESS = 5
LENGTH_BYTES = 4
TRIES = 2

log = structlog.get_logger()


class Painter:
    """Called with SVG, gives PNG. Begins its process at the first call, and ends with ours.

    Draws by itself where no process can be had.
    """

    def __init__(self, *, python: str = sys.executable) -> None:
        self._python = python
        self._lock = Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._ending: Callable[[], object] | None = None

    def __call__(self, svg: str) -> bytes:
        """Raises ValueError for what is no SVG."""
        with self._lock:
            for _ in range(TRIES):
                try:
                    painted = self._ask(svg)
                except OSError as error:
                    log.warning("painter.lost", error=str(error))
                    self._end()
                else:
                    if not painted:
                        raise ValueError("this is no drawing")
                    return painted
        return png(svg)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _ask(self, svg: str) -> bytes:
        if self.process is None:
            words = [self._python, "-m", "bot.render.charts.painter"]
            # A session of its own, so that Ctrl-C is for us alone: it ends when its input does.
            self.process = subprocess.Popen(  # noqa: S603 - ours
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
            self._ending = weakref.finalize(self, _ended, self.process)
        into, out = self.process.stdin, self.process.stdout
        if into is None or out is None:
            raise BrokenPipeError("no pipe")
        _write(into, svg.encode())
        painted = _read(out)
        if painted is None:
            raise BrokenPipeError("the painter ended")
        return painted

    def _end(self) -> None:
        self.process = None
        if self._ending is not None:
            self._ending()


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # What it was not given any more is of no use.
            with suppress(OSError):
                pipe.close()


def main() -> None:
    os.nice(NICENESS)
    while (svg := _read(sys.stdin.buffer)) is not None:
        try:
            painted = png(svg.decode())
        except ValueError:
            painted = b""
        _write(sys.stdout.buffer, painted)


def _write(pipe: IO[bytes], what: bytes) -> None:
    pipe.write(len(what).to_bytes(LENGTH_BYTES, "big") + what)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """None at the end."""
    length = pipe.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "big")
    what = pipe.read(size)
    return what if len(what) == size else None


if __name__ == "__main__":
    main()
