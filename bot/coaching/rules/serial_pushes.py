"""A close date that moves month after month is a wish; the buyer has not agreed to it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import (
    MOST_RAISED,
    day_in_words,
    deals_in_reach,
    mention,
)
from bot.coaching.priority import priority, stake
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("serial_pushes")
FEWEST_PUSHES = 3
ACTIONABILITY = 0.5


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose a nudge for each deal whose close date has moved to a later month three times."""
    pushed = [deal for deal in deals_in_reach(view) if deal.pushes >= FEWEST_PUSHES]
    for deal in pushed[:MOST_RAISED]:
        yield _proposal(view, deal)


def _proposal(view: RepView, deal: OpenOpportunity) -> Proposal:
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=deal.id,
        priority=priority(
            # Each further push makes it likelier that the next date will not hold either.
            likelihood=deal.pushes / (deal.pushes + 1),
            gain=stake(deal, view.norms),
            actionability=ACTIONABILITY,
        ),
        tone=Tone.NEUTRAL,
        records=(deal.id,),
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "deal": mention(deal),
            "pushes": deal.pushes,
        },
        because={
            "Times the close date moved to a later month": str(deal.pushes),
            "Close date now": day_in_words(deal.closes_on),
            "Rule": f"the close date moved into a later month {FEWEST_PUSHES} times or more",
        },
    )


RULE = Rule(
    key=KEY,
    title="Close date pushed again",
    because="The close date of a deal of yours has moved into a later month at least three times.",
    template="nudges/serial_pushes.j2",
    cooldown_days=30,
    notice=notice,
    example=kim_with(replace(ACME, pushes=4)),
)
