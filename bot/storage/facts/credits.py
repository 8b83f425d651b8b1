"""Whom the money of a deal is credited to, where the CRM splits it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.local_days import local_day
from bot.storage.facts.event_owners import owners_of
from bot.storage.facts.tables import DealSpanRow
from bot.storage.facts.touched import DirtyDays
from bot.storage.mirror.credit import OpportunitySplitRow
from bot.storage.splits import whole_shares


class DealCreditRow(SQLModel, table=True):
    """A person's share of a deal; the shares of one deal add up to 1."""

    __tablename__ = "deal_credit"

    opportunity_id: str = Field(primary_key=True, max_length=18)
    rep_id: str = Field(primary_key=True, max_length=18, index=True)
    share: float
    #: The organisation's day on which the newest of the deal's splits was last written: the CRM
    #: keeps no history of them, and before that day the owner has all of it.
    known_on: date


def derive_credits(
    session: Session,
    deals: Sequence[str],
    spans: Iterable[DealSpanRow],
    *,
    zone: ZoneInfo,
    dirty: DirtyDays,
) -> None:
    """``spans`` are those of the deals before and now; a deal without any is credited to nobody."""
    credit = DealCreditRow
    by_deal: dict[str, list[DealSpanRow]] = defaultdict(list)
    for span in spans:
        by_deal[span.opportunity_id].append(span)
    known = session.exec(select(credit).where(col(credit.opportunity_id).in_(deals))).all()
    fresh = _credits(session, deals, zone)
    people: dict[str, set[str]] = defaultdict(set)
    for row in (*known, *fresh):
        people[row.opportunity_id].add(row.rep_id)
    for deal, theirs in by_deal.items():
        for rep in {*people[deal], *(rep for span in theirs for rep in owners_of(span))}:
            for span in theirs:
                dirty.touch("credited_opportunity", rep, span.closed_on, span.close_on)
    session.connection().execute(delete(credit).where(col(credit.opportunity_id).in_(deals)))
    if fresh:
        session.connection().execute(insert(credit), [row.model_dump() for row in fresh])


def _credits(session: Session, deals: Sequence[str], zone: ZoneInfo) -> list[DealCreditRow]:
    row = OpportunitySplitRow
    found: dict[str, list[OpportunitySplitRow]] = defaultdict(list)
    for split in session.exec(select(row).where(col(row.opportunity_id).in_(deals))):
        found[split.opportunity_id].append(split)
    rows: list[DealCreditRow] = []
    for deal, splits in found.items():
        known_on = max(local_day(each.stamp, zone) for each in splits)
        shares = whole_shares(splits)
        whole = sum(shares.values())
        rows.extend(
            DealCreditRow(
                opportunity_id=deal, rep_id=rep, share=float(share / whole), known_on=known_on
            )
            for rep, share in shares.items()
        )
    return rows
