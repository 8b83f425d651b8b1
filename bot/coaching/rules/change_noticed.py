"""A leading metric fell against its own past, more than chance and the team explain."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.changes import is_news, proposal_about, worth
from bot.coaching.example import CALLS_FELL, KIM
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("change_noticed")
FALLS = frozenset({"sudden", "drift", "level"})


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose the fall that matters most, never two."""
    falls = [each for each in view.changes if each.kind in FALLS and is_news(view, each)]
    if view.is_present and falls:
        change = min(falls, key=lambda each: (-worth(each), each.metric))
        yield proposal_about(view, change, rule=KEY, tone=Tone.WARNING)


RULE = Rule(
    key=KEY,
    title="A change",
    because="A leading metric of yours fell, more than chance or the whole team explain.",
    template="nudges/change_noticed.j2",
    cooldown_days=28,
    notice=notice,
    example=replace(KIM, changes=(CALLS_FELL,)),
)
