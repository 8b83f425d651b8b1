"""Whoever hires only when somebody has left, hires in haste."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import HiringFacts, ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("bench_thin")
MOST_NAMED = 2


def notice(view: ManagerView) -> Iterator[Proposal]:
    facts = view.hiring
    if facts is None or not view.is_present:
        return
    days = facts.days_without_interview
    is_long_ago = days is not None and days >= facts.interview_every_days
    if not is_long_ago and not facts.thin:
        return
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject="bench",
        priority=priority(likelihood=1.0, gain=0.3, actionability=0.6),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "days": days if is_long_ago else None,
            "thin": [
                {"role": role, "ready": ready, "aim": aim}
                for role, ready, aim in facts.thin[:MOST_NAMED]
            ],
        },
        because={
            "Days since an interview without an open slot": "not known"
            if days is None
            else str(days),
            "Roles with a bench below its target": str(len(facts.thin)),
            "Rule": (
                f"no interview in {facts.interview_every_days} days, or fewer on the bench than "
                "aimed for"
            ),
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Bench to fill",
    because="No interview without an open slot for a month, or fewer on the bench than aimed for.",
    template="nudges/bench_thin.j2",
    cooldown_days=30,
    notice=notice,
    example=replace(
        MARIA,
        hiring=HiringFacts(days_without_interview=41, thin=(("Account executive", 1, 3),)),
    ),
)
