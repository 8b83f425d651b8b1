"""What was given up for what was won, as far as the CRM lets one see it."""

from collections.abc import Iterator, Sequence

from bot.coaching.evidence.dispersion import FEWEST_DEALS
from bot.coaching.evidence.intervals import bootstrap_ratio
from bot.queries.figures.figure import Figure, Section, unknown, would_fit
from bot.queries.figures.prices import prices
from bot.queries.manager_look import ManagerLook
from bot.queries.team_results import WonDeal, read_given_up


def profitable(look: ManagerLook, deals: Sequence[WonDeal]) -> Iterator[Figure]:
    yield _given_up(look)
    yield from prices(look, deals)


def _given_up(look: ManagerLook) -> Figure:
    title = "Amount given up on won deals"
    means = (
        "What won deals became smaller by, from their first amount to the one they were won at, as "
        "a share of the first; no discount, but what there is to see of one. Drawing deals anew."
    )
    pairs = read_given_up(look.session, look.team, look.quarter, look.moment)
    found = bootstrap_ratio(
        [max(first - last, 0) for first, last in pairs],
        [first for first, _ in pairs],
        rng=look.chance(),
    )
    if len(pairs) < FEWEST_DEALS or found is None:
        why = f"{look.count(len(pairs), 'won deal')} with a first amount, it takes {FEWEST_DEALS}"
        return unknown("given_up", Section.PROFITABLE, title, why, means)
    return Figure(
        key="given_up",
        section=Section.PROFITABLE,
        title=title,
        told=look.share(found.estimate),
        verdict=f"{would_fit(look, found)}.",
        means=means,
        rests_on=f"{look.count(len(pairs), 'won deal')}; /metric amount_shrink",
    )
