"""A milestone that the CRM shows as reached is worth a word, to the new hire alone."""

from collections.abc import Iterator
from datetime import timedelta

from bot.coaching.priority import priority
from bot.coaching.programme_example import kim_on_day
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone
from bot.domain.programme import MilestoneKind
from bot.domain.progress import MilestoneLine, Progress, Standing

KEY = RuleKey("milestone_reached")
#: Older news is no news.
FRESH = timedelta(days=7)


def notice(view: RepView) -> Iterator[Proposal]:
    """What a person told is answered when they tell it. The largest step goes first."""
    progress = view.progress
    if progress is None or not view.is_present:
        return
    for line in progress.lines:
        is_measured = line.milestone.kind is MilestoneKind.MEASURED
        is_fresh = line.reached_on is not None and view.today - line.reached_on <= FRESH
        if is_measured and is_fresh:
            yield _proposal(view, progress, line)


def _proposal(view: RepView, progress: Progress, line: MilestoneLine) -> Proposal:
    milestone, next_up = line.milestone, progress.next_up
    is_outcome = milestone.key == progress.programme.outcome
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=milestone.key,
        priority=priority(likelihood=1, gain=1 if is_outcome else 0.95, actionability=1),
        tone=Tone.POSITIVE,
        is_of_programme=True,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "milestone": milestone.title,
            "is_outcome": is_outcome,
            "day": line.reached_day,
            "done": progress.reached,
            "of": len(progress.asked),
            "next": next_up.milestone.title if next_up else None,
        },
        because={
            "Milestone": milestone.title,
            "Reached on": line.reached_on.isoformat() if line.reached_on else "",
            "Rule": "the CRM shows that a milestone of your programme was reached this week",
        },
    )


RULE = Rule(
    key=KEY,
    title="Milestone reached",
    because="The CRM shows that you reached a milestone of your programme.",
    template="nudges/milestone_reached.j2",
    cooldown_days=180,
    notice=notice,
    example=kim_on_day(25, call=Standing.REACHED),
)
