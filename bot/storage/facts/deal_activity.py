"""What was done on each open deal, kept so that a day looks again only at deals that it touched."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Update,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlmodel import Field, Session, SQLModel, col

from bot.storage.facts.deals import holds
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import Knowledge
from bot.storage.facts.tables import WAS_PLANNED, ActivityRow, DealSpanRow
from bot.storage.facts.touched import in_chunks
from bot.storage.facts.work import done_by

#: What is told of a deal at once; its contacts follow.
LOOKED_AT = (
    "opportunity_id",
    "last_activity_on",
    "next_activity_on",
    "contacts_engaged",
    "next_logged_on",
    "is_stale",
)
ENGAGED_WITHIN = timedelta(days=90)


class DealActivityRow(SQLModel, table=True):
    """As known when all open deals were last looked at, on the day of KeptDealsRow."""

    __tablename__ = "deal_activity"

    opportunity_id: str = Field(primary_key=True, max_length=18)
    last_activity_on: date | None = None
    next_activity_on: date | None = None
    contacts_engaged: int
    #: The next day on which a contact was engaged too long ago is told by this one.
    first_contact_on: date | None = None
    #: The day on which the next planned activity will have been written down: zones differ.
    next_logged_on: date | None = None
    #: Touched since; whoever asks meanwhile is told how it was.
    is_stale: bool = False


class KeptDealsRow(SQLModel, table=True):
    """The day for which all open deals are kept."""

    __tablename__ = "kept_deals"

    day: date = Field(primary_key=True)


def touch_deals(session: Session, deals: Collection[str]) -> None:
    row = col(DealActivityRow.opportunity_id)
    for chunk in in_chunks(deals):
        touched = update(DealActivityRow).where(row.in_(chunk))
        session.connection().execute(touched.values(is_stale=True))


def keep_deals(session: Session, knowledge: Knowledge) -> None:
    """Look at each open deal that is new or was touched, or that the calendar changed."""
    row: Any = DealActivityRow
    connection = session.connection()
    is_past = or_(
        row.is_stale.is_(True),
        row.next_activity_on <= knowledge.day,
        row.next_logged_on <= knowledge.day,
        row.first_contact_on <= knowledge.day - ENGAGED_WITHIN,
    )
    connection.execute(delete(row).where(is_past))
    span: Any = DealSpanRow
    deal = span.opportunity_id
    looked_at = select(
        deal,
        last_activity(knowledge, deal),
        next_activity(knowledge, deal),
        literal(0),
        _next_logged(knowledge, deal),
        true(),
    ).where(
        *holds(span, knowledge),
        span.is_closed.is_(False),
        ~select(row.opportunity_id).where(row.opportunity_id == deal).exists(),
    )
    connection.execute(insert(row).from_select(LOOKED_AT, looked_at))
    connection.execute(_with_contacts(knowledge))
    connection.execute(delete(KeptDealsRow))
    connection.execute(insert(KeptDealsRow).values(day=knowledge.day))


def kept_deals_on(session: Session) -> date | None:
    """The day for which all open deals are kept; None before the first."""
    return session.connection().execute(select(func.max(col(KeptDealsRow.day)))).scalar()


def last_activity(knowledge: Knowledge, deal: Expression) -> Expression:
    done_on = col(ActivityRow.done_on)
    return (
        select(done_on)
        .where(col(ActivityRow.opportunity_id) == deal, *done_by(knowledge))
        .order_by(done_on.desc())
        .limit(1)
        .correlate_except(ActivityRow)
        .scalar_subquery()
    )


def next_activity(knowledge: Knowledge, deal: Expression) -> Expression:
    activity = ActivityRow
    return (
        select(func.min(col(activity.due_on)))
        .where(
            col(activity.due_on) > knowledge.day,
            *_still_to_be_done(knowledge, deal),
            col(activity.logged_on) <= knowledge.day,
        )
        .correlate_except(ActivityRow)
        .scalar_subquery()
    )


def _next_logged(knowledge: Knowledge, deal: Expression) -> Expression:
    logged_on = col(ActivityRow.logged_on)
    return (
        select(func.min(logged_on))
        .where(logged_on > knowledge.day, *_still_to_be_done(knowledge, deal))
        .correlate_except(ActivityRow)
        .scalar_subquery()
    )


def _still_to_be_done(knowledge: Knowledge, deal: Expression) -> tuple[Expression, ...]:
    activity = ActivityRow
    return (
        col(activity.opportunity_id) == deal,
        # In the words of the index, and true of whatever is still to be done.
        literal_column(WAS_PLANNED),
        # What was done since was still to be done then.
        or_(col(activity.done_on).is_(None), col(activity.done_on) > knowledge.day),
    )


def contacts_engaged(knowledge: Knowledge, deal: Expression) -> Expression:
    who = col(ActivityRow.who_id)
    return (
        select(func.count(func.distinct(who)))
        .where(col(ActivityRow.opportunity_id) == deal, *with_somebody(knowledge))
        .correlate_except(ActivityRow)
        .scalar_subquery()
    )


def _with_contacts(knowledge: Knowledge) -> Update:
    """Tell of all deals that were looked at whom was met on them: one small sort a deal."""
    row: Any = DealActivityRow
    activity: Any = ActivityRow
    met = (
        select(func.max(activity.done_on).label("last_on"))
        .where(activity.opportunity_id == row.opportunity_id, *with_somebody(knowledge))
        .group_by(activity.who_id)
        .correlate(row.__table__)
        .subquery("met")
    )
    engaged = select(func.count(), func.min(met.c.last_on)).select_from(met).scalar_subquery()
    told = tuple_(col(row.contacts_engaged), col(row.first_contact_on))
    return (
        update(row.__table__)
        .where(row.is_stale.is_(True))
        .values({told: engaged, row.is_stale: False})
    )


def with_somebody(knowledge: Knowledge) -> tuple[Expression, ...]:
    activity = ActivityRow
    return (
        col(activity.who_id).is_not(None),
        col(activity.done_on) > knowledge.day - ENGAGED_WITHIN,
        *done_by(knowledge),
    )
