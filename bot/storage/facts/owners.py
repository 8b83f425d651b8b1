"""Who owned a deal when: what we saw between pulls, and before that what the CRM remembers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.storage.facts.event_owners import OwnerChange
from bot.storage.mirror.credit import OpportunityFieldHistoryRow
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow

USER_PREFIX = "005"
OWNER = frozenset({"Owner", "OwnerId"})


def read_owner_changes(session: Session, ids: Collection[str]) -> Mapping[str, list[OwnerChange]]:
    seen: dict[str, list[OwnerChange]] = defaultdict(list)
    row = OpportunityOwnerChangeRow
    for change in session.exec(select(row).where(col(row.opportunity_id).in_(ids))):
        seen[change.opportunity_id].append(
            OwnerChange(
                at=change.changed_at,
                from_owner=change.from_owner_id,
                to_owner=change.to_owner_id,
            )
        )
    told: dict[str, list[OwnerChange]] = defaultdict(list)
    history = OpportunityFieldHistoryRow
    for each in session.exec(select(history).where(col(history.opportunity_id).in_(ids))):
        if known := _told(each):
            told[each.opportunity_id].append(known)
    return {deal: [*told[deal], *_untold(seen[deal], told[deal])] for deal in ids}


def _told(row: OpportunityFieldHistoryRow) -> OwnerChange | None:
    """The row with the ids; its twin has the names, and a queue's id is nobody's."""
    before, after = row.old_value or "", row.new_value or ""
    if row.is_deleted or row.field not in OWNER:
        return None
    if not (before.startswith(USER_PREFIX) and after.startswith(USER_PREFIX)):
        return None
    return OwnerChange(at=row.stamp, from_owner=before, to_owner=after)


def _untold(seen: Sequence[OwnerChange], told: Sequence[OwnerChange]) -> list[OwnerChange]:
    """What we saw and the CRM does not tell: before its history begins, or after it was ended.

    Several changes between two pulls were seen as one, at or after the last of them.
    """
    if not told:
        return list(seen)
    ordered = sorted(told, key=_at)
    later = sorted((each for each in seen if each.at >= ordered[-1].at), key=_at)
    if later and later[0].to_owner == ordered[-1].to_owner:
        del later[0]
    return [*(each for each in seen if each.at < ordered[0].at), *later]


def _at(change: OwnerChange) -> datetime:
    return change.at
