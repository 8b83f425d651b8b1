"""What was promised in a 1:1 is due; who promised it hears of it before anybody asks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import KIM, MONDAY
from bot.coaching.priority import priority
from bot.coaching.rep_view import Promise, RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("promise_due")
LONGEST = 80


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose one nudge for each promise, once."""
    if not view.is_present:
        return
    for promise in view.promises:
        yield Proposal(
            rule=KEY,
            to=view.rep,
            about=view.rep,
            subject=f"promise:{promise.id}",
            priority=priority(likelihood=1.0, gain=0.4, actionability=0.9),
            tone=Tone.NEUTRAL,
            view={
                "first_name": view.first_name,
                "locale": view.locale,
                "words": _short(promise.words),
                "left": (promise.due_on - view.today).days,
                "due_on": promise.due_on.isoformat(),
                "promised_on": promise.promised_on.isoformat(),
            },
            because={
                "Commitment": _short(promise.words),
                "Due on": promise.due_on.isoformat(),
                "Rule": "a commitment from your 1:1 is due within two days and still open",
            },
        )


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


RULE = Rule(
    key=KEY,
    title="Commitment due",
    because="Something that you promised in a 1:1 is due about now.",
    template="nudges/promise_due.j2",
    cooldown_days=14,
    notice=notice,
    example=replace(
        KIM,
        promises=(
            Promise(
                id=1,
                words="Five meetings with people we have not met yet",
                due_on=MONDAY + timedelta(days=1),
                promised_on=MONDAY - timedelta(days=6),
            ),
        ),
    ),
)
