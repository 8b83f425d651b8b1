"""Feedback that only ever points out faults lowers performance as often as it lifts it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import ManagerView, Said
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("praise_missing")
FEWEST_WARNINGS = 3


def notice(view: ManagerView) -> Iterator[Proposal]:
    """When the team heard warnings from me for three weeks, and praise from nobody on record."""
    said = view.said
    if not view.is_present or said.praise or said.warnings < FEWEST_WARNINGS:
        return
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject="praise",
        priority=priority(likelihood=0.9, gain=0.35, actionability=0.9),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "warnings": said.warnings,
        },
        because={
            "Warnings to your reps in three weeks": str(said.warnings),
            "Praise": "none",
            "Rule": f"{FEWEST_WARNINGS} warnings or more from me, and no praise, in three weeks",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="Praise to balance",
    because="Your reps heard only warnings from me for three weeks, and no praise.",
    template="nudges/praise_missing.j2",
    cooldown_days=21,
    notice=notice,
    example=replace(MARIA, said=Said(warnings=4, neutral=6)),
)
