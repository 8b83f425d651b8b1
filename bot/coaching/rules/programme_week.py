"""A new hire's week in the programme: what is done, what is due, and one thing to do next."""

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

KEY = RuleKey("programme_week")
#: Where a Monday is a holiday, the week begins on its second day.
FIRST_DAYS = 2


def notice(view: RepView) -> Iterator[Proposal]:
    progress = view.progress
    if progress is None or not progress.is_running or not view.is_present:
        return
    is_first_day = view.today.weekday() in sorted(view.works)[:FIRST_DAYS]
    next_up = progress.next_up
    if is_first_day and next_up is not None:
        yield _proposal(view, progress, next_up)


def _proposal(view: RepView, progress: Progress, next_up: MilestoneLine) -> Proposal:
    monday = view.today - timedelta(days=view.today.weekday())
    next_monday = monday + timedelta(weeks=1)
    due = [
        line.milestone.title
        for line in progress.lines
        if line.standing in {Standing.OPEN, Standing.DUE} and line.due_on < next_monday
    ]
    is_own = next_up.milestone.kind is MilestoneKind.TASK
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=f"week of {monday.isoformat()}",
        # What a new hire is there for comes before what a deal is worth.
        priority=priority(likelihood=1, gain=1, actionability=1),
        tone=Tone.NEUTRAL,
        is_of_programme=True,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "day": progress.day,
            "last_day": progress.programme.last_day,
            "done": progress.reached,
            "of": len(progress.asked),
            "due": due,
            "next": next_up.milestone.title,
            "how": next_up.milestone.how,
            "token": progress.token_of(next_up) if is_own else None,
        },
        because={
            "Programme": f"{progress.programme.title}, version {progress.programme.version}",
            "Working day": f"{progress.day} of {progress.programme.last_day}",
            "Rule": "once at the beginning of each week of the programme",
        },
    )


RULE = Rule(
    key=KEY,
    title="Your week in the programme",
    because="You are on the programme for new hires; this comes once a week while it lasts.",
    template="nudges/programme_week.j2",
    cooldown_days=7,
    notice=notice,
    example=kim_on_day(23),
)
