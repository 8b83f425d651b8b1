"""A big late deal that hangs on one person is lost with that person's holiday or new job."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import (
    HALFWAY,
    MOST_RAISED,
    amount_in_words,
    deals_in_reach,
    is_worth,
    mention,
)
from bot.coaching.priority import priority, stake
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("single_threaded")
MOST_CONTACTS_ENGAGED = 1
#: A contact may be engaged without a logged activity; a second voice changes what a deal rests on.
LIKELIHOOD, ACTIONABILITY = 0.8, 0.6


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose a nudge for each big deal in the later stages with one engaged contact or none."""
    alone = [
        deal
        for deal in deals_in_reach(view)
        if not deal.is_person
        and deal.contacts_engaged <= MOST_CONTACTS_ENGAGED
        and deal.stage_progress >= HALFWAY
        and is_worth(deal, view.norms.amount_upper_quarter_cents)
    ]
    for deal in alone[:MOST_RAISED]:
        yield _proposal(view, deal)


def _proposal(view: RepView, deal: OpenOpportunity) -> Proposal:
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=deal.id,
        priority=priority(
            likelihood=LIKELIHOOD, gain=stake(deal, view.norms), actionability=ACTIONABILITY
        ),
        tone=Tone.NEUTRAL,
        records=(deal.id,),
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "deal": mention(deal),
            "contacts_engaged": deal.contacts_engaged,
            "contact_roles": deal.contact_roles,
        },
        because={
            "Contacts met or talked to within 90 days": str(deal.contacts_engaged),
            "Contacts with a role on the deal": str(deal.contact_roles),
            "Amount": amount_in_words(deal),
            "Rule": (
                "at most one engaged contact, in the later half of the stages, in the role's "
                "upper quarter of amounts"
            ),
        },
    )


RULE = Rule(
    key=KEY,
    title="One contact only",
    because="At most one contact on a big, late deal of yours was met or talked to in 90 days.",
    template="nudges/single_threaded.j2",
    cooldown_days=14,
    needs=frozenset(
        {("crm_task", "who_id"), ("crm_task", "e-mail records"), ("crm_event", "who_id")}
    ),
    notice=notice,
    example=kim_with(replace(ACME, contacts_engaged=1)),
)
