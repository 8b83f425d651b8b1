"""When somebody works: weekdays less the country's holidays and their own leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5
DAY = timedelta(days=1)

OPENS = time(8, 35)
CLOSES = time(17, 25)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def later(instant: datetime, seconds: int) -> datetime:
    """That many seconds on, and one more where this would be a full minute."""
    then = instant + timedelta(seconds=seconds)
    return then if then.second else then + timedelta(seconds=1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def holidays_of(country: str, subdivision: str | None, years: range) -> frozenset[date]:
    """The public holidays of a place, as the holidays package knows them."""
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """One person's working days and hours, in their own zone."""

    zone: ZoneInfo
    holidays: frozenset[date]
    leave: frozenset[date]

    def is_workday(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays and day not in self.leave

    def on_or_after(self, day: date) -> date:
        while not self.is_workday(day):
            day += DAY
        return day

    def shift(self, day: date, workdays: int) -> date:
        """The working day that many steps after (or, when negative, before) ``day``."""
        step = DAY if workdays > 0 else -DAY
        for _ in range(abs(workdays)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays(self, first: date, last: date) -> Iterator[date]:
        """Every working day from ``first`` to ``last``, both included."""
        return (day for day in days_between(first, last) if self.is_workday(day))

    def moment(
        self, day: date, rng: Random, *, begin: time = OPENS, end: time = CLOSES
    ) -> datetime:
        """A random instant of this day between two local times; never on a full minute."""
        minutes = rng.randrange(begin.hour * 60 + begin.minute, end.hour * 60 + end.minute)
        return self.instant(day, time(minutes // 60, minutes % 60, rng.randint(1, 59)))

    def instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()
