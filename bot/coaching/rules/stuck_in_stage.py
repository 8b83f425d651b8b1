"""A deal that stays in a stage longer than won deals do needs a different move, or an honest no."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import (
    MOST_RAISED,
    deals_in_reach,
    mention,
)
from bot.coaching.priority import priority, stake
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("stuck_in_stage")
#: However fast a role is, nobody is stuck within a week.
FEWEST_DAYS = 7
ACTIONABILITY = 0.5


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose a nudge for each deal older in its stage than four of five won deals were."""
    usual = view.norms.days_in_stage_p80
    longest = {stage: max(days, FEWEST_DAYS) for stage, days in usual.items()}
    stuck = [
        deal
        for deal in deals_in_reach(view)
        if deal.stage in longest and deal.days_in_stage > longest[deal.stage]
    ]
    for deal in stuck[:MOST_RAISED]:
        yield _proposal(view, deal, longest[deal.stage])


def _proposal(view: RepView, deal: OpenOpportunity, longest: float) -> Proposal:
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=deal.id,
        priority=priority(
            # One won deal in five took longer than this too; hardly any took twice as long.
            likelihood=min(deal.days_in_stage / (2 * longest), 1.0),
            gain=stake(deal, view.norms),
            actionability=ACTIONABILITY,
        ),
        tone=Tone.NEUTRAL,
        records=(deal.id,),
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "deal": mention(deal),
            "days": deal.days_in_stage,
            "usual_days": round(longest),
        },
        because={
            "Days in this stage": str(deal.days_in_stage),
            "Four of five won deals left it within": f"{round(longest)} days",
            "Rule": (
                f"longer in its stage than four of five won deals of the role, and more than "
                f"{FEWEST_DAYS} days"
            ),
        },
    )


RULE = Rule(
    key=KEY,
    title="Stuck in stage",
    because="A deal of yours has been in its stage longer than four of five won deals were.",
    template="nudges/stuck_in_stage.j2",
    cooldown_days=14,
    notice=notice,
    example=kim_with(replace(ACME, days_in_stage=23)),
)
