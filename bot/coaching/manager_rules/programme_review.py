"""What a cohort ran into is forgotten within weeks of its last day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import EndedCohort, ManagerView
from bot.coaching.priority import priority
from bot.coaching.rule import ManagerRule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("programme_review")


def notice(view: ManagerView) -> Iterator[Proposal]:
    """One nudge a cohort, once: the subject is the cohort."""
    if not view.is_present:
        return
    for cohort in view.cohorts:
        yield Proposal(
            rule=KEY,
            to=view.manager,
            about=view.manager,
            subject=f"{cohort.programme}:{cohort.ended_on.isoformat()}",
            priority=priority(likelihood=1.0, gain=0.3, actionability=0.8),
            tone=Tone.NEUTRAL,
            view={
                "first_name": view.first_name,
                "locale": view.locale,
                "programme": cohort.programme,
                "hires": cohort.hires,
                "ended_on": cohort.ended_on.isoformat(),
            },
            because={
                "New hires in the cohort": str(cohort.hires),
                "Rule": "a cohort has come to the end of its onboarding programme",
            },
        )


RULE = ManagerRule(
    key=KEY,
    title="Onboarding programme to look back on",
    because="A cohort of new hires has come to the end of its onboarding programme.",
    template="nudges/programme_review.j2",
    cooldown_days=180,
    notice=notice,
    example=replace(
        MARIA,
        cohorts=(
            EndedCohort(programme="AE, 90 days", hires=3, ended_on=MONDAY - timedelta(days=2)),
        ),
    ),
)
