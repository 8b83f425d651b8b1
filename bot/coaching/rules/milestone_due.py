"""A milestone of a new hire's programme is nearly due, due today, or was due three days ago."""

from collections.abc import Iterator

from bot.coaching.priority import priority
from bot.coaching.programme_example import kim_on_day
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone
from bot.domain.programme import MilestoneKind
from bot.domain.progress import MilestoneLine, Progress, Standing

KEY = RuleKey("milestone_due")
#: Working days until it is due on which it is spoken of; each once.
SPOKEN_AT = frozenset({3, 0, -3})
CAN_BE_DONE = frozenset({Standing.OPEN, Standing.DUE, Standing.BEHIND})


def notice(view: RepView) -> Iterator[Proposal]:
    """Whatever waits for something else is not spoken of, nor what is asked of the manager late."""
    progress = view.progress
    if progress is None or not progress.is_running or not view.is_present:
        return
    for line in progress.lines:
        left = line.milestone.day - progress.day
        is_managers = line.milestone.is_signed_by_manager and left < 0
        if line.standing in CAN_BE_DONE and left in SPOKEN_AT and not is_managers:
            yield _proposal(view, progress, line, left)


def _proposal(view: RepView, progress: Progress, line: MilestoneLine, left: int) -> Proposal:
    milestone = line.milestone
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=f"{milestone.key}:{left}",
        priority=priority(likelihood=0.9, gain=0.9, actionability=0.8),
        tone=Tone.NEUTRAL,
        is_of_programme=True,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "milestone": milestone.title,
            "how": milestone.how,
            "left": left,
            "due_on": line.due_on.isoformat(),
            "is_signed": milestone.is_signed_by_manager,
            "token": progress.token_of(line) if milestone.kind is MilestoneKind.TASK else None,
        },
        because={
            "Milestone": milestone.title,
            "Due on working day": str(milestone.day),
            "Today is working day": str(milestone.day - left),
            "Rule": "three working days before a milestone is due, on the day, and three after",
        },
    )


RULE = Rule(
    key=KEY,
    title="Milestone due",
    because="A milestone of your programme is due about now and not yet reached.",
    template="nudges/milestone_due.j2",
    cooldown_days=14,
    notice=notice,
    example=kim_on_day(28, call=Standing.BEHIND, behind=3),
)
