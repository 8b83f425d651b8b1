"""What was seen in an interview is forgotten within days, and talked into line within hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import HiringFacts, ManagerView, MissingScorecard
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("scorecard_missing")
MOST_NAMED = 2


def notice(view: ManagerView) -> Iterator[Proposal]:
    """Their own first: these they can mend at once."""
    facts = view.hiring
    if facts is None or not facts.missing or not view.is_present:
        return
    missing = sorted(facts.missing, key=lambda each: (not each.is_own, each.held_on))
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject=f"interview:{missing[0].interview}",
        priority=priority(likelihood=0.9, gain=0.3, actionability=0.9),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "count": len(missing),
            "is_own": missing[0].is_own,
            "missing": [
                {
                    "interviewer": "you" if each.is_own else each.interviewer,
                    "role": each.role,
                    "held_on": each.held_on.isoformat(),
                }
                for each in missing[:MOST_NAMED]
            ],
        },
        because={
            "Interviews without a scorecard": str(len(missing)),
            "The first of them was on": missing[0].held_on.isoformat(),
            "Rule": "an interview was held some working days ago and is not scored",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Scorecard missing",
    because="An interview for a role that you hire for was held days ago and is not scored yet.",
    template="nudges/scorecard_missing.j2",
    cooldown_days=7,
    notice=notice,
    example=replace(
        MARIA,
        hiring=HiringFacts(
            days_without_interview=4,
            missing=(
                MissingScorecard(
                    interview=7,
                    role="Account executive",
                    interviewer="Kim Berg",
                    held_on=MONDAY - timedelta(days=4),
                    is_own=False,
                ),
            ),
        ),
    ),
)
