"""A big deal that nobody has touched for two weeks, with nothing planned, tends to slip away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import (
    HALFWAY,
    batch,
    deals_in_reach,
    is_scheduled,
    is_worth,
    records,
)
from bot.coaching.priority import joint_stake, priority
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("no_activity")
WORKING_DAYS_UNTOUCHED = 10
#: Some of these deals are touched in ways that nobody logs, one in five after two weeks, and ever
#: fewer as the silence lasts; one call today often wakes the others.
DAYS_UNLOGGED, ACTIONABILITY = 2.5, 0.9


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one nudge for all quiet deals in the later stages, of the usual amount or more."""
    quiet = [deal for deal in deals_in_reach(view) if _is_quiet(deal, view)]
    if not quiet:
        return
    yield Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject="pipeline",
        priority=priority(
            likelihood=max(_likelihood(deal) for deal in quiet),
            gain=joint_stake(quiet, view.norms),
            actionability=ACTIONABILITY,
        ),
        tone=Tone.NEUTRAL,
        records=records(quiet),
        view={**batch(view, quiet), "working_days": WORKING_DAYS_UNTOUCHED},
        because={
            "Quiet deals": str(len(quiet)),
            "Longest without activity": (
                f"{max(deal.working_days_untouched for deal in quiet)} working days"
            ),
            "Rule": (
                f"{WORKING_DAYS_UNTOUCHED} working days or more without a completed activity and "
                "nothing planned, in the later half of the stages, at least the role's median "
                "amount"
            ),
        },
    )


def _likelihood(deal: OpenOpportunity) -> float:
    return deal.working_days_untouched / (deal.working_days_untouched + DAYS_UNLOGGED)


def _is_quiet(deal: OpenOpportunity, view: RepView) -> bool:
    return (
        deal.working_days_untouched >= WORKING_DAYS_UNTOUCHED
        and deal.stage_progress >= HALFWAY
        and is_worth(deal, view.norms.amount_median_cents)
        and not is_scheduled(deal, view.today)
    )


RULE = Rule(
    key=KEY,
    title="Quiet deal",
    because="A sizeable deal of yours has had no activity for two weeks and nothing is planned.",
    template="nudges/no_activity.j2",
    cooldown_days=7,
    needs=frozenset(
        {("crm_task", "what_id"), ("crm_task", "e-mail records"), ("crm_event", "what_id")}
    ),
    notice=notice,
    example=kim_with(
        replace(
            ACME,
            working_days_untouched=12,
            last_activity_on=date(2026, 2, 19),
            next_activity_on=None,
        )
    ),
)
