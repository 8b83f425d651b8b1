"""What is fair to expect by month, and a clock that stands still while the rep is away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ramp import DAYS_IN_MONTH, RampClock, RampProfile

START = date(2026, 1, 5)
PROFILE = RampProfile()
spans = st.lists(
    st.builds(
        lambda first, length: (
            START + timedelta(days=first),
            START + timedelta(days=first + length),
        ),
        st.integers(-60, 300),
        st.integers(0, 60),
    ),
    max_size=6,
).map(tuple)
offsets = st.integers(-30, 400)


def on(days: int) -> date:
    return START + timedelta(days=days)


@pytest.mark.parametrize(
    ("months", "share"), [(0, 0), (0.5, 0.125), (1, 0.25), (1.5, 0.375), (4, 1), (40, 1)]
)
def test_the_share_grows_between_the_ends_of_months(months: float, share: float) -> None:
    assert PROFILE.share_at(months) == pytest.approx(share)


@pytest.mark.parametrize(
    ("months", "share"), [(1, 0.4), (2, 0.6), (2.5, 0.8), (3, 1), (3.01, 1), (40, 1)]
)
def test_a_ramp_that_ends_below_all_goes_on_to_all_within_a_month(
    months: float, share: float
) -> None:
    short = RampProfile(shares=(0.4, 0.6))
    assert short.months == 3
    assert short.share_at(months) == pytest.approx(share)
    end = on(round(months * DAYS_IN_MONTH))
    assert short.share_over(RampClock(started_on=START), end, end) == pytest.approx(share, abs=0.01)


def test_a_ramp_that_ends_with_all_lasts_as_long_as_it_says() -> None:
    assert (PROFILE.months, RampProfile(shares=(1.0,)).months) == (4, 1)


@pytest.mark.parametrize("shares", [(), (0.5, 0.4), (-0.1,), (1.2,)])
def test_a_profile_that_is_none_is_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="ramp profile"):
        RampProfile(shares=shares)


def test_a_month_of_leave_makes_the_ramp_a_month_longer() -> None:
    month = round(DAYS_IN_MONTH)
    away = RampClock(started_on=START, away=((on(10), on(10 + month - 1)),))
    assert away.months_by(on(100)) == pytest.approx(
        RampClock(started_on=START).months_by(on(100 - month))
    )


@given(away=spans, day=offsets)
def test_each_day_away_stops_the_clock_once_however_often_it_is_told(
    away: tuple[tuple[date, date], ...], day: int
) -> None:
    days_off = {
        first + timedelta(days=n) for first, last in away for n in range((last - first).days + 1)
    }
    present = sum(on(n) not in days_off for n in range(max(day, 0)))
    clock = RampClock(started_on=START, away=away)
    assert clock.months_by(on(day)) == pytest.approx(present / DAYS_IN_MONTH)


@given(away=spans, first=offsets, length=st.integers(0, 90))
def test_leave_never_makes_more_be_expected(
    away: tuple[tuple[date, date], ...], first: int, length: int
) -> None:
    paused, running = RampClock(started_on=START, away=away), RampClock(started_on=START)
    window = (on(first), on(first + length))
    share = PROFILE.share_over(paused, *window)
    assert 0 <= share <= PROFILE.share_over(running, *window) + 1e-9
    assert PROFILE.share_over(paused, on(first + 1), on(first + length + 1)) >= share - 1e-9
