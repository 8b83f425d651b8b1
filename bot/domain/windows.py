"""Spans of days, both ends included, and the words people use for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import UnclearWords

LAST_DAY_EVER = date(9999, 12, 31)
FIRST_DAY_EVER = date(1, 1, 1)
MONTHS_IN_QUARTER = 3
MONTHS_IN_YEAR = 12
MOST_WEEKS = 520

_LAST_N = re.compile(r"last (\d{1,4}) (day|week|month)s?")
HINT = "try `this week`, `this month`, `this quarter`, `last 4 weeks`, `last week` or `all`"


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


def month_start(day: date) -> date:
    return day.replace(day=1)


def quarter_start(day: date, *, fiscal_start_month: int = 1) -> date:
    """The first day of the fiscal quarter that ``day`` lies in."""
    months_in = (day.month - fiscal_start_month) % MONTHS_IN_QUARTER
    month = day.month - months_in
    if month < 1:
        return date(day.year - 1, month + MONTHS_IN_YEAR, 1)
    return date(day.year, month, 1)


def fiscal_period(day: date, *, months: int, fiscal_start_month: int = 1) -> tuple[date, date]:
    """The first and last day of the fiscal month, quarter or year that ``day`` lies in."""
    back = (day.month - fiscal_start_month) % months
    first = month_start(day)
    for _ in range(back):
        first = previous_month_start(first)
    after = first
    for _ in range(months):
        after = month_start(after + timedelta(days=31))
    return first, after - timedelta(days=1)


def previous_month_start(day: date) -> date:
    return month_start(month_start(day) - timedelta(days=1))


def weeks_back(today: date, weeks: int, *, label: str | None = None) -> Window:
    """The ``weeks`` times seven days that end on ``today``."""
    return Window(
        first=today - timedelta(days=7 * weeks - 1),
        last=today,
        label=label or f"last {weeks} weeks",
    )


def parse_window(words: Iterable[str] | str, *, today: date, fiscal_start_month: int = 1) -> Window:
    """Turn words into a Window that ends no later than ``today``.

    "this month" runs from the first of the month to today. Raises UnclearWords with what may be
    said instead.
    """
    spoken = words if isinstance(words, str) else " ".join(words)
    text = re.sub(r"[\s_-]+", " ", spoken.strip().lower())
    if found := _LAST_N.fullmatch(text):
        return _last_n(int(found[1]), found[2], today=today, label=text)
    monday = today - timedelta(days=today.weekday())
    quarter = quarter_start(today, fiscal_start_month=fiscal_start_month)
    before = quarter - timedelta(days=1)
    spans = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "this week": (monday, today),
        "last week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this month": (month_start(today), today),
        "last month": (previous_month_start(today), month_start(today) - timedelta(days=1)),
        "this quarter": (quarter, today),
        "last quarter": (quarter_start(before, fiscal_start_month=fiscal_start_month), before),
        "all": (FIRST_DAY_EVER, today),
    }
    if text not in spans:
        raise UnclearWords(f"I do not know the window '{text[:60]}'", hint=HINT)
    first, last = spans[text]
    return Window(first=first, last=last, label=text)


def _last_n(count: int, unit: str, *, today: date, label: str) -> Window:
    days = {"day": 1, "week": 7, "month": 30}[unit] * count
    if not 1 <= days <= 7 * MOST_WEEKS:
        raise UnclearWords(f"'{label}' is not a span I can look at", hint=HINT)
    return Window(first=today - timedelta(days=days - 1), last=today, label=label)
