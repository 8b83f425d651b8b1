"""The words people use for days off: tomorrow, 24 dec - 2 jan, 2026-12-24 2027-01-02."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.errors import UnclearWords
from bot.domain.fiscal import parse_month
from bot.domain.week import parse_week_and_day, parse_weekday

HINT = (
    "try `/ooo tomorrow`, `/ooo next week`, `/ooo 24 dec - 2 jan` or `/ooo 2026-12-24 2027-01-02`"
)
MOST_DAYS = 366
#: How far off a day may be, so that a slip of the year is asked about and not believed.
FARTHEST = timedelta(days=550)

_BETWEEN = re.compile(
    r"\s+(?:-+|\u2013|\u2014|to|until|till|through)\s+|\s*(?:\.\.+|\u2013|\u2014)\s*"
)
_TWO_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})\s*[\s/,-]\s*(\d{4}-\d{2}-\d{2})")
_DATES = (
    re.compile(r"(?P<day>\d{1,2})\.?(?:st|nd|rd|th)? (?P<month>[a-z]+)\.?(?: (?P<year>\d{4}))?"),
    re.compile(r"(?P<month>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,?(?: (?P<year>\d{4}))?"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?"),
)
_BARE = re.compile(r"(\d{1,2})\.?")
_LENGTH = re.compile(r"(?:for )?(\d{1,3}) (day|week)s?")


def parse_leave(words: Iterable[str] | str, *, today: date) -> tuple[date, date]:
    """First and last day off, both included. Raises UnclearWords with what may be said instead.

    A day without a year is the next one; a date with a year may lie in the past.
    """
    spoken = words if isinstance(words, str) else " ".join(words)
    text = re.sub(r"\s+", " ", spoken.strip().lower()).removeprefix("from ")
    span = _span(text, today)
    if span is None:
        unclear = (
            f"I do not know which days '{spoken.strip()[:40]}' are." if text else "Which days?"
        )
        raise UnclearWords(unclear, hint=HINT)
    first, last = span
    if last < first:
        raise UnclearWords(f"{last} lies before {first}.", hint=HINT)
    if (last - first).days >= MOST_DAYS:
        raise UnclearWords("That is more than a year.", hint=HINT)
    if not today - FARTHEST <= first <= today + FARTHEST:
        raise UnclearWords(f"{first} is far from today; is the year right?", hint=HINT)
    return first, last


def _span(text: str, today: date) -> tuple[date, date] | None:
    monday = today - timedelta(days=today.weekday())
    if text == "this week":
        return today, monday + timedelta(days=6)
    if text == "next week":
        return monday + timedelta(days=7), monday + timedelta(days=13)
    if found := _LENGTH.fullmatch(text):
        length = int(found[1]) * (7 if found[2] == "week" else 1)
        return (today, today + timedelta(days=length - 1)) if length else None
    found = _TWO_ISO.fullmatch(text)
    parts = [found[1], found[2]] if found else _BETWEEN.split(text)
    match parts:
        case [one]:
            day = _day(one, today)
            return (day, day) if day else None
        case [one, other]:
            return _from_to(one, other, today)
        case _:
            return None


def _from_to(one: str, other: str, today: date) -> tuple[date, date] | None:
    first = _day(one, today)
    if first is None and (bare := _BARE.fullmatch(one)):
        # "24 - 28 dec": the month is said once.
        last = _day(other, today)
        if last is None or not 1 <= int(bare[1]) <= last.day:
            return None
        return last.replace(day=int(bare[1])), last
    last = _day(other, first) if first else None
    return (first, last) if first and last else None


def _day(text: str, from_day: date) -> date | None:
    """A day; one without a year is the first that does not lie before ``from_day``."""
    if text in {"today", "tomorrow"}:
        return from_day + timedelta(days=text == "tomorrow")
    if (weekday := parse_weekday(text)) is not None:
        return from_day + timedelta(days=(weekday - from_day.weekday()) % 7)
    if (day := parse_week_and_day(text, from_day)) is not None:
        return day
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            month = parse_month(found["month"])
            return _dated(found["day"], month, found["year"], from_day)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _dated(day: str, month: int | None, year: str | None, from_day: date) -> date | None:
    if month is None:
        return None
    # The 29th of February may be eight years off.
    years = [int(year)] if year else range(from_day.year, from_day.year + 9)
    for each in years:
        try:
            found = date(each, month, int(day))
        except ValueError:
            continue
        if year or found >= from_day:
            return found
    return None
