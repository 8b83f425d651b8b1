"""Whether new hires went faster under one version of a programme than under another; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.metrics.log_rank import LogRank, Pace, events_to_see, log_rank, pace_of
from bot.metrics.survival import Wait

#: With fewer people a curve is an anecdote.
FEWEST = 5
#: So rarely does chance alone make a difference that is then called real.
RARE = 0.05
#: What would be worth seeing: things happening twice as fast.
WORTH_SEEING = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The first group against the second; what it does not know is None."""

    #: What the groups are called, the first one first.
    names: tuple[str, str]
    people: tuple[int, int]
    happened: tuple[int, int]
    test: LogRank | None
    pace: Pace | None
    #: How many more people the smaller group needs before anything is compared.
    lacks: int
    #: How many must have happened in all to see a doubling in four cases of five.
    events_wanted: int

    @property
    def verdict(self) -> str:
        """Too few · not told · faster · slower."""
        if self.lacks or self.test is None:
            return "too few"
        if self.test.p >= RARE:
            return "not told"
        return "faster" if self.test.excess > 0 else "slower"


def compare(first: Sequence[Wait], second: Sequence[Wait], *, names: tuple[str, str]) -> Comparison:
    people = (len(first), len(second))
    happened = (
        sum(wait.has_happened for wait in first),
        sum(wait.has_happened for wait in second),
    )
    lacks = max(0, FEWEST - min(people))
    share = min(max(people[0] / (sum(people) or 1), 0.1), 0.9)
    return Comparison(
        names=names,
        people=people,
        happened=happened,
        test=None if lacks else log_rank(first, second),
        pace=None if lacks else pace_of(first, second),
        lacks=lacks,
        events_wanted=events_to_see(WORTH_SEEING, share=share),
    )
