"""Discount and margin of won deals, where the organisation's own fields hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlmodel import Session, col, select

from bot.domain.windows import Window
from bot.storage.availability import Available
from bot.storage.mirror.opportunity import OpportunityRow

DealShare = Literal["discount", "margin"]
PER_CENT = 100
#: Both are in per cent; what is beyond is a slip or an amount of money, and is left out.
LOWEST, HIGHEST = {"discount": 0.0, "margin": -100.0}, 100.0
EXAMPLES = {"discount": "Discount__c", "margin": "Margin__c"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DealShares:
    """Record to its share; nothing, and why, where no field is read."""

    of: Mapping[str, float] = field(default_factory=dict)
    missing_because: str = ""


def read_shares(session: Session, what: DealShare, window: Window) -> DealShares:
    """Of the deals that are won by now, with a close date in the window, as they stand."""
    if not Available.read(session).has("opportunity", what):
        return DealShares(
            missing_because=f"no field of your CRM is read as a deal's {what}: name yours in "
            f"app.yaml under `salesforce: fields:`, for example `opportunity.{what}: "
            f"{EXAMPLES[what]}`"
        )
    deal = OpportunityRow
    rows = session.exec(
        select(deal.id, getattr(deal, what)).where(
            col(deal.is_won).is_(True),
            col(deal.is_deleted).is_(False),
            col(deal.close_on).between(window.first, window.last),
            col(getattr(deal, what)).between(LOWEST[what], HIGHEST),
        )
    )
    return DealShares(of={str(record): float(share) / PER_CENT for record, share in rows})
