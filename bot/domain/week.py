"""Days of the week, by name and by number, and which of them a country rests on."""

from collections.abc import Mapping
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
ALL_DAYS = frozenset(range(7))
WEEKEND = frozenset({SATURDAY, SUNDAY})
#: Countries that rest on other days than Saturday and Sunday.
WEEKEND_BY_COUNTRY: Mapping[str, frozenset[int]] = {
    **dict.fromkeys(
        ("BD", "BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "MV", "OM", "QA", "SA", "SD", "YE"),
        frozenset({FRIDAY, SATURDAY}),
    ),
    "AF": frozenset({THURSDAY, FRIDAY}),
    "IR": frozenset({THURSDAY, FRIDAY}),
}
_SHORTEST = 3


def parse_weekday(word: str) -> int | None:
    """``mon`` to ``sunday``, in any case; None for anything else."""
    text = word.strip().lower()
    if len(text) < _SHORTEST:
        return None
    return next((n for n, name in enumerate(WEEKDAYS) if name.startswith(text)), None)


def parse_week_and_day(text: str, today: date) -> date | None:
    """This friday and next friday: that day of the week from Monday to Sunday, or of the next."""
    which, _, name = text.partition(" ")
    weekday = parse_weekday(name)
    if which not in {"this", "next"} or weekday is None:
        return None
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=weekday + 7 * (which == "next"))
