"""When a rep's accounts changed: seen as many deals that change hands on one day."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.ids import RepId
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow

#: Fewer deals than this change hands in the course of business.
FEWEST_DEALS = 8
#: And they are at least this share of the open deals the rep has after it, or had before it.
LEAST_SHARE = 0.5


def read_territory_changes(session: Session) -> Mapping[RepId, date]:
    """Rep → the newest day on which half of their open deals came from others or went to them.

    Days are the database's own: where midnight lies does not matter for deals in bulk.
    """
    row = OpportunityOwnerChangeRow
    day = func.date(col(row.changed_at))
    days: dict[RepId, date] = {}
    for owner, way in ((row.from_owner_id, "went"), (row.to_owner_id, "came")):
        bulk = (
            select(col(owner), day, func.count())
            .group_by(col(owner), day)
            .having(func.count() >= FEWEST_DEALS)
        )
        for rep, found, deals in session.exec(bulk):
            # SQLite has no dates of its own.
            on = date.fromisoformat(str(found))
            if deals >= LEAST_SHARE * _open_deals(session, rep, on, way):
                days[RepId(rep)] = max(on, days.get(RepId(rep), on))
    return days


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
