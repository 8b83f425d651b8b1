"""When a team's bookings come, and whether it said so before."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.coaching.evidence.linearity import FEWEST_DEALS, shares_by_part
from bot.queries.figures.figure import Figure, Section, unknown, would_fit
from bot.queries.forecast_words import known_forecast, leaning, months_told, told, too_few
from bot.queries.manager_look import ManagerLook
from bot.queries.team_results import WonDeal

MONTHS = 3
LAST_DAYS = 14


def predictable(look: ManagerLook, deals: Sequence[WonDeal]) -> Iterator[Figure]:
    yield _by_month(look, deals)
    yield _rush(look, deals)
    yield _forecast(look)


def _by_month(look: ManagerLook, deals: Sequence[WonDeal]) -> Figure:
    title = "Bookings by month of the quarter"
    means = "Each month's share of the amount won in the quarter; drawing deals anew."
    fiscal, parts, begin = look.runtime.organisation.fiscal, [], look.quarter.first
    starts = [begin]
    while len(starts) < MONTHS:
        begin = fiscal.month(begin)[1] + timedelta(days=1)
        starts.append(begin)
    parts = [sum(deal.closed_on >= start for start in starts) - 1 for deal in deals]
    amounts = [deal.amount_cents for deal in deals]
    found = shares_by_part(amounts, parts, MONTHS, rng=look.chance())
    if found is None:
        why = f"{look.count(len(deals), 'deal')} won, it takes {FEWEST_DEALS}"
        return unknown("by_month", Section.PREDICTABLE, title, why, means)
    last = found[-1]
    even = 1 / MONTHS
    return Figure(
        key="by_month",
        section=Section.PREDICTABLE,
        title=title,
        told=" · ".join(look.share(each.estimate) for each in found),
        verdict=(
            f"The last month carries more than a third ({would_fit(look, last)})."
            if last.low > even
            else f"No rush at the end is shown; for the last month {would_fit(look, last)}."
        ),
        means=means,
        rests_on=f"{look.count(len(deals), 'won deal')}; /metric linearity",
    )


def _rush(look: ManagerLook, deals: Sequence[WonDeal]) -> Figure:
    title = "Bookings in the last two weeks"
    means = "The share of the quarter's amount won in its last 14 days; drawing deals anew."
    begin = look.quarter.last - timedelta(days=LAST_DAYS - 1)
    parts = [int(deal.closed_on >= begin) for deal in deals]
    found = shares_by_part([deal.amount_cents for deal in deals], parts, 2, rng=look.chance())
    if found is None:
        why = f"{look.count(len(deals), 'deal')} won, it takes {FEWEST_DEALS}"
        return unknown("rush", Section.PREDICTABLE, title, why, means)
    even = LAST_DAYS / look.quarter.days
    return Figure(
        key="rush",
        section=Section.PREDICTABLE,
        title=title,
        told=look.share(found[1].estimate),
        verdict=f"An even quarter has {look.share(even)} there; {would_fit(look, found[1])}.",
        means=means,
        rests_on=look.count(len(deals), "won deal"),
    )


def _forecast(look: ManagerLook) -> Figure:
    title = "Commit forecast against what came"
    means = (
        "What stood in commit when a month began, less what was won of the deals due in it, as a "
        "share of that, in sum (bias) and month by month without signs (error). Of the quarter and "
        "the three before it. Deals as they stood then, by their history and my own snapshots; "
        "drawing months anew."
    )
    found = known_forecast(look)
    if found is None:
        return unknown("forecast", Section.PREDICTABLE, title, too_few(look), means)
    return Figure(
        key="forecast",
        section=Section.PREDICTABLE,
        title=title,
        told=told(found),
        verdict=f"It {leaning(found)} ({months_told(look)}).",
        means=means,
        rests_on=f"{months_told(look)}; /metric commit_bias",
    )
