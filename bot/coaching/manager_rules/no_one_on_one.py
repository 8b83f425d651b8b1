"""Coaching happens in 1:1s: a rep without one for two weeks is on their own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_example import MARIA, report
from bot.coaching.manager_view import ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("no_one_on_one")
MOST_WORKING_DAYS = 10
MOST_NAMED = 3


def notice(view: ManagerView) -> Iterator[Proposal]:
    """Propose one nudge for all who wait, the longest first; whoever is away is left out."""
    waiting = [
        each
        for each in view.reports
        if each.is_present and each.working_days_without > MOST_WORKING_DAYS
    ]
    if not waiting or not view.is_present:
        return
    waiting.sort(key=lambda each: (-each.working_days_without, each.first_name))
    share = len(waiting) / len(view.reports)
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject="one_on_ones",
        priority=priority(likelihood=0.9, gain=0.5 + 0.5 * share, actionability=1.0),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "waiting": [
                {
                    "first_name": each.first_name,
                    "working_days": each.working_days_without,
                    "last_on": each.last_talk_on.isoformat() if each.last_talk_on else None,
                }
                for each in waiting[:MOST_NAMED]
            ],
            "count": len(waiting),
            "reps": len(view.reports),
        },
        because={
            "Reps without a 1:1": f"{len(waiting)} of {len(view.reports)}",
            "Counted": "1:1s noted with /coach, and calendar entries that say 1:1 and name the rep",
            "Rule": f"more than {MOST_WORKING_DAYS} of the rep's working days without one",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="No 1:1 for a while",
    because="One or more of your reps has had no 1:1 on record for more than ten working days.",
    template="nudges/no_one_on_one.j2",
    cooldown_days=7,
    notice=notice,
    example=replace(
        MARIA,
        reports=(
            *MARIA.reports[:3],
            report(4, "Dana", days=14, talks=1, last_talk_on=MONDAY - timedelta(days=21)),
            report(5, "Ines", days=23, talks=0, last_talk_on=None),
        ),
    ),
)
