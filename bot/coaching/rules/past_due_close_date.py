"""An open deal whose close date has passed makes every forecast a little wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.coaching.example import ACME, kim_with
from bot.coaching.opportunities import batch, day_in_words, deals_in_reach, records
from bot.coaching.priority import joint_stake, priority
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("past_due_close_date")
#: A date in the past is a fact; a better one mends the forecast more than the deal.
LIKELIHOOD, ACTIONABILITY = 1.0, 0.5


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one nudge for all late deals, so that a messy pipeline is one message."""
    late = [deal for deal in deals_in_reach(view) if deal.closes_on < view.today]
    if not late:
        return
    yield Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject="pipeline",
        priority=priority(
            likelihood=LIKELIHOOD,
            gain=joint_stake(late, view.norms),
            actionability=ACTIONABILITY,
        ),
        tone=Tone.NEUTRAL,
        records=records(late),
        view=batch(view, late),
        because={
            "Open deals with a past close date": str(len(late)),
            "Oldest close date": day_in_words(min(deal.closes_on for deal in late)),
            "Rule": "the close date lies before today",
        },
    )


RULE = Rule(
    key=KEY,
    title="Past-due close date",
    because="One or more of your open deals has a close date in the past.",
    template="nudges/past_due_close_date.j2",
    cooldown_days=7,
    notice=notice,
    example=kim_with(replace(ACME, closes_on=date(2026, 2, 27))),
)
