"""Much more of one activity with much less coming of it; only the rep is asked about it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.changes import is_news, proposal_about, worth
from bot.coaching.example import CALLS_DOUBTED, KIM
from bot.coaching.priority import priority
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("data_trust")
#: Every other nudge rests upon the log, so a log in doubt goes first.
GAIN, ACTIONABILITY = 0.9, 0.8


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one look at the records, as a question."""
    doubts = [each for each in view.changes if each.kind == "trust" and is_news(view, each)]
    if view.is_present and doubts:
        change = min(doubts, key=lambda each: (-worth(each), each.metric))
        first = priority(
            likelihood=min(max(change.posterior, 0.0), 1.0), gain=GAIN, actionability=ACTIONABILITY
        )
        proposal = proposal_about(view, change, rule=KEY, tone=Tone.NEUTRAL)
        yield replace(proposal, priority=first)


RULE = Rule(
    key=KEY,
    title="Data trust",
    because="One activity rose sharply while what usually follows from it fell.",
    template="nudges/data_trust.j2",
    cooldown_days=30,
    notice=notice,
    example=replace(KIM, changes=(CALLS_DOUBTED,)),
)
