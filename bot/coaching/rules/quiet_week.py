"""A rep who always logs and suddenly does not has more likely a log that is behind than a rest."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from statistics import fmean

from bot.coaching.example import KIM
from bot.coaching.priority import priority
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("quiet_week")
SILENT_DAYS = 3
#: Fewer days than these do not say what is usual.
FEWEST_USUAL_DAYS = 3
#: Silence is odd when a rep of this usual pace would be silent so long once in twenty times.
ODDS_OF_CHANCE = 0.05
#: Every other nudge rests upon the log, so a log that is behind goes first.
GAIN, ACTIONABILITY = 0.9, 0.8


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose a question when a rep who is here and usually active has logged nothing lately."""
    days = view.activities_by_working_day
    silent = sum(1 for _ in takewhile(lambda count: count == 0, days))
    usual_days = days[silent:]
    if view.is_team_quiet or not view.is_present:
        return
    if silent < SILENT_DAYS or len(usual_days) < FEWEST_USUAL_DAYS:
        return
    usual = fmean(usual_days)
    # Activities of a day come much like a Poisson count: none at all in ``silent`` days.
    chance = math.exp(-usual * silent)
    if chance > ODDS_OF_CHANCE:
        return
    yield Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject="log",
        priority=priority(likelihood=1 - chance, gain=GAIN, actionability=ACTIONABILITY),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "silent_days": silent,
            "usual": round(usual, 1),
        },
        because={
            "Working days without a logged activity": str(silent),
            "Usual activities a working day": f"{usual:.1f}",
            "Rule": (
                f"no completed activity on the last {SILENT_DAYS} working days or more, where "
                "that is unusual for you"
            ),
        },
    )


RULE = Rule(
    key=KEY,
    title="Quiet log",
    because="No completed activity is logged for your last three working days or more.",
    template="nudges/quiet_week.j2",
    cooldown_days=14,
    needs=frozenset({("crm_task", "what_id"), ("crm_event", "what_id")}),
    notice=notice,
    example=replace(KIM, activities_by_working_day=(0, 0, 0, 4, 5, 3, 6, 4, 5, 4)),
)
