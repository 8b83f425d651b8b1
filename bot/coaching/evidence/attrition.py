"""How many leave, for each person who is there for a year."""

from bot.coaching.evidence.intervals import Interval, poisson_interval

#: Fewer years of people, and nothing follows.
FEWEST_PERSON_YEARS = 3.0


def attrition(leavers: int, person_years: float) -> Interval | None:
    """The yearly rate with its exact Poisson interval; None with too little time."""
    if person_years < FEWEST_PERSON_YEARS:
        return None
    return poisson_interval(leavers, exposure=person_years)
