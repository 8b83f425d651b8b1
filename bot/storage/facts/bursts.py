"""Which activities were written down in bursts: ten or more of one person within ten minutes.

E-mails are no part of them, since tools send and log many at once, and neither is what was planned
before it was done: a series of meetings, or the tasks of a cadence. A burst lies within one day of
its owner, so that what was known on a day does not depend on the next one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlmodel import Session

from bot.coaching.evidence.gaming import BURST_OF, BURST_WITHIN
from bot.storage.columns import Instant
from bot.storage.facts.activities import Activity
from bot.storage.facts.differences import Differences, known_activities
from bot.storage.facts.tables import ActivityRow
from bot.storage.facts.touched import in_chunks

#: A tool writes a call down a moment before it says that it is over.
MOMENT = timedelta(minutes=1)
ACTIVITIES_AT_ONCE = 20_000


class _Span(NamedTuple):
    rep: str
    first: datetime
    last: datetime


class _Logged(NamedTuple):
    id: str
    rep_id: str
    logged_on: date
    logged_at: datetime
    done_on: date
    done_at: datetime | None
    is_in_burst: bool


class Bursts:
    """Remembers where something changed, and then looks only there."""

    def __init__(self) -> None:
        self._logged: dict[str, set[datetime]] = defaultdict(set)
        #: Where there was a burst, which may be none any longer.
        self._were_bursts: dict[str, set[datetime]] = defaultdict(set)
        self._count = 0

    def touch(self, activities: Iterable[Activity]) -> None:
        for activity in activities:
            if activity.kind != "email" and activity.done_on is not None:
                self._logged[activity.rep_id].add(activity.logged_at)
                self._count += 1
                if activity.is_in_burst:
                    self._were_bursts[activity.rep_id].add(activity.logged_at)

    @property
    def is_full(self) -> bool:
        return self._count >= ACTIVITIES_AT_ONCE

    def settle(self, session: Session, differences: Differences) -> None:
        """Mark what lies in a burst, and no longer what does not; forgets what was touched."""
        spans = list(_spans(self._logged))
        busy = _busy(session, spans) if spans else frozenset()
        changing = [
            span
            for span in spans
            if (span.rep, span.first) in busy
            or any(span.first <= at <= span.last for at in self._were_bursts.get(span.rep, ()))
        ]
        self._logged.clear()
        self._were_bursts.clear()
        self._count = 0
        if changing:
            _settle(session, changing, differences)


def _spans(logged: Mapping[str, Iterable[datetime]]) -> Iterator[_Span]:
    """All that may lie in one burst with what was touched."""
    for rep, instants in sorted(logged.items()):
        ordered = sorted(instants)
        first = last = ordered[0]
        for at in ordered[1:]:
            if at - last > 4 * BURST_WITHIN:
                yield _Span(rep, first - BURST_WITHIN, last + BURST_WITHIN)
                first = at
            last = at
        yield _Span(rep, first - BURST_WITHIN, last + BURST_WITHIN)


def _settle(session: Session, spans: Sequence[_Span], differences: Differences) -> None:
    changed = []
    by_span = _read_around(session, spans)
    for span in spans:
        by_day: dict[date, list[_Logged]] = defaultdict(list)
        for each in by_span.get((span.rep, span.first), ()):
            by_day[each.logged_on].append(each)
        bursting = {each for those in by_day.values() for each in _in_bursts(those)}
        changed += [
            each
            for those in by_day.values()
            for each in those
            if span.first <= each.logged_at <= span.last
            and each.is_in_burst != (each.id in bursting)
        ]
    row: Any = ActivityRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    marks = {each.id: not each.is_in_burst for each in changed}
    for chunk in in_chunks(marks):
        before = known_activities(session, chunk)
        differences.replace(before, (each._replace(is_in_burst=marks[each.id]) for each in before))
    if marks:
        marking = update(row).where(row.c.id == bindparam("which"))
        session.connection().execute(
            marking.values(is_in_burst=bindparam("mark")),
            [{"which": each, "mark": mark} for each, mark in marks.items()],
        )


def _read_around(
    session: Session, spans: Sequence[_Span]
) -> Mapping[tuple[str, datetime], Sequence[_Logged]]:
    """By span, what its own could lie in a burst with, in the order of being written down."""
    with _placed(session, spans) as place:
        read = session.connection().execute(_near(place)).all()
    found: dict[tuple[str, datetime], list[_Logged]] = defaultdict(list)
    for first, *rest in read:
        each = _Logged(*rest)
        if each.done_at is None or each.done_at <= each.logged_at + MOMENT:
            found[each.rep_id, first + BURST_WITHIN].append(each)
    return found


def _busy(session: Session, spans: Sequence[_Span]) -> frozenset[tuple[str, datetime]]:
    """The rep and beginning of each span near which enough was written down for a burst at all."""
    with _placed(session, spans) as place:
        rows = session.connection().execute(_crowded(place)).all()
    return frozenset((rep, first + BURST_WITHIN) for rep, first in rows)


@contextmanager
def _placed(session: Session, spans: Iterable[_Span]) -> Iterator[Table]:
    """What the spans' own could lie in a burst with, beside the activities, to look there once."""
    connection, place = session.connection(), _place()
    place.create(connection)
    wider = (
        {"rep_id": each.rep, "first": each.first - BURST_WITHIN, "last": each.last + BURST_WITHIN}
        for each in spans
    )
    connection.execute(insert(place), list(wider))
    yield place
    place.drop(connection)


@lru_cache(maxsize=1)
def _place() -> Table:
    """One for ever, or no statement that names it is compiled only once."""
    return Table(
        "burst_place",
        MetaData(),
        Column("rep_id", String(18)),
        *(Column(name, Instant()) for name in ("first", "last")),
        prefixes=["TEMPORARY"],
    )


@lru_cache(maxsize=1)
def _crowded(place: Table) -> Select[Any]:
    row: Any = ActivityRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    return (
        select(place.c.rep_id, place.c.first)
        .select_from(place.join(row, _is_near(place, row)))
        .group_by(place.c.rep_id, place.c.first)
        .having(func.count() >= BURST_OF)
    )


def _is_near(place: Table, row: Any) -> ColumnElement[bool]:  # noqa: ANN401 - SQLModel's table
    return and_(
        row.c.rep_id == place.c.rep_id, row.c.logged_at.between(place.c.first, place.c.last)
    )


@lru_cache(maxsize=1)
def _near(place: Table) -> Select[Any]:
    row: Any = ActivityRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    return (
        select(place.c.first, *(row.c[name] for name in _Logged._fields))
        .select_from(place.join(row, _is_near(place, row)))
        .where(row.c.kind != "email", row.c.done_on <= row.c.logged_on)
        .order_by(row.c.logged_at, row.c.id)
    )


def _in_bursts(logged: Sequence[_Logged]) -> set[str]:
    """The ids of those in bursts; ``logged`` in the order of being written down."""
    found: set[str] = set()
    for at in range(len(logged) - BURST_OF + 1):
        those = logged[at : at + BURST_OF]
        if those[-1].logged_at - those[0].logged_at <= BURST_WITHIN:
            found.update(each.id for each in those)
    return found
