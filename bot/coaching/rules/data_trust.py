"""Records that may say less than they seem to; only the rep is asked about them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.changes import is_news, proposal_about, worth
from bot.coaching.doubts import Doubt
from bot.coaching.example import CALLS_DOUBTED, KIM
from bot.coaching.priority import priority
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone
from bot.domain.windows import weeks_back

KEY = RuleKey("data_trust")
#: Every other nudge rests upon the log, so a log in doubt goes first.
GAIN, ACTIONABILITY = 0.9, 0.8


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one look at the records, as a question."""
    if not view.is_present:
        return
    empty = [each for each in view.changes if each.kind == "trust" and is_news(view, each)]
    if empty:
        change = min(empty, key=lambda each: (-worth(each), each.metric))
        proposal = proposal_about(view, change, rule=KEY, tone=Tone.NEUTRAL)
        told = {**proposal.view, "doubt": ""}
        yield replace(proposal, priority=_first(change.posterior), view=told)
    elif view.doubts:
        yield _proposal(view, max(view.doubts, key=lambda each: each.count / each.of))


def _first(likelihood: float) -> float:
    return priority(
        likelihood=min(max(likelihood, 0.0), 1.0), gain=GAIN, actionability=ACTIONABILITY
    )


def _proposal(view: RepView, doubt: Doubt) -> Proposal:
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=doubt.metric,
        priority=_first(doubt.count / doubt.of),
        tone=Tone.NEUTRAL,
        metric=doubt.metric,
        window=weeks_back(view.today - timedelta(days=1), 4),
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "doubt": doubt.words,
            "next_step": doubt.next_step,
        },
        because={
            "Of the last four weeks": doubt.words,
            "Rule": "many such records, a good part of all, and twice what is usual among peers",
        },
    )


RULE = Rule(
    key=KEY,
    title="Data trust",
    because=(
        "Your records may say less than they seem to: much of one activity with little coming of "
        "it, many entries at once or late, or next steps that only got another date."
    ),
    template="nudges/data_trust.j2",
    cooldown_days=30,
    notice=notice,
    example=replace(KIM, changes=(CALLS_DOUBTED,)),
)
