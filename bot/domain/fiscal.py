"""The year as a company cuts it: months from any month on, or weeks in a 4-4-5 pattern."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Protocol

from bot.domain.week import parse_weekday

MONTHS_IN_QUARTER = 3
MONTHS_IN_YEAR = 12
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
PATTERNS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
WEEK = timedelta(days=7)

_ORDINAL = re.compile(r"(first|last) (\w+) of (\w+)")
_NEAREST = re.compile(r"(\w+) nearest (\d{1,2}) (\w+)")

Span = tuple[date, date]


class FiscalCalendar(Protocol):
    """Spans of days with both ends included; those of a year follow one another without a gap."""

    def month(self, day: date) -> Span: ...

    def quarter(self, day: date) -> Span: ...

    def year(self, day: date) -> Span: ...

    def year_name(self, day: date) -> int:
        """What the fiscal year of a day is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMonths:
    """The calendar's own months; the year begins with one of them."""

    start_month: int = 1
    #: Whether a year is called after the calendar year it begins in; else that it ends in.
    is_named_by_start: bool = False

    def month(self, day: date) -> Span:
        return day.replace(day=1), _months_on(day.replace(day=1), 1)

    def quarter(self, day: date) -> Span:
        return self._span(day, MONTHS_IN_QUARTER)

    def year(self, day: date) -> Span:
        return self._span(day, MONTHS_IN_YEAR)

    def year_name(self, day: date) -> int:
        first, last = self.year(day)
        return first.year if self.is_named_by_start else last.year

    def _span(self, day: date, months: int) -> Span:
        months_in = (day.month - self.start_month) % months
        at = day.year * MONTHS_IN_YEAR + day.month - 1 - months_in
        first = date(at // MONTHS_IN_YEAR, at % MONTHS_IN_YEAR + 1, 1)
        return first, _months_on(first, months)


def _months_on(first: date, months: int) -> date:
    """The last day of the last of ``months`` months that begin on the first of a month."""
    at = first.year * MONTHS_IN_YEAR + first.month - 1 + months
    return date(at // MONTHS_IN_YEAR, at % MONTHS_IN_YEAR + 1, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStart:
    """The rule for a fiscal year's first day: a weekday within seven days of the calendar."""

    weekday: int
    #: The seven days begin so many days after the first of this month; 13 is next January.
    month: int
    offset: int

    def in_year(self, year: int) -> date:
        at = self.month - 1
        first = date(year + at // MONTHS_IN_YEAR, at % MONTHS_IN_YEAR + 1, 1)
        earliest = first + timedelta(days=self.offset)
        return earliest + timedelta(days=(self.weekday - earliest.weekday()) % 7)


def parse_year_start(words: str) -> YearStart | None:
    """``first sunday of february``, ``last saturday of january``, ``monday nearest 1 july``.

    None for anything else.
    """
    text = " ".join(words.lower().split())
    if found := _ORDINAL.fullmatch(text):
        weekday, month = parse_weekday(found[2]), parse_month(found[3])
        if weekday is None or month is None:
            return None
        if found[1] == "first":
            return YearStart(weekday=weekday, month=month, offset=0)
        return YearStart(weekday=weekday, month=month + 1, offset=-7)
    if found := _NEAREST.fullmatch(text):
        weekday, month, day = parse_weekday(found[1]), parse_month(found[3]), int(found[2])
        # Later days are not in every month.
        if weekday is None or month is None or not 1 <= day <= 28:  # noqa: PLR2004 - February
            return None
        # The nearest one is three days before or after at most.
        return YearStart(weekday=weekday, month=month, offset=day - 1 - 3)
    return None


def parse_month(word: str) -> int | None:
    """``jan`` to ``december``, or 1 to 12; None for anything else."""
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= MONTHS_IN_YEAR else None
    shortest = 3
    if len(word) < shortest:
        return None
    return next((n for n, name in enumerate(MONTHS, start=1) if name.startswith(word)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPattern:
    """Twelve months of four or five weeks each; a 53rd week, if any, belongs to the last month."""

    starts: YearStart
    #: Weeks of the three months of each quarter.
    weeks: tuple[int, int, int] = (4, 4, 5)

    def year(self, day: date) -> Span:
        # The year of a date may begin in the December before, or as late as in its own.
        starts = [self.starts.in_year(day.year + n) for n in (-1, 0, 1, 2)]
        at = max(n for n, start in enumerate(starts) if start <= day)
        return starts[at], starts[at + 1] - timedelta(days=1)

    def month(self, day: date) -> Span:
        return self._span(day, self.weeks * 4)

    def quarter(self, day: date) -> Span:
        return self._span(day, (sum(self.weeks),) * 4)

    def year_name(self, day: date) -> int:
        return self.year(day)[1].year

    def _span(self, day: date, lengths: tuple[int, ...]) -> Span:
        first, last = self.year(day)
        begins = [first + WEEK * weeks for weeks in accumulate((0, *lengths[:-1]))]
        at = max(n for n, begin in enumerate(begins) if begin <= day)
        return begins[at], begins[at + 1] - timedelta(days=1) if at + 1 < len(begins) else last


class FollowedYear:
    """The year that the CRM cuts; what is known of it comes with a pull, and may change with one.

    Whoever holds it sees the change. It is compared, hashed and told as the calendar that it is
    now, so what was kept for the year before is not found any more.
    """

    __slots__ = ("calendar",)

    def __init__(self, calendar: FiscalCalendar = CalendarMonths()) -> None:
        self.calendar = calendar

    def follow(self, calendar: FiscalCalendar) -> None:
        self.calendar = calendar

    def month(self, day: date) -> Span:
        return self.calendar.month(day)

    def quarter(self, day: date) -> Span:
        return self.calendar.quarter(day)

    def year(self, day: date) -> Span:
        return self.calendar.year(day)

    def year_name(self, day: date) -> int:
        return self.calendar.year_name(day)

    def __eq__(self, other: object) -> bool:
        return self.calendar == as_it_is_now(other)

    def __hash__(self) -> int:
        return hash(self.calendar)

    def __repr__(self) -> str:
        return repr(self.calendar)


def as_it_is_now(calendar: object) -> object:
    return calendar.calendar if isinstance(calendar, FollowedYear) else calendar
