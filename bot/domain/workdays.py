"""Which days a person works: weekends, public holidays and leave, each in the person's own days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.domain.week import ALL_DAYS, WEEKEND, WEEKEND_BY_COUNTRY

#: (country, year) → the country's public holidays of that year.
Holidays = Callable[[str, int], frozenset[date]]

#: IANA zones are named by city; the country decides the holidays.
COUNTRY_BY_ZONE: Mapping[str, str] = {
    "America/New_York": "US",
    "America/Chicago": "US",
    "America/Denver": "US",
    "America/Phoenix": "US",
    "America/Los_Angeles": "US",
    "America/Anchorage": "US",
    "Pacific/Honolulu": "US",
    "America/Toronto": "CA",
    "America/Vancouver": "CA",
    "America/Mexico_City": "MX",
    "America/Sao_Paulo": "BR",
    "Europe/London": "GB",
    "Europe/Dublin": "IE",
    "Europe/Berlin": "DE",
    "Europe/Vienna": "AT",
    "Europe/Zurich": "CH",
    "Europe/Paris": "FR",
    "Europe/Madrid": "ES",
    "Europe/Rome": "IT",
    "Europe/Amsterdam": "NL",
    "Europe/Brussels": "BE",
    "Europe/Stockholm": "SE",
    "Europe/Oslo": "NO",
    "Europe/Copenhagen": "DK",
    "Europe/Helsinki": "FI",
    "Europe/Warsaw": "PL",
    "Europe/Lisbon": "PT",
    "Europe/Prague": "CZ",
    "Europe/Athens": "GR",
    "Europe/Istanbul": "TR",
    "Africa/Cairo": "EG",
    "Africa/Johannesburg": "ZA",
    "Asia/Jerusalem": "IL",
    "Asia/Riyadh": "SA",
    "Asia/Dubai": "AE",
    "Asia/Qatar": "QA",
    "Asia/Kuwait": "KW",
    "Asia/Dhaka": "BD",
    "Asia/Singapore": "SG",
    "Asia/Tokyo": "JP",
    "Asia/Kolkata": "IN",
    "Australia/Sydney": "AU",
    "Pacific/Auckland": "NZ",
}


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
        usual = ALL_DAYS - self.weekend_by_country.get(self.country_of(rep) or "", WEEKEND)
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
        counts: Callable[[date], bool] = lambda _: True,
    ) -> float:
        """The rep's working days from ``first`` to ``last``, as a share of a full-time rep's.

        Only days on which the rep was with us, and those that ``counts`` lets pass, are the rep's.
        A share of part time that is spread over the week makes every day that much shorter. A span
        without any working day for anybody takes nothing off but the part time.
        """
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        full_week = self.full_week(rep)
        usual = sum(day.weekday() in full_week for day in days)
        if not usual:
            return rep.terms.share
        begin, end, own_week = rep.joined_on, rep.left_on or last, self.own_week(rep)
        worked = sum(
            begin <= day <= end
            and day.weekday() in own_week
            and counts(day)
            and self.works_on(rep, day, leave=leave)
            for day in days
        )
        return rep.terms.share * worked / usual

    def working_days(
        self, rep: Rep, first: date, last: date, *, leave: "LeaveDays | None" = None
    ) -> int:
        """How many days from ``first`` to ``last``, both included, the rep works."""
        span = range((last - first).days + 1)
        return sum(self.works_on(rep, first + timedelta(days=n), leave=leave) for n in span)

    def last_working_days(
        self, rep: Rep, before: date, count: int, *, leave: "LeaveDays | None" = None
    ) -> list[date]:
        """The rep's last ``count`` working days before ``before``, newest first.

        Looks back half a year at most, so it may find fewer.
        """
        found: list[date] = []
        for back in range(1, 183):
            day = before - timedelta(days=back)
            if self.works_on(rep, day, leave=leave):
                found.append(day)
                if len(found) == count:
                    break
        return found


@dataclass(frozen=True, slots=True)
class LeaveDays:
    """Days on which reps are away: rep → spans with both ends included."""

    spans: Mapping[RepId, tuple[tuple[date, date], ...]] = field(default_factory=dict)

    def covers(self, rep: RepId, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans.get(rep, ()))


def remembering(holidays: Holidays) -> Holidays:
    """The same holidays, each country and year worked out once."""
    return lru_cache(maxsize=512)(holidays)
