"""A metric went the wrong way, more than chance and the team explain."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from bot.coaching.changes import is_news, proposal_about, worth
from bot.coaching.example import CALLS_FELL, KIM
from bot.coaching.rep_view import NoticedChange, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import MetricKey, RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("change_noticed")
FALLS = frozenset({"sudden", "drift", "level"})


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose the change that matters most, never two, and none that doubtful records explain."""
    doubted = {each.metric for each in view.changes if each.kind == "trust" and is_news(view, each)}
    falls = [
        each
        for each in view.changes
        if each.kind in FALLS and is_news(view, each) and not _is_diluted(each, doubted)
    ]
    if view.is_present and falls:
        change = min(falls, key=lambda each: (-worth(each), each.metric))
        yield proposal_about(view, change, rule=KEY, tone=Tone.WARNING)


def _is_diluted(change: NoticedChange, doubted: Collection[MetricKey]) -> bool:
    """While records are in doubt, a share may have fallen for what was logged too much."""
    return bool(doubted) and (change.trials is not None or change.metric in doubted)


RULE = Rule(
    key=KEY,
    title="Change noticed",
    because="A metric of yours went the wrong way, more than chance or the whole team explain.",
    template="nudges/change_noticed.j2",
    cooldown_days=28,
    notice=notice,
    example=replace(KIM, changes=(CALLS_FELL,)),
)
