"""A promise that nobody comes back to teaches that promises do not matter."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import DuePromise, ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("commitment_due")
MOST_NAMED = 2
LONGEST = 60


def notice(view: ManagerView) -> Iterator[Proposal]:
    """Propose one nudge for all that is due, the oldest first."""
    due = sorted(
        (each for each in view.promises if each.due_on <= view.today), key=lambda each: each.due_on
    )
    if not due or not view.is_present:
        return
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject=f"commitments:{due[-1].due_on.isoformat()}",
        priority=priority(likelihood=1.0, gain=0.4, actionability=1.0),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "count": len(due),
            "due": [
                {
                    "first_name": each.first_name,
                    "words": _short(each.words),
                    "due_on": each.due_on.isoformat(),
                }
                for each in due[:MOST_NAMED]
            ],
        },
        because={
            "Commitments due": str(len(due)),
            "Rule": "a commitment from a 1:1 is due, and nobody has said how it went",
        },
    )


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1].rstrip()}…"


RULE = ManagerRule(
    key=KEY,
    title="Commitment due",
    because="A commitment from one of your 1:1s is due, and nobody has said how it went.",
    template="nudges/commitment_due.j2",
    cooldown_days=7,
    notice=notice,
    example=replace(
        MARIA,
        promises=(
            DuePromise(first_name="Kim", words="Two new deals", due_on=MONDAY - timedelta(days=3)),
        ),
    ),
)
