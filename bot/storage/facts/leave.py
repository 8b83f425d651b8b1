"""Days off, read from all-day calendar entries that are shown as out of office."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.domain.ids import RepId
from bot.domain.local_days import local_day
from bot.domain.workdays import LeaveDays
from bot.storage.facts.derive import Surroundings
from bot.storage.facts.touched import in_chunks
from bot.storage.mirror.activity import CrmEventRow
from bot.storage.people import LeaveRow
from bot.storage.version import remembered

OUT_OF_OFFICE = "outofoffice"


def derive_leave(session: Session, ids: Collection[str], around: Surroundings) -> None:
    """Keep the leave that calendar entries tell of; leave from commands and CSV is not touched."""
    for chunk in in_chunks(ids):
        session.connection().execute(delete(LeaveRow).where(col(LeaveRow.record_id).in_(chunk)))
        for event in session.exec(select(CrmEventRow).where(col(CrmEventRow.id).in_(chunk))):
            span = _days_off(event, around)
            if span is not None:
                session.add(
                    LeaveRow(
                        person_id=event.owner_id,
                        first_day=span[0],
                        last_day=span[1],
                        source="calendar",
                        record_id=event.id,
                    )
                )
    session.flush()


def _days_off(event: CrmEventRow, around: Surroundings) -> tuple[date, date] | None:
    if event.is_deleted or not event.is_all_day:
        return None
    subject = (event.subject or "").lower()
    is_named = any(words in subject for words in around.organisation.leave_subjects)
    if (event.show_as or "").lower() != OUT_OF_OFFICE and not is_named:
        return None
    zone = around.zone_of(event.owner_id)
    first = event.activity_on or (local_day(event.starts_at, zone) if event.starts_at else None)
    if first is None:
        return None
    last = event.ends_on or (local_day(event.ends_at, zone) if event.ends_at else first)
    return first, max(first, last)


def read_leave(session: Session) -> LeaveDays:
    return remembered(session, "leave", lambda: _read_leave(session))


def _read_leave(session: Session) -> LeaveDays:
    spans: dict[RepId, list[tuple[date, date]]] = {}
    for row in session.exec(select(LeaveRow)):
        spans.setdefault(RepId(row.person_id), []).append((row.first_day, row.last_day))
    return LeaveDays({rep: tuple(sorted(each)) for rep, each in spans.items()})
