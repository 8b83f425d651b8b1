"""Plans drift away from what the business wants, and nobody notices until the money is paid."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import ManagerView, PayFacts
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("pay_audit_due")
MOST_DAYS = 180


def notice(view: ManagerView) -> Iterator[Proposal]:
    """Twice a year, and only where there is a plan to look at."""
    if view.pay is None or not view.is_present:
        return
    days = view.pay.days_since_audit
    if days is not None and days <= MOST_DAYS:
        return
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject="pay_audit",
        priority=priority(likelihood=1.0, gain=0.3, actionability=0.7),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "plan": view.pay.plan,
            "days": days,
        },
        because={
            "Days since the last audit": "none on record" if days is None else str(days),
            "Rule": f"more than {MOST_DAYS} days without an audit of the pay plan",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Pay audit due",
    because="It is more than half a year since your pay plan was held against your objectives.",
    template="nudges/pay_audit_due.j2",
    cooldown_days=60,
    notice=notice,
    example=replace(MARIA, pay=PayFacts(plan="Account executive plan", days_since_audit=214)),
)
