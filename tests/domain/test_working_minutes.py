"""A lead that came on Friday night has waited since Monday morning, where hours are named."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.working_minutes import minutes_between

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = time(9), time(17, 30)
DAY = 510
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 900_000).map(lambda minutes: FIRST + timedelta(minutes=minutes))


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        pytest.param(berlin(3, 9, 10), berlin(3, 9, 10, 12), 12, id="within-a-day"),
        pytest.param(berlin(3, 6, 22), berlin(3, 9, 9, 5), 5, id="over-a-weekend"),
        pytest.param(berlin(3, 9, 17), berlin(3, 10, 9, 30), 60, id="over-a-night"),
        pytest.param(berlin(3, 7, 9), berlin(3, 8, 17), 0, id="a-weekend"),
        pytest.param(berlin(3, 9, 6), berlin(3, 9, 7), 0, id="before-work"),
        pytest.param(berlin(3, 9, 6), berlin(3, 13, 23), 5 * DAY, id="a-week"),
        pytest.param(berlin(3, 27, 17), berlin(3, 30, 10), 90, id="clocks-go-forward"),
    ],
)
def test_only_working_hours_are_waited(begin: datetime, end: datetime, minutes: float) -> None:
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    assert minutes_between(begin, end, zone=BERLIN, hours=HOURS) == minutes


def test_without_hours_every_minute_is_waited() -> None:
    begin, end = berlin(3, 28, 22).astimezone(UTC), berlin(3, 29, 9).astimezone(UTC)
    assert minutes_between(begin, end, zone=BERLIN, hours=None) == 600


@given(begin=INSTANTS, spans=st.tuples(st.integers(0, 40_000), st.integers(0, 40_000)))
def test_waits_add_up_and_are_never_longer_than_the_clock_says(
    begin: datetime, spans: tuple[int, int]
) -> None:
    middle = begin + timedelta(minutes=spans[0])
    end = middle + timedelta(minutes=spans[1])
    first, second, whole = (
        minutes_between(one, other, zone=BERLIN, hours=HOURS)
        for one, other in ((begin, middle), (middle, end), (begin, end))
    )
    assert first + second == pytest.approx(whole)
    assert 0 <= whole <= sum(spans)
