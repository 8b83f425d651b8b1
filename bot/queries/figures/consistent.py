"""Whether the reps of a team sell alike, or luck would make them look as different."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.coaching.evidence.attrition import FEWEST_PERSON_YEARS, attrition
from bot.coaching.evidence.dispersion import (
    FEWEST_DEALS,
    FEWEST_FOR_BOOTSTRAP,
    FEWEST_REPS,
    Dispersion,
    dispersion,
    share_reaching,
)
from bot.queries.figures.figure import Figure, Section, unknown, would_fit
from bot.queries.manager_look import ManagerLook
from bot.queries.stays import read_stays
from bot.queries.team_results import WonDeal

MARKS = (0.8, 1.0)
YEAR = timedelta(days=365)


def consistent(look: ManagerLook, deals: Sequence[WonDeal]) -> Iterator[Figure]:
    yield from _attained(look)
    yield from _spread(look, deals)
    yield _leavers(look)


def _attained(look: ManagerLook) -> Iterator[Figure]:
    reached = [each.share for each in look.attainments]
    for mark in MARKS:
        key, title = (
            f"reached_{mark:.0%}".rstrip("%"),
            f"Reps at {look.share(mark)} of quota or more",
        )
        means = (
            "Of the reps with a quota who were there for half of the quarter, those who won at "
            "least this share of it; exact interval of a share."
        )
        if len(reached) < FEWEST_REPS:
            why = f"{look.count(len(reached), 'rep')} with a quota, it takes {FEWEST_REPS}"
            yield unknown(key, Section.CONSISTENT, title, why, means)
            continue
        found = share_reaching(reached, mark)
        count = sum(value >= mark for value in reached)
        yield Figure(
            key=key,
            section=Section.CONSISTENT,
            title=title,
            told=f"{count} of {len(reached)}",
            verdict=f"With so few, {would_fit(look, found)}.",
            means=means,
            rests_on=f"{look.count(len(reached), 'rep')}; /metric quota_attainment",
        )


def _spread(look: ManagerLook, deals: Sequence[WonDeal]) -> Iterator[Figure]:
    means = (
        "The standard deviation of attainment in points of quota (exact interval of a normal "
        "sample), and Gini's coefficient: 0 where all are alike, 1 where one has it all."
    )
    by_chance = (
        "Had every rep the same chances for their quota: as many deals as the team won, of the "
        "sizes it won, dealt at random in proportion to quotas, four thousand times."
    )
    found = dispersion(
        [each.share for each in look.attainments],
        [each.quota_cents for each in look.attainments],
        [deal.amount_cents for deal in deals],
        rng=look.chance(),
    )
    if found is None:
        why = f"{look.count(len(look.attainments), 'rep')} with a quota, it takes {FEWEST_REPS}"
        yield unknown("spread", Section.CONSISTENT, "Spread of attainment", why, means)
        yield unknown("by_chance", Section.CONSISTENT, "By chance alone", why, by_chance)
        return
    yield Figure(
        key="spread",
        section=Section.CONSISTENT,
        title="Spread of attainment",
        told=f"{points(found.spread.estimate)} points, Gini {found.gini:.2f}",
        verdict=_how_sure(found),
        means=means,
        rests_on=f"{look.count(found.reps, 'rep')}; /metric quota_attainment",
    )
    yield _chance(look, found, len(deals), by_chance)


def _how_sure(found: Dispersion) -> str:
    low, high = points(found.spread.low), points(found.spread.high)
    words = f"{low} to {high} points would fit"
    if found.gini_interval is None:
        return f"{words}; Gini has no interval below {FEWEST_FOR_BOOTSTRAP} reps."
    return f"{words}, Gini {found.gini_interval.low:.2f} to {found.gini_interval.high:.2f}."


def _chance(look: ManagerLook, found: Dispersion, deals: int, means: str) -> Figure:
    chance, title = found.by_chance, "By chance alone"
    if chance is None:
        why = f"{look.count(deals, 'deal')} won, it takes {FEWEST_DEALS}"
        return unknown("by_chance", Section.CONSISTENT, title, why, means)
    return Figure(
        key="by_chance",
        section=Section.CONSISTENT,
        title=title,
        told=f"{points(chance.low)} to {points(chance.high)} points",
        verdict=(
            "Luck with few deals explains the spread: no difference between the reps is shown."
            if chance.explains_it
            else "The reps lie further apart than luck makes equal reps: something differs."
        ),
        means=means,
        rests_on=f"{look.count(deals, 'won deal')} of {look.count(found.reps, 'rep')}",
    )


def points(share: float) -> str:
    return f"{100 * share:.0f}"


def _leavers(look: ManagerLook) -> Figure:
    title = "Who left within a year"
    means = "Reps who left the company from the team, for each year that a rep was in it."
    stays = read_stays(look.roster, look.team, since=look.today - YEAR, until=look.today)
    found = attrition(stays.leavers, stays.person_years)
    if found is None:
        why = f"{stays.person_years:.1f} years of reps, it takes {FEWEST_PERSON_YEARS:.0f}"
        return unknown("leavers", Section.CONSISTENT, title, why, means)
    return Figure(
        key="leavers",
        section=Section.CONSISTENT,
        title=title,
        told=f"{stays.leavers or 'nobody'} ({look.share(found.estimate)} a year)",
        verdict=f"{would_fit(look, found)}; ask why, whatever the rate."
        if stays.leavers
        else f"{would_fit(look, found)}.",
        means=means,
        rests_on=f"{stays.person_years:.1f} years of {look.count(stays.reps, 'rep')}",
    )
