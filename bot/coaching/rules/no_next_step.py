"""A deal without a dated next step waits for somebody else to move."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import batch, deals_in_reach, is_scheduled, records
from bot.coaching.priority import priority, stake
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RecordId, RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("no_next_step")
#: A deal that was touched yesterday is hardly adrift for want of a date; after so many working days
#: without an activity it is.
ADRIFT_AFTER = 10
#: A step put into the calendar moves some deals, not all; only the first is asked for.
ACTIONABILITY = 0.4


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one nudge for all deals with nothing planned; a deal's first day is its grace."""
    adrift = [deal for deal in deals_in_reach(view) if _is_adrift(deal, view)]
    gains = {deal.id: _risk(deal) * stake(deal, view.norms) for deal in adrift}
    adrift.sort(key=lambda deal: (-gains[deal.id], deal.id))
    if not adrift:
        return
    yield Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject="pipeline",
        priority=priority(
            likelihood=1.0,
            gain=max(gains.values()),
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


def _risk(deal: OpenOpportunity) -> float:
    """How probable it is that nothing happens on it unless somebody puts down a date."""
    return min(1.0, (1 + deal.working_days_untouched) / (1 + ADRIFT_AFTER))


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
