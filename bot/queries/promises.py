"""What reps promised in 1:1s and is due about now, as known on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, or_, select

from bot.coaching.rep_view import Promise, RepView
from bot.domain.commitment import CommitmentState
from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.queries.rep_views import Moment
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow

#: Early enough for something to be done about it.
AHEAD = timedelta(days=2)


def read_promises(
    session: Session, reps: Iterable[Rep], moment: Moment
) -> Mapping[RepId, tuple[Promise, ...]]:
    """To their present manager, and open at the moment; the first due first."""
    teams = {str(rep.id): rep.team for rep in reps}
    row, talk, now = CommitmentRow, OneOnOneRow, moment.knowledge.now
    due = session.exec(
        select(row, col(talk.held_on))
        .join(talk, col(talk.id) == col(row.one_on_one_id))
        .where(
            col(row.due_on).between(moment.today, moment.today + AHEAD),
            col(row.made_at) <= now,
            or_(col(row.state) == CommitmentState.OPEN, col(row.closed_at) > now),
        )
        .order_by(col(row.due_on), col(row.id))
    )
    found: dict[RepId, list[Promise]] = defaultdict(list)
    for each, held_on in due:
        if teams.get(each.rep_id) == each.manager_id:
            promise = Promise(
                id=each.id or 0, words=each.words, due_on=each.due_on, promised_on=held_on
            )
            found[RepId(each.rep_id)].append(promise)
    return {rep: tuple(promises) for rep, promises in found.items()}


def with_promises(
    views: Mapping[RepId, RepView], promises: Mapping[RepId, tuple[Promise, ...]]
) -> Mapping[RepId, RepView]:
    return {rep: replace(view, promises=promises.get(rep, ())) for rep, view in views.items()}
