"""Periods of the company's own year, and months in a role."""

from dataclasses import replace
from datetime import date

import pytest

from bot.compensation.calendar import (
    before,
    draw_months,
    latest_complete,
    month_in_role,
    period_of,
    settled_in,
)
from bot.compensation.plan import Period
from bot.domain.fiscal import CalendarMonths, WeekPattern, YearStart
from tests.compensation.sound_plan import PLAN

CALENDAR = CalendarMonths()
FROM_FEBRUARY = CalendarMonths(start_month=2)
WEEKS = WeekPattern(starts=YearStart(weekday=5, month=1, offset=25))


@pytest.mark.parametrize("fiscal", [CALENDAR, FROM_FEBRUARY, WEEKS])
@pytest.mark.parametrize(("kind", "many"), [(Period.MONTH, 12), (Period.QUARTER, 4)])
def test_the_periods_of_a_year_are_numbered_without_a_gap(
    fiscal: CalendarMonths | WeekPattern, kind: Period, many: int
) -> None:
    year = period_of(Period.YEAR, date(2026, 7, 1), fiscal)
    found = list(settled_in(kind, year, fiscal))
    assert [each.number for each in found] == list(range(1, many + 1))
    assert found[0].first == year.first
    assert found[-1].last == year.last


def test_quarters_and_months_are_called_as_people_call_them() -> None:
    assert period_of(Period.QUARTER, date(2026, 11, 23), CALENDAR).label == "Q4 2026"
    assert period_of(Period.MONTH, date(2026, 11, 23), CALENDAR).label == "November 2026"
    assert period_of(Period.QUARTER, date(2027, 1, 5), FROM_FEBRUARY).label == "Q4 2027"


def test_the_period_under_way_is_not_complete() -> None:
    found = latest_complete(Period.QUARTER, date(2026, 3, 31), CALENDAR, many=2)
    assert [each.label for each in found] == ["Q3 2025", "Q4 2025"]
    assert before(found[0], CALENDAR).label == "Q2 2025"


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2026-01-15", 1),
        ("2026-02-14", 1),
        ("2026-02-15", 2),
        ("2026-12-15", 12),
        ("2025-06-01", 1),
    ],
)
def test_months_in_a_role_begin_on_its_day(day: str, month: int) -> None:
    assert month_in_role(date(2026, 1, 15), date.fromisoformat(day)) == month


def test_a_draw_runs_for_its_months_and_ends() -> None:
    """Three months, begun in the middle of the first quarter: two there, one in the next."""
    quarters = [period_of(Period.QUARTER, date(2026, month, 1), CALENDAR) for month in (1, 4, 7)]
    started = date(2026, 2, 1)
    assert [draw_months(PLAN, started, each) for each in quarters] == [2, 1, 0]
    assert draw_months(PLAN, date(2026, 5, 1), quarters[0]) == 0
    assert draw_months(replace(PLAN, draw=None), started, quarters[0]) == 0
