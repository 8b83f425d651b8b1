"""What changed about activities, as differences of what metrics add up.

An activity counts from the moment on that it is over and written down. Until then it is pending,
which is kept with it, so that it is counted once and taken off again should it change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import func, insert, literal_column, or_, select, update
from sqlmodel import Session, col

from bot.domain.windows import earliest
from bot.metrics.definition import Definition
from bot.metrics.expression import ColumnTerm, Literal, Operation, Term
from bot.metrics.fact_tables import Kind
from bot.storage.facts.activities import Activity
from bot.storage.facts.source import Knowledge
from bot.storage.facts.tables import ACTIVITY_CHANGE, ActivityRow
from bot.storage.facts.touched import DirtyDays

TABLE = "activity"


def can_differ(definition: Definition) -> bool:
    """Whether one activity's part hangs on nothing else, and adds up without rounding."""
    terms = (definition.numerator, definition.denominator)
    return not definition.choices.double_log_minutes and all(map(_is_whole, terms))


def _is_whole(term: Term | None) -> bool:
    match term:
        case None | ColumnTerm():
            return True
        case Literal(value=value):
            return not isinstance(value, float) or value.is_integer()
        case Operation(kind=kind, terms=terms):
            return kind is Kind.BOOLEAN or all(map(_is_whole, terms))


class Differences:
    """How often something with these columns came and, below nought, went."""

    def __init__(self, definitions: Iterable[Definition], dirty: DirtyDays) -> None:
        """``definitions`` are those whose readings are kept true; all of one fact table."""
        self.definitions = tuple(definitions)
        self._dirty = None if all(map(can_differ, self.definitions)) else dirty
        used = {name for each in self.definitions for name in each.columns}
        self.names = ("rep_id", *sorted(used - {"rep_id"}))
        places = [Activity._fields.index(name) for name in self.names]
        self._columns = itemgetter(*places) if len(places) > 1 else None
        self._many: Counter[tuple[Any, ...]] = Counter()
        #: Of all that came or went.
        self.first: date | None = None

    def replace(self, before: Iterable[Activity], after: Iterable[Activity]) -> None:
        for sign, activities in ((-1, before), (1, after)):
            for each in activities:
                self.first = earliest(self.first, each.done_on, each.due_on, each.logged_on)
                if each.done_on is not None and not each.is_pending:
                    self._count(each, sign)

    def _count(self, activity: Activity, sign: int) -> None:
        if self._dirty is not None:
            self._dirty.touch(TABLE, activity.rep_id, activity.done_on, activity.logged_on)
        elif self._columns is not None:
            self._many[self._columns(activity)] += sign

    def write(self, session: Session) -> None:
        """One row for each combination of columns that came or went.

        In the transaction that changed the activities, so that each counts once.
        """
        rows = [
            dict(zip((*self.names, "many"), (*columns, many), strict=True))
            for columns, many in self._many.items()
            if many
        ]
        if rows:
            session.connection().execute(insert(ACTIVITY_CHANGE), rows)


def first_difference(session: Session) -> date | None:
    """The first day of what is still to be added to the readings."""
    changed = ACTIVITY_CHANGE.c
    days = [func.min(day) for day in (changed.done_on, changed.logged_on)]
    told = session.connection().execute(select(*days)).one()
    return earliest(*told)


def is_pending(activity: Activity, knowledge: Knowledge) -> bool:
    """Whether it will count later on without any further change; see ``work.done_by``."""
    if activity.done_on is None:
        return False
    return (
        activity.done_on > knowledge.day
        or activity.logged_on > knowledge.day
        or (activity.done_at is not None and activity.done_at > knowledge.now)
    )


def count_what_is_over(
    session: Session, knowledge: Knowledge, differences: Differences
) -> Sequence[Activity]:
    """What was planned and is over by now counts from here on."""
    row: Any = ActivityRow
    is_over: tuple[Any, ...] = (
        # In the words of the index that holds nothing else.
        literal_column("activity.is_pending"),
        row.done_on <= knowledge.day,
        row.logged_on <= knowledge.day,
        or_(row.done_at.is_(None), row.done_at <= knowledge.now),
    )
    over = list(_known(session, *is_over))
    differences.replace((), (each._replace(is_pending=False) for each in over))
    if over:
        session.connection().execute(update(row).where(*is_over).values(is_pending=False))
    return over


def known_activities(session: Session, ids: Iterable[str]) -> list[Activity]:
    return list(_known(session, col(ActivityRow.id).in_(ids)))


def _known(session: Session, *conditions: Any) -> Iterator[Activity]:  # noqa: ANN401 - SQL expressions
    columns = [col(getattr(ActivityRow, name)) for name in Activity._fields]
    for known in session.connection().execute(select(*columns).where(*conditions)):
        yield Activity(*known)
