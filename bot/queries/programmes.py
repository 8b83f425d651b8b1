"""How far those who are new have come in their programmes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.domain.progress import Days, Progress, measure_progress
from bot.runtime import Runtime
from bot.storage.facts.leave import read_leave
from bot.storage.programmes import newest_by_rep, read_followed


def read_progress(
    session: Session, runtime: Runtime, reps: Iterable[Rep], today: date
) -> Mapping[RepId, Progress]:
    """Everybody of ``reps`` who follows a programme or ever did in their present role."""
    people = {rep.id: rep for rep in reps}
    followed = newest_by_rep(read_followed(session, people), today)
    days = Days(calendar=runtime.calendar, leave=read_leave(session)) if followed else None
    return {
        rep_id: measure_progress(
            each.programme,
            people[rep_id],
            assignment=each.id,
            started_on=each.started_on,
            asked_from=each.asked_from,
            reached=each.reached_by(today),
            today=today,
            days=days,
        )
        for rep_id, each in followed.items()
        if days is not None and each.role == people[rep_id].role
    }


def with_programmes(
    views: Mapping[RepId, RepView], progress: Mapping[RepId, Progress]
) -> Mapping[RepId, RepView]:
    """The same views; those who are on a programme with how far they have come."""
    return {
        rep: replace(view, progress=progress[rep]) if rep in progress else view
        for rep, view in views.items()
    }
