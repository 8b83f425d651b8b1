"""What people call the records behind a number, and where each opens in the CRM."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from bot.domain.organisation import Organisation
from bot.render.filters import day
from bot.storage.mirror.account import AccountRow, ContactRow, LeadRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
from bot.storage.mirror.email import EmailMessageRow
from bot.storage.mirror.opportunity import OpportunityRow

#: Name, and the address when the CRM's is known.
NamedRecord = tuple[str, str | None]

NO_DAYS: Mapping[str, date] = {}


def name_records(
    session: Session,
    organisation: Organisation,
    ids: Sequence[str],
    *,
    days: Mapping[str, date] = NO_DAYS,
    locale: str | None = None,
) -> tuple[NamedRecord, ...]:
    """In the order of ``ids``; a record that is gone is called by its id.

    A call is told from the next by its day, the one it counts on where ``days`` says so, and by
    whom it was with. Days are written as the reader's ``locale`` has them.
    """
    wanted = list(ids)
    known = {**_titles(session, wanted), **_activities(session, wanted, days, locale)}
    return tuple((known.get(each) or each, organisation.record_url(each)) for each in wanted)


def _titles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, name in (
        (OpportunityRow.id, OpportunityRow.name),
        (AccountRow.id, AccountRow.name),
        (ContactRow.id, ContactRow.name),
        (LeadRow.id, LeadRow.name),
        (EmailMessageRow.id, EmailMessageRow.subject),
    ):
        rows = session.exec(select(key, name).where(col(key).in_(ids))).all()
        found.update({record: title for record, title in rows if title})
    return found


def _activities(
    session: Session, ids: Sequence[str], days: Mapping[str, date], locale: str | None
) -> Mapping[str, str]:
    rows: list[CrmTaskRow | CrmEventRow] = [
        *session.exec(select(CrmTaskRow).where(col(CrmTaskRow.id).in_(ids))),
        *session.exec(select(CrmEventRow).where(col(CrmEventRow.id).in_(ids))),
    ]
    about = {each for row in rows for each in (row.who_id, row.what_id, row.account_id) if each}
    names = _titles(session, sorted(about))
    told = {}
    for row in rows:
        on = days.get(row.id) or row.activity_on
        told[row.id] = _told(row, day(on, locale=locale) if on else None, names)
    return told


def _told(row: CrmTaskRow | CrmEventRow, on: str | None, names: Mapping[str, str]) -> str:
    subject = row.subject or ("Meeting" if isinstance(row, CrmEventRow) else "Activity")
    whom = [names.get(each or "") for each in (row.who_id, row.what_id or row.account_id)]
    parts = (subject, on, ", ".join(name for name in whom if name))
    return " · ".join(part for part in parts if part)
