"""Discount and margin of won deals, where the organisation has a field for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.coaching.evidence.dispersion import FEWEST_DEALS
from bot.coaching.evidence.intervals import Interval, bootstrap_ratio
from bot.queries.figures.figure import Figure, Section, unknown, would_fit
from bot.queries.manager_look import ManagerLook, quarter_before
from bot.queries.team_results import WonDeal, read_won_deals
from bot.storage.deal_shares import read_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class _Price:
    what: Literal["discount", "margin"]
    title: str
    means: str


DISCOUNT = _Price(
    what="discount",
    title="Discount",
    means="What was taken off the list price of won deals, as a share of it, larger deals counting "
    "for more; drawing deals anew.",
)
MARGIN = _Price(
    what="margin",
    title="Margin",
    means="What is left of the amount of won deals by your own margin field, larger deals counting "
    "for more; drawing deals anew.",
)


def prices(look: ManagerLook, deals: Sequence[WonDeal]) -> Iterator[Figure]:
    window = quarter_before(look.runtime.organisation.fiscal, look.quarter.first)
    earlier = read_won_deals(look.session, look.team, window, look.moment)
    for price in (DISCOUNT, MARGIN):
        shares = read_shares(look.session, price.what, look.quarter)
        if shares.missing_because:
            yield _not_measurable(price, shares.missing_because)
            continue
        before = _weighed(look, price, earlier, read_shares(look.session, price.what, window).of)
        yield _figure(look, price, _weighed(look, price, deals, shares.of), before)


def _not_measurable(price: _Price, why: str) -> Figure:
    return Figure(
        key=price.what,
        section=Section.PROFITABLE,
        title=price.title,
        told="not measurable",
        verdict=f"{why[0].upper()}{why[1:]}.",
        means=price.means,
        rests_on="",
        is_known=False,
    )


def _weighed(
    look: ManagerLook, price: _Price, deals: Sequence[WonDeal], shares: Mapping[str, float]
) -> tuple[int, Interval | None]:
    """How many deals have it, and the share of their list prices or amounts."""
    known = [
        (float(deal.amount_cents), shares[deal.record]) for deal in deals if deal.record in shares
    ]
    if price.what == "discount":
        # The amount is what is left of the list price; all of it taken off leaves nothing to weigh.
        known = [(amount / (1 - share), share) for amount, share in known if share < 1]
    found = bootstrap_ratio(
        [whole * share for whole, share in known],
        [whole for whole, _ in known],
        rng=look.chance(),
    )
    return len(known), found if len(known) >= FEWEST_DEALS else None


def _figure(
    look: ManagerLook,
    price: _Price,
    now: tuple[int, Interval | None],
    before: tuple[int, Interval | None],
) -> Figure:
    count, found = now
    if found is None:
        why = f"{look.count(count, 'won deal')} with a {price.what}, it takes {FEWEST_DEALS}"
        return unknown(price.what, Section.PROFITABLE, price.title, why, price.means)
    then = before[1]
    was = "not known" if then is None else look.share(then.estimate)
    return Figure(
        key=price.what,
        section=Section.PROFITABLE,
        title=price.title,
        told=look.share(found.estimate),
        verdict=f"{would_fit(look, found)}. The quarter before: {was}.",
        means=price.means,
        rests_on=f"{look.count(count, 'won deal')} with a {price.what}",
    )
