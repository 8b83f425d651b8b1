"""How a manager's 1:1s are spread over the reps, against an even hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.intervals import Interval, clopper_pearson_interval
from bot.coaching.manager_view import Report
from bot.coaching.rep_view import Touch

#: Fewer 1:1s, or fewer reps in between, and nothing follows.
FEWEST_TALKS = 8
FEWEST_IN_BETWEEN = 2
#: So rarely an even hand would deal them like this.
RARELY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingSpread:
    """The ends are those who do well and those who find their feet; the others are in between."""

    talks: int
    at_ends: int
    reps: int
    reps_at_ends: int
    #: The share of 1:1s with those in between, with what so few leave open.
    core: Interval
    #: How probable it is that 1:1s dealt evenly would go to the ends as often.
    p_even: float

    @property
    def share_at_ends(self) -> float:
        return self.at_ends / self.talks

    @property
    def core_reps_share(self) -> float:
        """What an even hand would give those in between."""
        return 1 - self.reps_at_ends / self.reps

    @property
    def is_uneven(self) -> bool:
        return self.p_even < RARELY


def coaching_spread(reports: Iterable[Report]) -> CoachingSpread | None:
    """None when there are too few 1:1s, or nobody is in between, or nobody at an end."""
    people = list(reports)
    ends = [each for each in people if each.touch is not Touch.USUAL]
    talks = sum(each.talks for each in people)
    if talks < FEWEST_TALKS or not ends or len(people) - len(ends) < FEWEST_IN_BETWEEN:
        return None
    at_ends = sum(each.talks for each in ends)
    return CoachingSpread(
        talks=talks,
        at_ends=at_ends,
        reps=len(people),
        reps_at_ends=len(ends),
        core=clopper_pearson_interval(talks - at_ends, talks),
        p_even=float(stats.binom.sf(at_ends - 1, talks, len(ends) / len(people))),
    )
