"""Whom a manager should talk to next: the one whose last 1:1 is the longest ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.commitment import CommitmentState
from bot.domain.ids import RepId, SlackUserId
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep
from bot.queries.permissions import require_manager, require_person
from bot.queries.talks import LOOK_BACK, last_talks, read_talks
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.one_on_ones import CommitmentRow, last_held, read_commitments
from bot.storage.roster import read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    rep_id: RepId
    rep: str
    #: None while there is no 1:1 on record.
    last_held_on: date | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    lines: tuple[QueueLine, ...]
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId) -> Queue:
    """Raises UnknownPerson or NotAllowed."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        reps = [rep for rep in roster.reps.values() if rep.team == manager.id and rep.is_active]
        now = runtime.clock.now()
        lines = read_queue(session, reps, manager, organisation=runtime.organisation, now=now)
    return Queue(lines=lines, locale=person.locale, zone=person.zone.key)


def read_queue(
    session: Session,
    reps: Sequence[Rep],
    manager: Manager,
    *,
    organisation: Organisation,
    now: datetime,
) -> tuple[QueueLine, ...]:
    """1:1s that were written down, and those in the manager's calendar."""
    ids, today = [rep.id for rep in reps], now.astimezone(manager.zone).date()
    talks = read_talks(
        session,
        manager,
        reps,
        organisation=organisation,
        since=today - LOOK_BACK,
        until=today,
        known_at=now,
    )
    noted = last_held(session, manager=manager.id, reps=ids)
    held = {**noted, **{str(rep): day for rep, day in last_talks(talks).items()}}
    promised = [
        row
        for row in read_commitments(session, manager=manager.id, reps=ids)
        if row.state == CommitmentState.OPEN
    ]
    lines = [
        QueueLine(
            rep_id=rep.id,
            rep=rep.name,
            last_held_on=held.get(rep.id),
            open=len(_of(promised, rep.id)),
            overdue=sum(row.due_on < today for row in _of(promised, rep.id)),
        )
        for rep in reps
    ]
    return tuple(sorted(lines, key=lambda each: (each.last_held_on or date.min, each.rep)))


def _of(promised: Sequence[CommitmentRow], rep: RepId) -> Sequence[CommitmentRow]:
    return [row for row in promised if row.rep_id == rep]
