"""What a quarter may come to, from what became of earlier ones that stood at the same point.

Of what was open then, by stage, some was won by the quarter's end, and something else came along.
How much that was of what the stages led one to expect differs from quarter to quarter; the range
is as wide as these differences make it. Each quarter's own expectation is from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import scipy

FEWEST_QUARTERS = 4
#: Four times in five it should end within the range.
UPPER_TAIL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPoint:
    """A quarter as it stood at some point, in hundredths."""

    won: int
    #: Open and due within the quarter, by stage.
    open: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuarter:
    then: QuarterPoint
    #: What was won by the end, of what was open then, by stage.
    came_of: Mapping[str, int]
    won_in_all: int

    @property
    def rest(self) -> int:
        return self.won_in_all - self.then.won


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where the quarter may end, in hundredths, as it ended four times in five."""

    won: int
    low: int
    middle: int
    high: int
    quarters: int


def forecast(now: QuarterPoint, past: Sequence[PastQuarter]) -> Outlook | None:
    """None where fewer quarters than it takes can be learned from, or nothing is open.

    The rest is to what was expected as it was in all earlier quarters together, and strays as they
    did; it strays more, the more is expected.
    """
    pairs = [(expected(each.then.open, past), each.rest) for each in past]
    known = [(hoped, rest) for hoped, rest in pairs if hoped > 0]
    hoped_now = expected(now.open, past)
    if len(known) < FEWEST_QUARTERS or hoped_now <= 0:
        return None
    in_all = sum(hoped for hoped, _ in known)
    ratio = sum(rest for _, rest in known) / in_all
    freedom = len(known) - 1
    spread = sum((rest - ratio * hoped) ** 2 / hoped for hoped, rest in known) / freedom
    strays = sqrt(spread * (hoped_now + hoped_now**2 / in_all))
    reach = float(scipy.special.stdtrit(freedom, UPPER_TAIL)) * strays
    rest = ratio * hoped_now
    return Outlook(
        won=now.won,
        low=max(now.won, told_roughly(now.won + rest - reach)),
        middle=max(now.won, told_roughly(now.won + rest)),
        high=max(now.won, told_roughly(now.won + rest + reach)),
        quarters=len(known),
    )


def told_roughly(amount: float) -> int:
    """Three digits say all that is known."""
    return int(float(f"{amount:.2e}"))


def expected(open_then: Mapping[str, int], past: Sequence[PastQuarter]) -> float:
    """What the quarters show of each stage; a stage that none of them had counts as all do."""
    had, came = _by_stage(past)
    in_all = sum(had.values())
    usual = sum(came.values()) / in_all if in_all else 0.0
    return sum(
        amount * (came.get(stage, 0) / had[stage] if had.get(stage) else usual)
        for stage, amount in open_then.items()
    )


def _by_stage(past: Sequence[PastQuarter]) -> tuple[dict[str, int], dict[str, int]]:
    had: dict[str, int] = {}
    came: dict[str, int] = {}
    for each in past:
        for stage, amount in each.then.open.items():
            had[stage] = had.get(stage, 0) + amount
            came[stage] = came.get(stage, 0) + each.came_of.get(stage, 0)
    return had, came
