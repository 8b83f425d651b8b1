"""Praise that is earned by the same statistics as a warning."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.changes import is_news, proposal_about, worth
from bot.coaching.example import KIM, MEETINGS_ROSE
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("improvement")


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose praise for what improved most; nothing while its records are in doubt."""
    doubted = {each.metric for each in view.changes if each.kind == "trust"}
    rises = [
        each
        for each in view.changes
        if each.kind == "improvement" and each.metric not in doubted and is_news(view, each)
    ]
    if view.is_present and rises:
        change = min(rises, key=lambda each: (-worth(each), each.metric))
        yield proposal_about(view, change, rule=KEY, tone=Tone.POSITIVE)


RULE = Rule(
    key=KEY,
    title="Improvement",
    because="A metric of yours went the right way, more than chance or the whole team explain.",
    template="nudges/improvement.j2",
    cooldown_days=28,
    notice=notice,
    example=replace(KIM, changes=(MEETINGS_ROSE,)),
)
