"""Which 1:1s there were: those written down in Slack, and those in the manager's calendar."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, select

from bot.domain.ids import RecordId, RepId
from bot.domain.local_days import local_day
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep
from bot.storage.mirror.activity import CrmEventRow
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow

#: A 1:1 longer ago is none that anything is told since.
LOOK_BACK = timedelta(days=182)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One 1:1 of one rep on one day, however often it is on record."""

    rep: RepId
    day: date
    #: The calendar's entry, where there is one.
    event: RecordId | None
    #: Whether somebody wrote it down, and the metric of the promise that came of it.
    is_noted: bool
    has_promise: bool = False
    metric: str | None = None


def read_talks(
    session: Session,
    manager: Manager,
    reps: Iterable[Rep],
    *,
    organisation: Organisation,
    since: date,
    until: date,
    known_at: datetime,
) -> Sequence[Talk]:
    """From ``since`` to ``until``, both included, as known at an instant; the newest first.

    A meeting in the calendar counts once it has begun; its notes need not be written.
    """
    people = sorted(reps, key=lambda rep: rep.id)
    found = {
        (talk.rep, talk.day): talk
        for talk in _in_calendar(session, manager, people, organisation, since, known_at)
        if since <= talk.day <= until
    }
    for row, promise in _noted(session, manager, people, known_at):
        if since <= row.held_on <= until:
            key = (RepId(row.rep_id), row.held_on)
            found[key] = Talk(
                rep=key[0],
                day=key[1],
                event=found[key].event if key in found else None,
                is_noted=True,
                has_promise=promise is not None,
                metric=promise.metric if promise is not None else None,
            )
    return sorted(found.values(), key=lambda talk: (talk.day, talk.rep), reverse=True)


def last_talks(talks: Iterable[Talk]) -> Mapping[RepId, date]:
    """Rep → the day of the newest."""
    found: dict[RepId, date] = {}
    for talk in talks:
        found[talk.rep] = max(talk.day, found.get(talk.rep, talk.day))
    return found


def _noted(
    session: Session, manager: Manager, reps: Sequence[Rep], known_at: datetime
) -> Iterator[tuple[OneOnOneRow, CommitmentRow | None]]:
    row, promise = OneOnOneRow, CommitmentRow
    wanted = (
        select(row, promise)
        .join(promise, col(promise.one_on_one_id) == col(row.id), isouter=True)
        .where(
            col(row.manager_id) == manager.id,
            col(row.rep_id).in_([rep.id for rep in reps]),
            col(row.written_at) <= known_at,
        )
    )
    yield from session.exec(wanted)


def _in_calendar(
    session: Session,
    manager: Manager,
    reps: Sequence[Rep],
    organisation: Organisation,
    since: date,
    known_at: datetime,
) -> Iterator[Talk]:
    row = CrmEventRow
    meetings = session.exec(
        select(row.id, row.subject, row.starts_at).where(
            col(row.owner_id) == manager.id,
            col(row.is_deleted).is_(False),
            col(row.is_recurrence).is_(False),
            col(row.starts_at).between(_before(since), known_at),
            col(row.created_at) <= known_at,
            col(row.subject).is_not(None),
        )
    )
    for event, subject, starts_at in meetings:
        if starts_at is None or not is_one_on_one(subject or "", organisation):
            continue
        rep = find_named(subject or "", reps)
        if rep is not None:
            yield Talk(
                rep=rep.id,
                day=local_day(starts_at, manager.zone),
                event=RecordId(event),
                is_noted=False,
            )


def _before(day: date) -> datetime:
    """Early enough for the day wherever the manager lives."""
    return datetime.combine(day, time(0), tzinfo=UTC) - timedelta(days=1)


def is_one_on_one(subject: str, organisation: Organisation) -> bool:
    words = subject.lower()
    is_meant = any(each in words for each in organisation.one_on_one_subjects)
    return is_meant and not any(each in words for each in organisation.missed_subjects)


def find_named(subject: str, reps: Sequence[Rep]) -> Rep | None:
    """The one whom a calendar entry names; None where it names nobody, or could mean two."""
    words = subject.lower()
    in_full = [rep for rep in reps if rep.name.lower() in words]
    by_first = [rep for rep in reps if rep.first_name.lower() in words.replace("/", " ").split()]
    found = in_full or by_first
    return found[0] if len(found) == 1 else None
