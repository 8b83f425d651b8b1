"""Whom the credit for deals goes to, where the CRM splits it."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.storage.mirror.credit import OpportunitySplitRow
from bot.storage.version import remembered

WHOLE = Decimal(100)
SLIP = Decimal("0.01")


def read_splits(session: Session) -> Mapping[str, Mapping[str, Decimal]]:
    """See ``_read``, which is asked once for all metrics and periods."""
    return remembered(session, "splits", lambda: _read(session))


def _read(session: Session) -> Mapping[str, Mapping[str, Decimal]]:
    """Deal → user id, in small letters → share.

    Only of the kind of split whose shares make up the whole deal: overlays come on top of it, and
    what a deal's owner earns does not grow less by them. Of several such kinds the oldest counts.
    """
    row = OpportunitySplitRow
    shares: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    wanted = select(row.opportunity_id, row.split_type_id, row.owner_id, row.percentage).where(
        col(row.is_deleted).is_(False), col(row.percentage) > 0
    )
    for deal, kind, owner, share in session.exec(wanted):
        shares[deal, kind or ""][owner.lower()] += Decimal(str(share))
    found: dict[str, Mapping[str, Decimal]] = {}
    for (deal, _), parts in sorted(shares.items()):
        if deal not in found and abs(sum(parts.values()) - WHOLE) <= SLIP:
            found[deal] = {owner: share / WHOLE for owner, share in parts.items()}
    return found
