"""How many of their onboarding milestones people reached in time, of those that were due."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session

from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.queries.programmes import read_progress
from bot.runtime import Runtime

#: Of fewer a share says nothing.
FEWEST = 2


def read_milestone_shares(
    session: Session, runtime: Runtime, reps: Iterable[Rep], today: date
) -> Mapping[RepId, float]:
    """Whoever followed no programme, or had too little due while they were here, is not in it."""
    people = list(reps)
    last_days = {rep.id: min(today, rep.left_on or today) for rep in people}
    found: dict[RepId, float] = {}
    for rep, progress in read_progress(session, runtime, people, today).items():
        due = [
            line
            for line in progress.asked
            if line.due_on < last_days[rep] or line.reached_on is not None
        ]
        in_time = sum(
            line.reached_on is not None and line.reached_on <= line.due_on for line in due
        )
        if len(due) >= FEWEST:
            found[rep] = in_time / len(due)
    return found
