"""When a rep's accounts changed: seen as many deals that change hands on one day."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.ids import RepId
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow

#: Fewer deals than this change hands in the course of business.
FEWEST_DEALS = 8
#: And they are at least this share of the open deals the rep has after it, or had before it.
LEAST_SHARE = 0.5


def read_territory_changes(session: Session, zone: ZoneInfo) -> Mapping[RepId, date]:
    """Rep → the newest day on which half of their open deals came from others or went to them."""
    row = OpportunityOwnerChangeRow
    moves: dict[tuple[str, date, str], int] = Counter()
    wanted = select(row.from_owner_id, row.to_owner_id, row.changed_at)
    for giver, taker, at in session.exec(wanted):
        day = at.astimezone(zone).date()
        moves[giver, day, "went"] += 1
        moves[taker, day, "came"] += 1
    days: dict[str, set[date]] = defaultdict(set)
    for (rep, day, way), deals in moves.items():
        if deals >= FEWEST_DEALS and deals >= LEAST_SHARE * _open_deals(session, rep, day, way):
            days[rep].add(day)
    return {RepId(rep): max(found) for rep, found in days.items()}


def _open_deals(session: Session, rep: str, day: date, way: str) -> int:
    """On the day itself for deals that came, on the day before for those that went."""
    span = DealSpanRow
    on = day if way == "came" else day - timedelta(days=1)
    wanted = select(func.count()).where(
        col(span.rep_id) == rep,
        col(span.is_closed).is_(False),
        col(span.first_day) <= on,
        col(span.last_day) >= on,
    )
    return int(session.exec(wanted).one())
