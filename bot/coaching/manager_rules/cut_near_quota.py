"""A price that falls where the next cent of commission is worth most deserves a second look."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import AmountCut, ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RecordId, RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("cut_near_quota")
MOST_NAMED = 2


def notice(view: ManagerView) -> Iterator[Proposal]:
    """It asks what was traded for it, and says nothing of why."""
    if not view.cuts or not view.is_present:
        return
    cuts = sorted(view.cuts, key=lambda cut: cut.after_cents - cut.before_cents)
    named = cuts[:MOST_NAMED]
    given = sum(cut.before_cents - cut.after_cents for cut in cuts)
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject=f"cuts:{','.join(sorted(cut.record for cut in cuts))[:200]}",
        priority=priority(likelihood=0.6, gain=0.5, actionability=0.8),
        tone=Tone.NEUTRAL,
        records=tuple(cut.record for cut in named),
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "count": len(cuts),
            "cuts": [
                {
                    "name": cut.name,
                    "url": cut.url,
                    "owner": cut.first_name,
                    "before_cents": cut.before_cents,
                    "after_cents": cut.after_cents,
                    "currency": cut.currency,
                }
                for cut in named
            ],
        },
        because={
            "Deals with a smaller amount": str(len(cuts)),
            "Taken off in all": f"{given / 100:,.0f} {named[0].currency}",
            "Owners' attainment then": ", ".join(f"{cut.attainment:.0%}" for cut in named),
            "Rule": "a tenth or more taken off in a quarter's last ten days, 85 to 100% of quota",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Price cut close to quota",
    because="A deal became smaller in the quarter's last days, while its owner was close to quota.",
    template="nudges/cut_near_quota.j2",
    cooldown_days=14,
    needs=frozenset({("quota", "amount_cents"), ("opportunity", "amount_cents")}),
    notice=notice,
    example=replace(
        MARIA,
        cuts=(
            AmountCut(
                record=RecordId("006000000000001AAA"),
                name="Acme & Sons <renewal>",
                url="https://example.my.salesforce.com/006000000000001AAA",
                first_name="Kim",
                before_cents=48_000_00,
                after_cents=39_000_00,
                currency="USD",
                attainment=0.93,
            ),
        ),
    ),
)
