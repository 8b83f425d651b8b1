"""The words people use for the hours of the day in which they want to be left alone."""

import re
from collections.abc import Iterable
from datetime import time

from bot.domain.errors import UnclearWords

HINT = "try `/nudges quiet 17:00-9:30`, `/nudges quiet 4pm to 10am` or `/nudges quiet off`"
_BETWEEN = re.compile(r"\s*(?:-+|\u2013|\u2014|\bto\b|\buntil\b|\btill\b)\s*")
_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")
HALF_A_DAY = 12
#: What is said must fit somewhere in the day.
FEWEST_HOURS = 1


def parse_quiet_hours(words: Iterable[str]) -> tuple[time, time]:
    """From the evening to the morning. Raises UnclearWords with what may be said instead."""
    spoken = " ".join(" ".join(words).lower().removeprefix("from ").split())
    parts = [_hour(part) for part in _BETWEEN.split(spoken)]
    match parts:
        case [time() as begin, time() as end]:
            pass
        case _:
            raise UnclearWords(f"I do not know the hours '{spoken[:40]}'.", hint=HINT)
    if begin.hour * 60 + begin.minute - end.hour * 60 - end.minute < FEWEST_HOURS * 60:
        raise UnclearWords(
            "Quiet hours begin in the evening and end in the morning, with at least an hour of the "
            "day between.",
            hint=HINT,
        )
    return begin, end


def _hour(text: str) -> time | None:
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= HALF_A_DAY:
            return None
        hour = hour % HALF_A_DAY + (HALF_A_DAY if found[3] == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None
