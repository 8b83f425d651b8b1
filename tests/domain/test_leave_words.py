from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UnclearWords
from bot.domain.leave_words import parse_leave

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", (2026, 11, 24), (2026, 11, 24)),
        ("Tomorrow", (2026, 11, 25), (2026, 11, 25)),
        ("friday", (2026, 11, 27), (2026, 11, 27)),
        ("this friday", (2026, 11, 27), (2026, 11, 27)),
        ("next friday", (2026, 12, 4), (2026, 12, 4)),
        ("thu - mon", (2026, 11, 26), (2026, 11, 30)),
        ("next week", (2026, 11, 30), (2026, 12, 6)),
        ("this week", (2026, 11, 24), (2026, 11, 29)),
        ("3 days", (2026, 11, 24), (2026, 11, 26)),
        ("24 dec - 2 jan", (2026, 12, 24), (2027, 1, 2)),
        ("24 Dec to 2 January 2027", (2026, 12, 24), (2027, 1, 2)),
        ("from dec 24 until jan 2nd", (2026, 12, 24), (2027, 1, 2)),
        ("24.12. - 2.1.", (2026, 12, 24), (2027, 1, 2)),
        ("24.12.2026\u20132.1.2027", (2026, 12, 24), (2027, 1, 2)),
        ("24 - 28 dec", (2026, 12, 24), (2026, 12, 28)),
        ("2026-12-24 2027-01-02", (2026, 12, 24), (2027, 1, 2)),
        ("2026-12-24..2027-01-02", (2026, 12, 24), (2027, 1, 2)),
        ("2026-03-02", (2026, 3, 2), (2026, 3, 2)),
        ("1 nov", (2027, 11, 1), (2027, 11, 1)),
    ],
)
def test_days_off_are_understood(
    words: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert parse_leave(words, today=TUESDAY) == (date(*first), date(*last))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "someday",
        "31 feb - 2 mar",
        "24 dec - 2 jan 2026",
        "2026-12-24 2026-12-20",
        "2026-01-01 2028-01-01",
        "2062-12-24",
        "0 days",
        "30 - 28 dec",
        "24 foo",
        "a - b - c",
        "13.13.",
    ],
)
def test_what_names_no_days_is_refused_with_a_hint(words: str) -> None:
    with pytest.raises(UnclearWords) as refused:
        parse_leave(words, today=TUESDAY)
    assert "24 dec - 2 jan" in refused.value.hint


@given(
    first=st.dates(date(2026, 6, 1), date(2027, 12, 1)),
    length=st.integers(0, 365),
    layout=st.sampled_from(["{0} {1}", "{0} - {1}", "{0} to {1}", "{0:%d %b %Y} - {1:%d %B %Y}"]),
)
def test_two_dates_with_years_mean_themselves(first: date, length: int, layout: str) -> None:
    last = first + timedelta(days=length)
    assert parse_leave(layout.format(first, last), today=TUESDAY) == (first, last)


@given(text=st.text(max_size=60))
def test_nothing_that_people_type_breaks_it(text: str) -> None:
    try:
        first, last = parse_leave(text, today=TUESDAY)
    except UnclearWords:
        return
    assert first <= last
