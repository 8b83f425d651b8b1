"""Praise that is earned by the same statistics as a warning."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.changes import in_doubt, is_news, proposal_about, worth
from bot.coaching.example import KIM, MEETINGS_ROSE
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("improvement")


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose praise for what improved most, and for what would be praised were it not in doubt."""
    rises = [each for each in view.changes if each.kind == "improvement" and is_news(view, each)]
    if not view.is_present:
        return
    rises.sort(key=lambda each: (-worth(each), each.metric))
    proposals = [
        in_doubt(proposal_about(view, each, rule=KEY, tone=Tone.POSITIVE), view) for each in rises
    ]
    yield from [each for each in proposals if each.doubt is None][:1]
    yield from [each for each in proposals if each.doubt is not None][:1]


RULE = Rule(
    key=KEY,
    title="Improvement",
    because="A metric of yours went the right way, more than chance or the whole team explain.",
    template="nudges/improvement.j2",
    cooldown_days=28,
    notice=notice,
    example=replace(KIM, changes=(MEETINGS_ROSE,)),
)
