"""How open deals stood at night, from the day of installation on, whatever the CRM remembers.

A deal has a row for the first night and for each night after which it stood otherwise, so that a
year of nights takes no more room than what changed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, and_, case, exists, func, insert, literal, or_, true, update
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant, big_identity
from bot.storage.facts.source import Knowledge
from bot.storage.mirror.opportunity import OpportunityRow

LOOKED_AT = ("owner_id", "stage_name", "amount_cents", "close_on", "forecast_category",
             "probability", "next_step")  # fmt: skip


class DealSnapshotRow(SQLModel, table=True):
    __tablename__ = "deal_snapshot"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    opportunity_id: str = Field(max_length=18, index=True)
    #: From when on it stood so: the record's stamp, or the night when that had not moved.
    since: datetime = Field(sa_type=Instant)
    taken_at: datetime = Field(sa_type=Instant)
    owner_id: str = Field(max_length=18)
    stage_name: str
    amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    close_on: date | None = None
    forecast_category: str | None = None
    probability: float | None = None
    next_step: str | None = None
    is_latest: bool = Field(default=True, index=True)


class SnapshotNightRow(SQLModel, table=True):
    """The day whose morning found the last snapshot taken."""

    __tablename__ = "snapshot_night"

    id: int = Field(primary_key=True)
    day: date


def keep_snapshots(session: Session, knowledge: Knowledge) -> None:
    """Once a day; what a repetition finds is there already."""
    night = session.get(SnapshotNightRow, 1)
    if night is not None and night.day >= knowledge.day:
        return
    _forget_what_is_otherwise(session)
    _take(session, knowledge.now)
    session.merge(SnapshotNightRow(id=1, day=knowledge.day))
    session.flush()


def _forget_what_is_otherwise(session: Session) -> None:
    deal: Any = OpportunityRow
    row: Any = DealSnapshotRow
    differs = or_(*(getattr(deal, name).is_distinct_from(getattr(row, name)) for name in LOOKED_AT))
    moved = exists().where(deal.id == row.opportunity_id, differs)
    outdated = update(row).where(row.is_latest.is_(True), moved).values(is_latest=False)
    session.connection().execute(outdated, execution_options={"synchronize_session": False})


def _take(session: Session, now: datetime) -> None:
    deal: Any = OpportunityRow
    row: Any = DealSnapshotRow
    before = (
        core_select(row.opportunity_id, func.max(row.taken_at).label("taken_at"))
        .group_by(row.opportunity_id)
        .subquery("before")
    )
    is_latest_there = exists().where(row.opportunity_id == deal.id, row.is_latest.is_(True))
    is_known = before.c.opportunity_id.is_not(None)
    at_night = literal(now, type_=row.since.type)
    since = case((and_(is_known, deal.stamp <= before.c.taken_at), at_night), else_=deal.stamp)
    wanted = (
        core_select(deal.id, since, at_night, *(getattr(deal, n) for n in LOOKED_AT), true())
        .outerjoin(before, before.c.opportunity_id == deal.id)
        .where(
            deal.is_deleted.is_(False),
            or_(deal.is_closed.is_(False), is_known),
            ~is_latest_there,
        )
    )
    names = ["opportunity_id", "since", "taken_at", *LOOKED_AT, "is_latest"]
    session.connection().execute(insert(row).from_select(names, wanted))


def read_snapshots(
    session: Session, ids: Collection[str]
) -> Mapping[str, Sequence[DealSnapshotRow]]:
    """Oldest first, by deal."""
    row = DealSnapshotRow
    found: dict[str, list[DealSnapshotRow]] = defaultdict(list)
    wanted = select(row).where(col(row.opportunity_id).in_(ids)).order_by(col(row.id))
    for each in session.exec(wanted):
        found[each.opportunity_id].append(each)
    return found
