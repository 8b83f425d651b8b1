"""From values to places in a card."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 600
#: Roboto's letters are about half as wide as the line is high.
LETTER_WIDTH = 0.52


@dataclass(frozen=True, slots=True)
class Scale:
    """Lays ``low`` to ``high`` out between two places."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        span = self.high - self.low
        part = (value - self.low) / span if span else 0.5
        return round(self.begin + part * (self.end - self.begin), 1)


def clipped(words: str, *, width: float, size: float) -> str:
    """The words, cut where ``width`` ends at a letter height of ``size``."""
    most = max(int(width / (size * LETTER_WIDTH)), 1)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g},{y:g}" for x, y in points)
