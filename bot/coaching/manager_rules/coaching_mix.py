"""Most is to be gained in the middle, where coaching is spent last."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.coaching_spread import coaching_spread
from bot.coaching.manager_example import MARIA, report
from bot.coaching.manager_view import ManagerView
from bot.coaching.priority import priority
from bot.coaching.rep_view import Touch
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("coaching_mix")
MOST_AT_THE_ENDS = 0.5


def notice(view: ManagerView) -> Iterator[Proposal]:
    """Only when the middle got so few 1:1s that an even hand would hardly have dealt them so."""
    spread = coaching_spread(view.reports)
    if spread is None or not view.is_present:
        return
    if spread.share_at_ends <= MOST_AT_THE_ENDS or not spread.is_uneven:
        return
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject="coaching_mix",
        priority=priority(likelihood=1 - spread.p_even, gain=0.4, actionability=0.8),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "weeks": view.weeks,
            "at_ends": spread.at_ends,
            "talks": spread.talks,
            "middle": spread.talks - spread.at_ends,
            "middle_reps": spread.reps - spread.reps_at_ends,
            "reps": spread.reps,
        },
        because={
            "1:1s with the strongest and the newest": f"{spread.at_ends} of {spread.talks}",
            "Those reps": f"{spread.reps_at_ends} of {spread.reps}",
            "By chance alone": f"{spread.p_even:.1%}, had each 1:1 gone to anybody alike",
            "Rule": "more than half of all 1:1s at the two ends, and more than chance would make",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Where your 1:1s go",
    because="Most of your 1:1s went to the strongest and the newest, and few to those in between.",
    template="nudges/coaching_mix.j2",
    cooldown_days=30,
    notice=notice,
    example=replace(
        MARIA,
        reports=(
            report(1, "Kim", talks=1),
            report(2, "Sam", talks=1),
            report(3, "Bo", talks=7, touch=Touch.LIGHT),
            report(4, "Dana", talks=8, touch=Touch.SIMPLE),
            report(5, "Ines", talks=1),
        ),
    ),
)
