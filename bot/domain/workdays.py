"""Which days a person works: weekends, public holidays and leave, each in the person's own days."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from bot.domain.countries import COUNTRY_BY_ZONE
from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.domain.week import ALL_DAYS, WEEKEND, WEEKEND_BY_COUNTRY

#: (country, year) → the country's public holidays of that year.
Holidays = Callable[[str, int], frozenset[date]]


WORKING_WEEK = ALL_DAYS - WEEKEND


def no_holidays(country: str, year: int) -> frozenset[date]:
    _ = country, year
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    holidays: Holidays = no_holidays
    country_by_zone: Mapping[str, str] = field(default_factory=lambda: COUNTRY_BY_ZONE)
    default_country: str | None = None
    #: Where the weekend is not Saturday and Sunday.
    weekend_by_country: Mapping[str, frozenset[int]] = field(
        default_factory=lambda: WEEKEND_BY_COUNTRY
    )

    def country_of(self, rep: Rep) -> str | None:
        """The country app.yaml names for the rep, else that of their zone, else the default."""
        return rep.terms.country or self.country_by_zone.get(rep.zone.key, self.default_country)

    def full_week(self, rep: Rep) -> frozenset[int]:
        """The days that a full-time rep works there; the rep's own when they are no fewer."""
        return self._usual(rep, self.country_of(rep))

    def _usual(self, rep: Rep, country: str | None) -> frozenset[int]:
        weekend = self.weekend_by_country.get(country or "", WEEKEND)
        usual = WORKING_WEEK if weekend is WEEKEND else ALL_DAYS - weekend
        own = rep.terms.works
        return own if own is not None and len(own) >= len(usual) else usual

    def own_week(self, rep: Rep) -> frozenset[int]:
        """The days of the week on which the rep works."""
        return self.full_week(rep) if rep.terms.works is None else rep.terms.works

    def is_holiday(self, rep: Rep, day: date) -> bool:
        country = self.country_of(rep)
        return country is not None and day in self.holidays(country, day.year)

    def works_on(self, rep: Rep, day: date, *, leave: "LeaveDays | None" = None) -> bool:
        if day.weekday() not in self.own_week(rep) or self.is_holiday(rep, day):
            return False
        return leave is None or not leave.covers(rep.id, day)

    def working_share(
        self,
        rep: Rep,
        first: date,
        last: date,
        *,
        leave: "LeaveDays | None" = None,
        counts: Callable[[date], bool] | None = None,
    ) -> float:
        """The rep's working days from ``first`` to ``last``, as a share of a full-time rep's.

        Only days on which the rep was with us, and those that ``counts`` lets pass, are the rep's;
        None lets pass all.
        A share of part time that is spread over the week makes every day that much shorter. A span
        without any working day for anybody takes nothing off but the part time.
        """
        usual = _weekdays_between(self.full_week(rep), first, last)
        if not usual:
            return rep.terms.share
        begin, end = max(first, rep.joined_on), min(last, rep.left_on or last)
        days = self.days_worked(rep, begin, end, leave=leave)
        worked = len(days) if counts is None else sum(counts(day) for day in days)
        # Who works at weekends may have more days in a short span than anybody full time.
        return rep.terms.share * min(worked / usual, 1.0)

    def working_days(
        self, rep: Rep, first: date, last: date, *, leave: "LeaveDays | None" = None
    ) -> int:
        """How many days from ``first`` to ``last``, both included, the rep works."""
        return len(self.days_worked(rep, first, last, leave=leave))

    def days_worked(
        self, rep: Rep, first: date, last: date, *, leave: "LeaveDays | None" = None
    ) -> Sequence[date]:
        """The days from ``first`` to ``last``, both included, on which the rep works."""
        country = self.country_of(rep)
        week = self._usual(rep, country) if rep.terms.works is None else rep.terms.works
        days = _days_worked(self.holidays, country, week, first, last)
        spans = leave.spans.get(rep.id, ()) if leave else ()
        for begin, end in spans:
            if begin <= last and end >= first:
                days = tuple(day for day in days if not begin <= day <= end)
        return days

    def last_working_days(
        self, rep: Rep, before: date, count: int, *, leave: "LeaveDays | None" = None
    ) -> list[date]:
        """The rep's last ``count`` working days before ``before``, newest first.

        Looks back half a year at most, so it may find fewer.
        """
        first, last = before - timedelta(days=182), before - timedelta(days=1)
        days = self.days_worked(rep, first, last, leave=leave)
        return list(reversed(days))[:count]


@lru_cache(maxsize=4096)
def _weekdays_between(week: frozenset[int], first: date, last: date) -> int:
    span = range((last - first).days + 1)
    return sum((first + timedelta(days=n)).weekday() in week for n in span)


@lru_cache(maxsize=4096)
def _days_worked(
    holidays: Holidays, country: str | None, week: frozenset[int], first: date, last: date
) -> tuple[date, ...]:
    """The same for all who share a calendar, of whom there are many."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        day
        for day in days
        if day.weekday() in week and (country is None or day not in holidays(country, day.year))
    )


@dataclass(frozen=True, slots=True)
class LeaveDays:
    """Days on which reps are away: rep → spans with both ends included."""

    spans: Mapping[RepId, tuple[tuple[date, date], ...]] = field(default_factory=dict)

    def covers(self, rep: RepId, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans.get(rep, ()))


def remembering(holidays: Holidays) -> Holidays:
    """The same holidays, each country and year worked out once."""
    return lru_cache(maxsize=512)(holidays)
