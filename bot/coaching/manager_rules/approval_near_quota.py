"""An approval that decides a quota is given under pressure; a question before it costs nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import AskedApproval, ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RecordId, RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("approval_near_quota")
MOST_NAMED = 2


def notice(view: ManagerView) -> Iterator[Proposal]:
    """It asks what the buyer gives for it, and says nothing of why it was asked for."""
    if not view.approvals or not view.is_present:
        return
    named = view.approvals[:MOST_NAMED]
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject=f"approvals:{','.join(sorted(each.record for each in view.approvals))[:200]}",
        priority=priority(likelihood=0.7, gain=0.6, actionability=0.9),
        tone=Tone.NEUTRAL,
        records=tuple(each.record for each in named),
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "count": len(view.approvals),
            "approvals": [
                {
                    "name": each.name,
                    "url": each.url,
                    "owner": each.first_name,
                    "amount_cents": each.amount_cents,
                    "missing_cents": each.missing_cents,
                    "currency": each.currency,
                }
                for each in named
            ],
        },
        because={
            "Approvals that wait": str(len(view.approvals)),
            "Asked for on": ", ".join(f"{each.asked_on:%Y-%m-%d}" for each in named),
            "Missing to the quota": ", ".join(
                f"{each.missing_cents / 100:,.0f} {each.currency}" for each in named
            ),
            "Rule": "asked for in a quarter's last ten days; the deal alone brings the quota",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Approval that decides a quota",
    because="An approval waits in the quarter's last days, of a deal that decides a quota.",
    template="nudges/approval_near_quota.j2",
    cooldown_days=14,
    needs=frozenset(
        {("approval", "status"), ("quota", "amount_cents"), ("opportunity", "amount_cents")}
    ),
    notice=notice,
    example=replace(
        MARIA,
        approvals=(
            AskedApproval(
                record=RecordId("006000000000001AAA"),
                name="Acme & Sons <renewal>",
                url="https://example.my.salesforce.com/006000000000001AAA",
                first_name="Kim",
                asked_on=MONDAY - timedelta(days=1),
                amount_cents=39_000_00,
                missing_cents=12_000_00,
                currency="USD",
            ),
        ),
    ),
)
