"""When a job is due, as pure functions of a span of time and a zone.

Due instants are the same for every instance that works them out, whenever it was started, because
they make up the unique key by which instances agree on who fires.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """At fixed distances, counted from 1970 so that all instances meet on the same instants."""

    span: timedelta
    #: How long after a whole number of spans.
    offset: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if self.span <= timedelta(0):
            raise ValueError(f"{self.span} is no distance between two firings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Once on each of the given days, when the wall clock of a zone says ``at``.

    In autumn, when the clock says it twice, the first time counts; in spring, when it never does,
    the job is due as much later as the clock was put forward.
    """

    at: time
    #: Names as in WEEKDAYS.
    weekdays: frozenset[str] = frozenset(WEEKDAYS)

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(WEEKDAYS):
            raise ValueError(f"{sorted(self.weekdays)} are no days of the week")


Trigger = Every | Daily


def due_between(
    trigger: Trigger, *, after: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """The due instants (UTC) later than ``after`` and not later than ``until``, newest first.

    Newest first and lazily, so that taking the first one is what coalescing means.
    """
    match trigger:
        case Every():
            return _every(trigger, after, until)
        case Daily():
            return _daily(trigger, after, until, zone)
        case _:
            assert_never(trigger)


def _every(trigger: Every, after: datetime, until: datetime) -> Iterator[datetime]:
    begin = EPOCH + trigger.offset
    due = begin + (until - begin) // trigger.span * trigger.span
    while due > after:
        yield due
        due -= trigger.span


def _daily(trigger: Daily, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    # An hour that the clock skips just before midnight falls into the next day, and one zone has
    # skipped a whole day: hence a day more at the early end, and no instant twice.
    first_day = after.astimezone(zone).date() - ONE_DAY
    day = until.astimezone(zone).date()
    at = trigger.at.replace(fold=0)
    newer: datetime | None = None
    while day >= first_day:
        due = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
        if WEEKDAYS[day.weekday()] in trigger.weekdays and after < due <= until and due != newer:
            newer = due
            yield due
        day -= ONE_DAY
