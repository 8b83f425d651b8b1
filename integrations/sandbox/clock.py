"""A clock that can be wound, shared by every process of a demo through one small file."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def wall_clock() -> datetime:
    return datetime.now(UTC)


class SandboxClock:
    """Sandbox time: wall time plus whatever it was wound by, or a frozen instant.

    Without a file the state lives in this object. With a file, every process that was given the
    same path tells the same time; a winding in one is seen by all at their next ``now()``.
    Instants are aware UTC. Time never runs backwards: winding takes a non-negative span.
    """

    def __init__(
        self,
        file: Path | None = None,
        *,
        starts_at: datetime | None = None,
        frozen: bool = False,
        wall: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._file = file
        self._wall = wall
        self._anchor_wall = wall()
        self._anchor = starts_at or self._anchor_wall
        self._frozen = frozen
        self._seen: tuple[int, int] | None = None
        if file is not None and not file.exists():
            self._write()

    def now(self) -> datetime:
        """The sandbox's present instant, aware UTC."""
        self._read()
        if self._frozen:
            return self._anchor
        return self._anchor + (self._wall() - self._anchor_wall)

    def wind(self, span: timedelta) -> datetime:
        """Move time forward by ``span`` and return the new now. Raises ValueError when negative."""
        if span < timedelta(0):
            raise ValueError("the sandbox clock cannot be wound back")
        now = self.now() + span
        self._anchor, self._anchor_wall = now, self._wall()
        self._write()
        return now

    def wind_to(self, instant: datetime) -> datetime:
        """Move time forward to ``instant`` (aware). Raises ValueError when it lies in the past."""
        return self.wind(instant - self.now())

    def _read(self) -> None:
        if self._file is None:
            return
        stat = self._file.stat()
        seen = (stat.st_mtime_ns, stat.st_ino)
        if seen == self._seen:
            return
        state = json.loads(self._file.read_text(encoding="utf-8"))
        self._anchor = datetime.fromisoformat(state["sandbox"])
        self._anchor_wall = datetime.fromisoformat(state["wall"])
        self._frozen = bool(state["frozen"])
        self._seen = seen

    def _write(self) -> None:
        if self._file is None:
            return
        state = {
            "sandbox": self._anchor.isoformat(),
            "wall": self._anchor_wall.isoformat(),
            "frozen": self._frozen,
        }
        # Written beside and renamed, so that a reader never sees half a file.
        draft = self._file.with_name(self._file.name + ".new")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self._file)
