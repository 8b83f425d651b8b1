"""The words people use for a day to come: tomorrow, friday, 3 days, 2026-12-01."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.errors import UnclearWords
from bot.domain.week import parse_week_and_day, parse_weekday

HINT = "try `tomorrow`, `friday`, `3 days`, `2 weeks` or a date such as `2026-12-01`"
MOST_DAYS_AHEAD = 90

_SPAN = re.compile(r"(?:for )?(\d{1,3}) (day|week)s?")


def parse_day_ahead(words: Iterable[str] | str, *, today: date) -> date:
    """A day after ``today``, at most MOST_DAYS_AHEAD ahead. Raises UnclearWords."""
    spoken = words if isinstance(words, str) else " ".join(words)
    text = re.sub(r"\s+", " ", spoken.strip().lower()).removeprefix("until ")
    day = _named(text, today)
    if day is None:
        unclear = f"I do not know the day '{text[:40]}'" if text else "Until which day?"
        raise UnclearWords(unclear, hint=HINT)
    if not today < day <= today + timedelta(days=MOST_DAYS_AHEAD):
        raise UnclearWords(
            f"{day.isoformat()} is not within the next {MOST_DAYS_AHEAD} days", hint=HINT
        )
    return day


def _named(text: str, today: date) -> date | None:
    if text == "tomorrow":
        return today + timedelta(days=1)
    if text == "next week":
        return today + timedelta(days=7 - today.weekday())
    if found := _SPAN.fullmatch(text):
        return today + timedelta(days=int(found[1]) * (7 if found[2] == "week" else 1))
    if (weekday := parse_weekday(text)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return parse_week_and_day(text, today) or _written(text)


def _written(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
