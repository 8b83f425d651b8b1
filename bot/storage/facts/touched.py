"""Which days' readings are no longer true, once records have changed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from bot.metrics.fact_tables import FACT_TABLES
from bot.storage.facts.activities import Activity
from bot.storage.facts.tables import BY_ACTIVITY, EVERYBODY, ActivityRow, DirtyDayRow

#: How far before and after it an activity may change what a meeting counts as.
FOLLOWED_UP_WITHIN = timedelta(days=14)
FIRST_MEETING_IN = timedelta(days=90)
#: Databases limit the parameters of one statement; this stays far below.
IDS_AT_ONCE = 500


class DirtyDays:
    """The days of reps whose readings are no longer true, by fact table.

    For a state table a day stands for itself and every later one: for EVERYBODY, or BY_ACTIVITY.
    """

    def __init__(self) -> None:
        self._places: set[tuple[str, str, date]] = set()
        self._states: dict[tuple[str, str], date] = {}
        #: Deals on which something was done, or no longer.
        self.deals: set[str] = set()

    def touch(self, table: str, rep: str, *days: date | None) -> None:
        if FACT_TABLES[table].is_state:
            known = [day for day in (*days, self._states.get((table, rep))) if day is not None]
            if known:
                self._states[table, rep] = min(known)
        else:
            self._places.update((table, rep, day) for day in days if day is not None)

    def first(self) -> date | None:
        days = [*(day for *_, day in self._places), *self._states.values()]
        return min(days, default=None)

    def write(self, session: Session) -> None:
        states = {(*place, day) for place, day in self._states.items()}
        rows = [
            {"fact_table": table, "rep_id": rep, "day": day, "is_filled": False}
            for table, rep, day in sorted(self._places | states)
        ]
        dialect = session.connection().dialect.name
        build = sqlite_insert if dialect == "sqlite" else postgresql_insert
        if rows:
            statement = build(DirtyDayRow).on_conflict_do_update(
                index_elements=["fact_table", "rep_id", "day"], set_={"is_filled": False}
            )
            session.connection().execute(statement, rows)


def first_unfilled(session: Session) -> date | None:
    """The first day of what was touched since the readings were filled."""
    row = DirtyDayRow
    first = select(func.min(col(row.day))).where(col(row.is_filled).is_(False))
    return session.connection().execute(first).scalar()


def in_chunks(ids: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        yield ordered[start : start + IDS_AT_ONCE]


def touch_activity_days(activities: Iterable[Activity], dirty: DirtyDays) -> None:
    for activity in activities:
        rep = activity.rep_id
        if activity.kind == "meeting":
            dirty.touch("meeting", rep, activity.due_on)
        first = min(
            day
            for day in (activity.done_on, activity.due_on, activity.logged_on)
            if day is not None
        )
        if activity.opportunity_id is not None:
            dirty.touch("open_opportunity", BY_ACTIVITY, first)
            dirty.deals.add(activity.opportunity_id)
        if activity.account_id is not None:
            dirty.touch("account", EVERYBODY, first)


def touch_related_meetings(session: Session, changed: Sequence[Activity], dirty: DirtyDays) -> None:
    """A meeting is the first with an account, or made up for, only as long as others are not."""
    meetings = [each for each in changed if each.kind == "meeting" and each.due_on]
    if not meetings:
        return
    row = ActivityRow
    days = [each.due_on for each in meetings if each.due_on]
    people = {each.who_id for each in meetings if each.who_id}
    accounts = {each.account_id for each in meetings if each.account_id}
    related = select(col(row.rep_id), col(row.due_on)).where(
        col(row.kind) == "meeting",
        or_(col(row.who_id).in_(people), col(row.account_id).in_(accounts)),
        col(row.due_on) >= min(days) - FOLLOWED_UP_WITHIN,
        col(row.due_on) <= max(days) + FIRST_MEETING_IN,
    )
    for rep, day in session.connection().execute(related.distinct()):
        dirty.touch("meeting", rep, day)
