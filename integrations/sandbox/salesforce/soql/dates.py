"""Relative date literals of SOQL, from TODAY to LAST_N_FISCAL_QUARTERS:n."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = 12
QUARTER = 3
DAYS_OF_90 = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What relative dates depend on."""

    now: datetime
    zone: ZoneInfo
    fiscal_start_month: int
    #: Whether a fiscal year bears the number of the year in which it starts.
    fiscal_year_of_start: bool = False

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a day of the user's zone begins, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


#: The first day of the period that lies ``steps`` after the one that contains today.
_Start = Callable[[Calendar, int], date]


def _day(calendar: Calendar, steps: int) -> date:
    return calendar.today + timedelta(days=steps)


def _week(calendar: Calendar, steps: int) -> date:
    """Weeks begin on Sunday, as in the locale en_US."""
    today = calendar.today
    return today - timedelta(days=today.isoweekday() % 7) + timedelta(weeks=steps)


def _month_start(months: int) -> date:
    return date(months // MONTHS, months % MONTHS + 1, 1)


def _months(length: int, *, fiscal: bool) -> _Start:
    def start(calendar: Calendar, steps: int) -> date:
        first = calendar.fiscal_start_month - 1 if fiscal else 0
        today = calendar.today
        index = today.year * MONTHS + today.month - 1 - first
        return _month_start(index // length * length + first + steps * length)

    return start


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeDate:
    """Covers periods ``first`` up to, not including, ``last``, in steps from the present one."""

    start: _Start
    first: Callable[[int], int]
    last: Callable[[int], int]
    counted: bool = False

    def span(self, calendar: Calendar, count: int | None) -> tuple[date, date]:
        """The first day, and the first day after. Raises OverflowError or ValueError."""
        number = count or 0
        return (
            self.start(calendar, self.first(number)),
            self.start(calendar, self.last(number)),
        )


def _fixed(start: _Start, first: int, last: int) -> RelativeDate:
    return RelativeDate(start=start, first=lambda _: first, last=lambda _: last)


def _counted(
    start: _Start, first: Callable[[int], int], last: Callable[[int], int]
) -> RelativeDate:
    return RelativeDate(start=start, first=first, last=last, counted=True)


def _relative_dates() -> dict[str, RelativeDate]:
    found = {
        "YESTERDAY": _fixed(_day, -1, 0),
        "TODAY": _fixed(_day, 0, 1),
        "TOMORROW": _fixed(_day, 1, 2),
        # LAST includes today, NEXT begins tomorrow.
        "LAST_90_DAYS": _fixed(_day, -DAYS_OF_90, 1),
        "NEXT_90_DAYS": _fixed(_day, 1, DAYS_OF_90 + 1),
        "LAST_N_DAYS": _counted(_day, lambda n: -n, lambda _: 1),
        "NEXT_N_DAYS": _counted(_day, lambda _: 1, lambda n: n + 1),
        "N_DAYS_AGO": _counted(_day, lambda n: -n, lambda n: -n + 1),
    }
    periods: dict[str, _Start] = {
        "WEEK": _week,
        "MONTH": _months(1, fiscal=False),
        "QUARTER": _months(QUARTER, fiscal=False),
        "YEAR": _months(MONTHS, fiscal=False),
        "FISCAL_QUARTER": _months(QUARTER, fiscal=True),
        "FISCAL_YEAR": _months(MONTHS, fiscal=True),
    }
    for name, start in periods.items():
        found |= {
            f"LAST_{name}": _fixed(start, -1, 0),
            f"THIS_{name}": _fixed(start, 0, 1),
            f"NEXT_{name}": _fixed(start, 1, 2),
            f"LAST_N_{name}S": _counted(start, lambda n: -n, lambda _: 0),
            f"NEXT_N_{name}S": _counted(start, lambda _: 1, lambda n: n + 1),
            f"N_{name}S_AGO": _counted(start, lambda n: -n, lambda n: -n + 1),
        }
    return found


RELATIVE_DATES = _relative_dates()
