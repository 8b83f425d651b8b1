"""A deal without a dated next step waits for somebody else to move."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import batch, deals_in_reach, is_scheduled, records
from bot.coaching.priority import joint_stake, priority
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RecordId, RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("no_next_step")
#: Nothing in the calendar is a fact; a step put there moves some deals, not all.
LIKELIHOOD, ACTIONABILITY = 1.0, 0.4


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one nudge for all deals with nothing planned; a deal's first day is its grace."""
    adrift = [deal for deal in deals_in_reach(view) if _is_adrift(deal, view)]
    if not adrift:
        return
    yield Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject="pipeline",
        priority=priority(
            likelihood=LIKELIHOOD,
            gain=joint_stake(adrift, view.norms),
            actionability=ACTIONABILITY,
        ),
        tone=Tone.NEUTRAL,
        records=records(adrift),
        view={**batch(view, adrift), "open": len(view.opportunities)},
        because={
            "Open deals without a dated next step": f"{len(adrift)} of {len(view.opportunities)}",
            "Rule": "no open task and no meeting dated today or later",
        },
    )


def _is_adrift(deal: OpenOpportunity, view: RepView) -> bool:
    return deal.created_on < view.today and not is_scheduled(deal, view.today)


RULE = Rule(
    key=KEY,
    title="No dated next step",
    because="Nothing is planned for today or later on one or more of your open deals.",
    template="nudges/no_next_step.j2",
    cooldown_days=7,
    needs=frozenset({("crm_task", "what_id"), ("crm_event", "what_id")}),
    notice=notice,
    example=kim_with(
        ACME,
        replace(
            ACME,
            id=RecordId("006000000000002AAA"),
            name="Bolt pilot",
            account="Bolt",
            url="https://example.my.salesforce.com/006000000000002AAA",
            next_activity_on=None,
        ),
    ),
)
