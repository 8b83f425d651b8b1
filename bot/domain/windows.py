"""Spans of days, both ends included, and the words people use for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import UnclearWords
from bot.domain.fiscal import CalendarMonths, FiscalCalendar

LAST_DAY_EVER = date(9999, 12, 31)
FIRST_DAY_EVER = date(1, 1, 1)
DASH = "\N{EN DASH}"
MOST_WEEKS = 520

_LAST_N = re.compile(r"last (\d{1,4}) (day|week|month)s?")
HINT = (
    "try `this week`, `this month`, `this quarter`, `this year`, `last quarter`, `last 4 weeks` "
    "or `all`"
)
CALENDAR_YEAR = CalendarMonths()


def earliest(*days: date | None) -> date | None:
    """The first of the days that are known."""
    return min((day for day in days if day is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    first: date
    last: date
    #: The words it was asked with, for people.
    label: str

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"window ends on {self.last}, before it begins on {self.first}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def in_words(self) -> str:
        """Its days by name: first and last, or with both months where they differ."""
        first, last = self.first, self.last
        end = f"{last.day} {last:%B}"
        if first == last:
            return end
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}{DASH}{end}"
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first.day} {first:%B}{year} {DASH} {end}{year and f' {last.year}'}"


def weeks_back(today: date, weeks: int, *, label: str | None = None) -> Window:
    """The ``weeks`` times seven days that end on ``today``."""
    return Window(
        first=today - timedelta(days=7 * weeks - 1),
        last=today,
        label=label or f"last {weeks} weeks",
    )


def parse_window(
    words: Iterable[str] | str, *, today: date, fiscal: FiscalCalendar = CALENDAR_YEAR
) -> Window:
    """Turn words into a Window that ends no later than ``today``.

    "this month" runs from the first day of the fiscal month to today. Raises UnclearWords with
    what may be said instead.
    """
    spoken = words if isinstance(words, str) else " ".join(words)
    text = re.sub(r"[\s_]+|(?<=[a-z\d])-(?=[a-z\d])", " ", spoken.strip().lower())
    if found := _LAST_N.fullmatch(text):
        return _last_n(int(found[1]), found[2], today=today, label=text)
    monday = today - timedelta(days=today.weekday())
    spans = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "this week": (monday, today),
        "last week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "all": (FIRST_DAY_EVER, today),
    }
    for name, part in (("month", fiscal.month), ("quarter", fiscal.quarter), ("year", fiscal.year)):
        first = part(today)[0]
        spans[f"this {name}"] = (first, today)
        spans[f"last {name}"] = part(first - timedelta(days=1))
    if text not in spans:
        raise UnclearWords(f"I do not know the window '{text[:60]}'", hint=HINT)
    first, last = spans[text]
    return Window(first=first, last=last, label=text)


def _last_n(count: int, unit: str, *, today: date, label: str) -> Window:
    days = {"day": 1, "week": 7, "month": 30}[unit] * count
    if not 1 <= days <= 7 * MOST_WEEKS:
        raise UnclearWords(f"'{label}' is not a span I can look at", hint=HINT)
    return Window(first=today - timedelta(days=days - 1), last=today, label=label)
