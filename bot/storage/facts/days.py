"""Which facts count for a person by the day they lie on."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlmodel import col

from bot.domain.ids import RepId
from bot.storage.people import LeaveRow

#: The columns rep_id and day → whether a fact counts.
Days = Callable[[Any, Any], ColumnElement[bool]]


def not_on_leave(rep_id: Any, day: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns of a subquery
    """A day of leave leaves a sum; nothing else is scaled for it."""
    row = LeaveRow
    return ~exists().where(
        col(row.person_id) == rep_id, col(row.first_day) <= day, col(row.last_day) >= day
    )


def within(spans: Mapping[RepId, Iterable[tuple[date, date]]]) -> Days:
    """Only these days of these reps, both ends included."""

    def counts(rep_id: Any, day: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns of a subquery
        return or_(
            false(),
            *(
                and_(rep_id == rep, day >= first, day <= last)
                for rep, of_rep in spans.items()
                for first, last in of_rep
            ),
        )

    return counts


def narrowed(facts: Select[Any], *days: Days) -> Select[Any]:
    """The same facts without those that lie on a day that does not count."""
    if not days:
        return facts
    found = facts.subquery("of_all_days")
    return select(*found.c).where(*(counts(found.c.rep_id, found.c.day) for counts in days))
