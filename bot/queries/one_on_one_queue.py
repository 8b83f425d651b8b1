"""Whom a manager should talk to next: the one whose last 1:1 is the longest ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.commitment import CommitmentState
from bot.domain.ids import RepId, SlackUserId
from bot.domain.people import Manager, Rep
from bot.queries.permissions import require_manager, require_person
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
        lines = read_queue(session, reps, manager, now=runtime.clock.now())
    return Queue(lines=lines, locale=person.locale, zone=person.zone.key)


def read_queue(
    session: Session, reps: Sequence[Rep], manager: Manager, *, now: datetime
) -> tuple[QueueLine, ...]:
    ids = [rep.id for rep in reps]
    held = last_held(session, manager=manager.id, reps=ids)
    promised = [
        row
        for row in read_commitments(session, manager=manager.id, reps=ids)
        if row.state == CommitmentState.OPEN
    ]
    today = now.astimezone(manager.zone).date()
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
