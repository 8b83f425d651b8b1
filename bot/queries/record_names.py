"""What people call the records behind a number, and where each opens in the CRM."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from bot.domain.organisation import Organisation
from bot.storage.mirror.account import AccountRow, ContactRow, LeadRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
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
) -> tuple[NamedRecord, ...]:
    """In the order of ``ids``; a record that is gone is called by its id.

    A call is told from the next by its day, the one it counts on where ``days`` says so, and by
    whom it was with.
    """
    wanted = list(ids)
    known = {**_titles(session, wanted), **_activities(session, wanted, days)}
    return tuple((known.get(each) or each, organisation.record_url(each)) for each in wanted)


def _titles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, name in (
        (OpportunityRow.id, OpportunityRow.name),
        (AccountRow.id, AccountRow.name),
        (ContactRow.id, ContactRow.name),
        (LeadRow.id, LeadRow.name),
    ):
        rows = session.exec(select(key, name).where(col(key).in_(ids))).all()
        found.update({record: title for record, title in rows if title})
    return found


def _activities(
    session: Session, ids: Sequence[str], days: Mapping[str, date]
) -> Mapping[str, str]:
    rows: list[CrmTaskRow | CrmEventRow] = [
        *session.exec(select(CrmTaskRow).where(col(CrmTaskRow.id).in_(ids))),
        *session.exec(select(CrmEventRow).where(col(CrmEventRow.id).in_(ids))),
    ]
    about = {each for row in rows for each in (row.who_id, row.what_id, row.account_id) if each}
    names = _titles(session, sorted(about))
    return {row.id: _told(row, days.get(row.id) or row.activity_on, names) for row in rows}


def _told(row: CrmTaskRow | CrmEventRow, day: date | None, names: Mapping[str, str]) -> str:
    subject = row.subject or ("Meeting" if isinstance(row, CrmEventRow) else "Activity")
    whom = [names.get(each or "") for each in (row.who_id, row.what_id or row.account_id)]
    parts = (subject, f"{day:%a} {day.day} {day:%b}" if day else None, *whom)
    return ", ".join(part for part in parts if part)
