"""Whom the credit for deals goes to, where the CRM splits it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.storage.mirror.credit import OpportunitySplitRow
from bot.storage.version import remembered

WHOLE = Decimal(100)
SLIP = Decimal("0.01")


def read_splits(session: Session) -> Mapping[str, Mapping[str, Decimal]]:
    """Deal → user id, in small letters → share; asked once for all metrics and periods."""
    return remembered(session, "splits", lambda: _read(session))


def _read(session: Session) -> Mapping[str, Mapping[str, Decimal]]:
    row = OpportunitySplitRow
    by_deal: dict[str, list[OpportunitySplitRow]] = defaultdict(list)
    for split in session.exec(select(row).where(col(row.is_deleted).is_(False))):
        by_deal[split.opportunity_id].append(split)
    found = {}
    for deal, splits in by_deal.items():
        if shares := whole_shares(splits):
            found[deal] = {owner.lower(): share for owner, share in shares.items()}
    return found


def whole_shares(splits: Iterable[OpportunitySplitRow]) -> Mapping[str, Decimal]:
    """User id → share of one deal, of the kind of split whose shares make up the whole of it.

    Overlays come on top, and what a deal's owner earns does not grow less by them. Of several such
    kinds the oldest counts; without any nobody has a share.
    """
    by_kind: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in splits:
        if not each.is_deleted and each.percentage is not None and each.percentage > 0:
            by_kind[each.split_type_id or ""][each.owner_id] += Decimal(str(each.percentage))
    for _, parts in sorted(by_kind.items()):
        if abs(sum(parts.values()) - WHOLE) <= SLIP:
            return {owner: share / WHOLE for owner, share in parts.items()}
    return {}
