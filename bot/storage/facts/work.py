"""Activities, meetings, leads and accounts as facts."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, and_, case, false, func, literal, literal_column, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import DaysBetween, Knowledge, MinutesBetween, Source
from bot.storage.facts.tables import ActivityRow, LeadFactRow
from bot.storage.facts.touched import FIRST_MEETING_IN, FOLLOWED_UP_WITHIN
from bot.storage.mirror.account import AccountRow

MADE_UP_FOR_WITHIN_DAYS = 7
FIRST_DAYS_OF_A_LEAD = 10
#: In the words of the index that holds nothing but meetings, or it would not be used.
IS_A_MEETING: Expression = literal_column("'meeting'")


def done_by(knowledge: Knowledge, activity: Any = ActivityRow) -> list[Expression]:  # noqa: ANN401 - a table class or an alias of one
    """An activity that was over and written down by then."""
    return [
        # Not a range for SQLite: it would walk all days of a rep rather than find the dirty ones.
        (activity.done_on <= knowledge.day).is_(True),
        activity.logged_on <= knowledge.day,
        or_(activity.done_at.is_(None), activity.done_at <= knowledge.now),
    ]


def activities(knowledge: Knowledge, choices: Choices) -> Source:
    names = ActivityRow.model_fields
    minutes = choices.double_log_minutes
    return Source(
        columns={name: getattr(ActivityRow, name) for name in names},
        clause=ActivityRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
        conditions=[*done_by(knowledge), *([~_is_logged_twice(minutes)] if minutes else [])],
    )


def _is_logged_twice(minutes: int) -> Expression:
    """Another tool logged the same: of alike activities the one with the first id counts."""
    one: Any = ActivityRow
    other: Any = aliased(ActivityRow, name="twin")
    return (
        select(other.id)
        .where(
            other.who_id == one.who_id,
            other.rep_id == one.rep_id,
            other.kind == one.kind,
            other.id < one.id,
            func.abs(MinutesBetween(other.done_at, one.done_at)) <= minutes,
        )
        .correlate(ActivityRow)
        .exists()
    )


def meetings(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    one: Any = ActivityRow
    return Source(
        columns={
            "id": one.id,
            "rep_id": one.rep_id,
            "meeting_on": one.due_on,
            "is_missed": one.is_missed,
            # CASE looks no further than it must, where SQLite works out both sides of an OR.
            "is_held": case((one.is_missed.is_(False), true()), else_=_is_made_up_for(knowledge)),
            "is_first_with_account": case(
                (or_(one.account_id.is_(None), one.is_missed), false()),
                else_=~_was_met_before(knowledge),
            ),
            "minutes_to_follow_up": _minutes_to_follow_up(knowledge),
            "who_id": one.who_id,
            "opportunity_id": one.opportunity_id,
            "account_id": one.account_id,
        },
        clause=one.__table__,
        conditions=[*done_by(knowledge), one.kind == IS_A_MEETING, one.is_external.is_(True)],
    )


def _held(knowledge: Knowledge, other: Any) -> list[Expression]:  # noqa: ANN401 - an alias of a table class
    return [other.kind == "meeting", other.is_missed.is_(False), *done_by(knowledge, other)]


def _is_made_up_for(knowledge: Knowledge) -> Expression:
    one: Any = ActivityRow
    other: Any = aliased(ActivityRow, name="made_up")
    return (
        select(other.id)
        .where(
            other.who_id == one.who_id,
            *_held(knowledge, other),
            DaysBetween(other.due_on, one.due_on).between(0, MADE_UP_FOR_WITHIN_DAYS),
        )
        .correlate(ActivityRow)
        .exists()
    )


def _was_met_before(knowledge: Knowledge) -> Expression:
    one: Any = ActivityRow
    other: Any = aliased(ActivityRow, name="met_before")
    is_earlier = or_(
        other.done_at < one.done_at, and_(other.done_at == one.done_at, other.id < one.id)
    )
    return (
        select(other.id)
        .where(
            other.account_id == one.account_id,
            *_held(knowledge, other),
            is_earlier,
            DaysBetween(one.due_on, other.due_on) <= FIRST_MEETING_IN.days,
        )
        .correlate(ActivityRow)
        .exists()
    )


def _minutes_to_follow_up(knowledge: Knowledge) -> Expression:
    one: Any = ActivityRow
    other: Any = aliased(ActivityRow, name="follow_up")
    return (
        select(func.min(MinutesBetween(other.done_at, one.done_at)))
        .where(
            or_(other.who_id == one.who_id, other.opportunity_id == one.opportunity_id),
            other.rep_id == one.rep_id,
            other.kind.in_(("call", "email")),
            other.done_at >= one.done_at,
            DaysBetween(other.done_on, one.done_on) <= FOLLOWED_UP_WITHIN.days,
            *done_by(knowledge, other),
        )
        .correlate(ActivityRow)
        .scalar_subquery()
    )


def leads(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    lead: Any = LeadFactRow
    day = knowledge.day
    converted_on = case((lead.converted_on <= day, lead.converted_on))
    return Source(
        columns={
            "id": lead.id,
            "rep_id": lead.rep_id,
            "created_on": lead.created_on,
            "converted_on": converted_on,
            "is_converted": and_(
                lead.is_converted, or_(lead.converted_on.is_(None), lead.converted_on <= day)
            ),
            "lead_source": lead.lead_source,
            "minutes_to_first_touch": case(
                (lead.first_touch_on <= day, lead.minutes_to_first_touch)
            ),
            "touches": _touches(knowledge),
        },
        clause=lead.__table__,
        conditions=[lead.created_on <= day],
    )


def _touches(knowledge: Knowledge) -> Expression:
    lead: Any = LeadFactRow
    touch: Any = aliased(ActivityRow, name="touch")
    return (
        select(func.count(touch.id))
        .where(
            touch.who_id == lead.id,
            touch.kind.in_(("call", "email", "meeting")),
            *done_by(knowledge, touch),
            DaysBetween(touch.done_on, lead.created_on).between(0, FIRST_DAYS_OF_A_LEAD),
        )
        .correlate(LeadFactRow)
        .scalar_subquery()
    )


def accounts(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    account: Any = AccountRow
    day = literal(knowledge.day, Date())
    last = _last_touch(knowledge)
    tomorrow = datetime.combine(
        knowledge.day + timedelta(days=1), time(0), tzinfo=knowledge.now.tzinfo
    )
    return Source(
        columns={
            "id": account.id,
            "rep_id": account.owner_id,
            "as_of": day,
            "name": account.name,
            "type": account.type,
            "industry": account.industry,
            "last_touch_on": last,
            "days_untouched": DaysBetween(day, last),
        },
        clause=account.__table__,
        conditions=[
            account.is_deleted.is_(False),
            account.owner_id.is_not(None),
            or_(account.created_at.is_(None), account.created_at < tomorrow),
        ],
    )


def _last_touch(knowledge: Knowledge) -> Expression:
    touch: Any = aliased(ActivityRow, name="touch")
    return (
        select(func.max(touch.done_on))
        .where(touch.account_id == col(AccountRow.id), *done_by(knowledge, touch))
        .correlate(AccountRow)
        .scalar_subquery()
    )
