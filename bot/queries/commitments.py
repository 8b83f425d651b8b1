"""What was promised in 1:1s, and how it stands."""

from datetime import timedelta

from sqlmodel import Session

from bot.coaching.gaps import reading_in_words
from bot.coaching.rep_view import RepView
from bot.domain.commitment import Commitment, CommitmentState
from bot.domain.ids import MetricKey, SlackUserId
from bot.domain.people import Manager, Rep
from bot.queries.permissions import require_person
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.one_on_ones import CommitmentRow, read_commitments
from bot.storage.roster import read_roster

#: A commitment that was closed is shown for so long.
SHOWN_FOR = timedelta(days=28)
MOST_SHOWN = 5


def commitments_of(
    session: Session, runtime: Runtime, rep: Rep, manager: Manager, *, view: RepView | None
) -> tuple[Commitment, ...]:
    """The open ones, the first due first, and then those closed lately."""
    now = runtime.clock.now()
    rows = [
        row
        for row in read_commitments(session, manager=manager.id, reps=[rep.id])
        if row.closed_at is None or now - row.closed_at <= SHOWN_FOR
    ]
    rows.sort(key=lambda row: row.closed_at is not None)
    return tuple(_commitment(row, runtime, view) for row in rows[:MOST_SHOWN])


def ask(runtime: Runtime, *, asker: SlackUserId) -> tuple[Commitment, ...]:
    """The asker's own open commitments to their present manager. Raises UnknownPerson."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        rep = person.rep
        manager = roster.managers.get(rep.team) if rep is not None and rep.team else None
        if rep is None or manager is None:
            return ()
        found = commitments_of(session, runtime, rep, manager, view=None)
    return tuple(each for each in found if each.state is CommitmentState.OPEN)


def _commitment(row: CommitmentRow, runtime: Runtime, view: RepView | None) -> Commitment:
    key = MetricKey(row.metric or "")
    known = runtime.metrics.get(key)
    gap = view.gaps.get(key) if view is not None else None
    return Commitment(
        id=row.id or 0,
        words=row.words,
        due_on=row.due_on,
        state=CommitmentState(row.state),
        metric=known.metric.title if known else None,
        now=reading_in_words(gap) if gap is not None else None,
    )
