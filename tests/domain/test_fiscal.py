"""A fiscal year is cut into months and quarters without a gap or an overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UnclearWords
from bot.domain.fiscal import (
    PATTERNS,
    CalendarMonths,
    FiscalCalendar,
    WeekPattern,
    parse_year_start,
)
from bot.domain.windows import parse_window

MONTHS = ["january", "february", "march", "june", "september", "october", "december"]
WEEKDAYS = ["monday", "friday", "sat", "sunday"]
starts = st.one_of(
    st.builds("{} {} of {}".format, *map(st.sampled_from, (["first", "last"], WEEKDAYS, MONTHS))),
    st.builds(
        "{} nearest {} {}".format,
        st.sampled_from(WEEKDAYS),
        st.integers(1, 28),
        st.sampled_from(MONTHS),
    ),
)
patterns = st.builds(
    lambda words, weeks: WeekPattern(starts=parse_year_start(words), weeks=weeks),  # type: ignore[arg-type]  # the words are good ones
    starts,
    st.sampled_from(sorted(PATTERNS.values())),
)
calendars = st.one_of(st.builds(CalendarMonths, start_month=st.integers(1, 12)), patterns)
days = st.dates(min_value=date(1980, 1, 1), max_value=date(2090, 1, 1))
DAY = timedelta(days=1)


def cut(part: object, first: date, last: date) -> list[tuple[date, date]]:
    """The parts from one day to another, each begun where the one before ended."""
    found = []
    while first <= last:
        span = part(first)  # type: ignore[operator]  # a method of a calendar
        assert span[0] == first
        found.append(span)
        first = span[1] + DAY
    assert found[-1][1] == last
    return found


@given(calendar=calendars, day=days)
def test_months_and_quarters_tile_the_year(calendar: FiscalCalendar, day: date) -> None:
    first, last = calendar.year(day)
    assert first <= day <= last
    assert len(cut(calendar.month, first, last)) == 12
    quarters = cut(calendar.quarter, first, last)
    assert len(quarters) == 4
    for begin, end in quarters:
        assert len(cut(calendar.month, begin, end)) == 3
    assert calendar.year(last + DAY)[0] == last + DAY
    assert calendar.year(first - DAY)[1] == first - DAY


@given(calendar=calendars, day=days)
def test_every_day_lies_in_its_own_month_quarter_and_year(
    calendar: FiscalCalendar, day: date
) -> None:
    month, quarter, year = calendar.month(day), calendar.quarter(day), calendar.year(day)
    assert year[0] <= quarter[0] <= month[0] <= day <= month[1] <= quarter[1] <= year[1]
    for part in (calendar.month, calendar.quarter, calendar.year):
        assert part(part(day)[0]) == part(part(day)[1]) == part(day)


@given(calendar=patterns, day=days)
def test_a_year_of_weeks_has_52_or_53_of_them_and_begins_on_its_weekday(
    calendar: WeekPattern, day: date
) -> None:
    first, last = calendar.year(day)
    assert ((last - first).days + 1) in {364, 371}
    assert first.weekday() == calendar.starts.weekday
    weeks = [(end - begin).days // 7 + 1 for begin, end in cut(calendar.month, first, last)]
    surplus = (last - first).days // 7 + 1 - 52
    assert weeks == [*(calendar.weeks * 4)[:-1], calendar.weeks[2] + surplus]


def retail() -> WeekPattern:
    """The National Retail Federation's year, which begins after the Saturday next to January."""
    start = parse_year_start("Sunday nearest 1 February")
    assert start is not None
    return WeekPattern(starts=start, weeks=(4, 5, 4))


@pytest.mark.parametrize(
    ("year", "first", "weeks"),
    [
        (2022, date(2022, 1, 30), 52),
        (2023, date(2023, 1, 29), 53),
        (2024, date(2024, 2, 4), 52),
        (2025, date(2025, 2, 2), 52),
    ],
)
def test_the_retail_calendar_comes_out_as_published(year: int, first: date, weeks: int) -> None:
    begin, end = retail().year(date(year, 6, 1))
    assert begin == first
    assert ((end - begin).days + 1) / 7 == weeks


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("this month", date(2026, 3, 1), date(2026, 3, 9)),
        ("this quarter", date(2026, 2, 1), date(2026, 3, 9)),
        ("last month", date(2026, 2, 1), date(2026, 2, 28)),
        ("last quarter", date(2025, 11, 2), date(2026, 1, 31)),
        ("last year", date(2025, 2, 2), date(2026, 1, 31)),
        ("this year", date(2026, 2, 1), date(2026, 3, 9)),
    ],
)
def test_windows_follow_the_fiscal_calendar(words: str, first: date, last: date) -> None:
    window = parse_window(words, today=date(2026, 3, 9), fiscal=retail())
    assert (window.first, window.last) == (first, last)


@pytest.mark.parametrize(
    ("words", "first"),
    [("this quarter", date(2026, 2, 1)), ("this year", date(2025, 11, 1))],
)
def test_a_year_may_begin_with_any_month(words: str, first: date) -> None:
    fiscal = CalendarMonths(start_month=11)
    assert parse_window(words, today=date(2026, 3, 9), fiscal=fiscal).first == first


@pytest.mark.parametrize(
    "words",
    ["", "second monday of may", "first day of may", "last monday of ma", "monday nearest 31 may"],
)
def test_what_is_no_first_day_of_a_year_is_not_taken_for_one(words: str) -> None:
    assert parse_year_start(words) is None


def test_an_unknown_window_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnclearWords) as refused:
        parse_window("next quarter", today=date(2026, 3, 9))
    assert "last quarter" in refused.value.hint
