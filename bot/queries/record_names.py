"""What people call the records behind a number, and where each opens in the CRM."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.domain.organisation import Organisation
from bot.storage.mirror.account import AccountRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
from bot.storage.mirror.opportunity import OpportunityRow

#: Name, and the address when the CRM's is known.
NamedRecord = tuple[str, str | None]


def name_records(
    session: Session, organisation: Organisation, ids: Sequence[str]
) -> tuple[NamedRecord, ...]:
    """In the order of ``ids``; a record that is gone is called by its id."""
    wanted = list(ids)
    known: dict[str, str | None] = {}
    for key, name in (
        (OpportunityRow.id, OpportunityRow.name),
        (AccountRow.id, AccountRow.name),
        (CrmTaskRow.id, CrmTaskRow.subject),
        (CrmEventRow.id, CrmEventRow.subject),
    ):
        known.update(dict(session.exec(select(key, name).where(col(key).in_(wanted))).all()))
    return tuple((known.get(each) or each, organisation.record_url(each)) for each in wanted)
