"""A new hire who waits for one thing stops at all that comes after it, and seldom says so."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import HireBehind, ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("hire_behind")
#: The new hire has heard of it three times by then.
LEAST_DAYS = 3
MOST_NAMED = 3


def notice(view: ManagerView) -> Iterator[Proposal]:
    """One nudge for all of them, who is furthest behind first."""
    late = [each for each in view.hires_behind if each.working_days >= LEAST_DAYS]
    if not late or not view.is_present:
        return
    late.sort(key=lambda each: (-each.working_days, each.first_name))
    yield Proposal(
        rule=KEY,
        to=view.manager,
        about=view.manager,
        subject="new_hires",
        priority=priority(likelihood=1.0, gain=0.6, actionability=0.9),
        tone=Tone.NEUTRAL,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "count": len(late),
            "hires": [
                {
                    "name": each.first_name,
                    "milestone": each.milestone,
                    "working_days": each.working_days,
                }
                for each in late[:MOST_NAMED]
            ],
            "is_managers": late[0].is_managers,
        },
        because={
            "New hires behind": str(len(late)),
            "The furthest, in working days": str(late[0].working_days),
            "Rule": f"a milestone is {LEAST_DAYS} working days past due, and the new hire heard of "
            "it before, on the day and after it",
        },
    )


RULE = ManagerRule(
    key=KEY,
    title="New hire behind",
    because="A new hire of yours is some working days past a milestone of their programme.",
    template="nudges/hire_behind.j2",
    cooldown_days=7,
    notice=notice,
    example=replace(
        MARIA,
        hires_behind=(
            HireBehind(
                first_name="Lena",
                milestone="First *discovery* call & notes",
                working_days=6,
                is_managers=False,
            ),
        ),
    ),
)
