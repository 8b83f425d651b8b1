"""What several rules ask about a rep's open deals; apart, so that no rule needs another."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from bot.coaching.gaps import clipped
from bot.coaching.priority import stake
from bot.coaching.rep_view import OpenOpportunity, RepView, Touch
from bot.domain.ids import RecordId

#: From this share of the open stages on, a deal is worth interrupting somebody for.
HALFWAY = 0.5
#: A message names no more deals than a person takes in at a glance ...
MOST_NAMED = 3
#: ... and no more words for them than leave it at sixty; a deal takes its name, its amount and up
#: to four words of what is the matter with it.
WORDS_FOR_DEALS = 24
WORDS_BESIDE_NAME = 5
LONGEST_NAME = 6
#: A rule that speaks of one deal at a time raises no more of them on one day.
MOST_RAISED = 3


def deals_in_reach(view: RepView) -> Sequence[OpenOpportunity]:
    """The deals a rule may speak about today, most at stake first.

    None while the rep is away, and none that the rep has put off until today or later.
    """
    known = view.worked_out.get("deals in reach")
    if isinstance(known, list):
        return known
    view.worked_out["deals in reach"] = found = _deals_in_reach(view)
    return found


def _deals_in_reach(view: RepView) -> list[OpenOpportunity]:
    if not view.is_present:
        return []
    awake = (
        deal
        for deal in view.opportunities
        if deal.snoozed_until is None or deal.snoozed_until < view.today
    )
    return sorted(awake, key=lambda deal: (-stake(deal, view.norms), deal.id))


def is_worth(deal: OpenOpportunity, norm_cents: int) -> bool:
    """Whether the deal's amount reaches what is usual.

    A norm of 0 is not known, and what is not known rules nothing out.
    """
    return norm_cents == 0 or (deal.amount_cents is not None and deal.amount_cents >= norm_cents)


def is_scheduled(deal: OpenOpportunity, today: date) -> bool:
    """Whether anything is planned for today or later; an overdue to-do is no plan."""
    return deal.next_activity_on is not None and deal.next_activity_on >= today


def mention(deal: OpenOpportunity) -> dict[str, object]:
    """The deal as templates see it: days as ISO text, money in hundredths."""
    return {
        "name": clipped(deal.name, LONGEST_NAME),
        "account": deal.account,
        "url": deal.url,
        "amount_cents": deal.amount_cents,
        "currency": deal.currency,
        "stage": clipped(deal.stage, WORDS_BESIDE_NAME - 1),
        "closes_on": deal.closes_on.isoformat(),
        "working_days_untouched": deal.working_days_untouched,
    }


def batch(view: RepView, deals: Sequence[OpenOpportunity]) -> dict[str, object]:
    """What a template that speaks of several deals at once sees; in its simplest form, one."""
    shown = deals[:1] if view.touch is Touch.SIMPLE else named(deals)
    return {
        "first_name": view.first_name,
        "locale": view.locale,
        "count": len(deals),
        "deals": [mention(deal) for deal in shown],
        "more": len(deals) - len(shown),
    }


def named(deals: Sequence[OpenOpportunity]) -> Sequence[OpenOpportunity]:
    """The first deals that a message has room to name, one at least."""
    spent, fitting = 0, list(deals[:1])
    for deal in deals[:MOST_NAMED]:
        spent += min(len(deal.name.split()), LONGEST_NAME) + WORDS_BESIDE_NAME
        if spent <= WORDS_FOR_DEALS and deal not in fitting:
            fitting.append(deal)
    return fitting


@lru_cache(maxsize=4096)
def day_in_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def records(deals: Sequence[OpenOpportunity]) -> tuple[RecordId, ...]:
    return tuple(deal.id for deal in named(deals))


def amount_in_words(deal: OpenOpportunity) -> str:
    if deal.amount_cents is None:
        return "not filled in"
    return f"{deal.amount_cents / 100:,.0f} {deal.currency}"
