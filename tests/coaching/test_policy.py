from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.policy import Policy, QuietHours
from bot.domain.week import SATURDAY

QUIET = QuietHours()
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "Europe/Berlin",
        "Europe/London",
        "Asia/Kolkata",
        "Asia/Tokyo",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Pacific/Honolulu",
        "UTC",
    )
]
instants = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 -- made aware by ``timezones``
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001 -- made aware by ``timezones``
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES)


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Said anew, plainly: a weekend, before half past eight or from half past five on."""
    local = at.astimezone(zone)
    return local.weekday() >= SATURDAY or local.time() < time(8, 30) or local.time() >= time(17, 30)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        pytest.param("Europe/Berlin", "2026-03-10T08:30+01:00", "2026-03-10T08:30+01:00", id="end"),
        pytest.param(
            "Europe/Berlin", "2026-03-10T17:29+01:00", "2026-03-10T17:29+01:00", id="last-minute"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-10T17:30+01:00", "2026-03-11T08:30+01:00", id="begin"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-10T05:00+01:00", "2026-03-10T08:30+01:00", id="early"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-13T18:00+01:00", "2026-03-16T08:30+01:00", id="friday-evening"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-15T12:00+01:00", "2026-03-16T08:30+01:00", id="sunday-noon"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-27T18:00+01:00", "2026-03-30T08:30+02:00", id="into-summer"
        ),
        pytest.param(
            "Europe/Berlin", "2026-10-23T18:00+02:00", "2026-10-26T08:30+01:00", id="into-winter"
        ),
        pytest.param(
            "America/New_York", "2026-03-06T18:00-05:00", "2026-03-09T08:30-04:00", id="new-york"
        ),
        pytest.param(
            "Australia/Sydney", "2026-04-03T18:00+11:00", "2026-04-06T08:30+10:00", id="sydney"
        ),
        pytest.param(
            "Australia/Sydney",
            "2026-03-08T22:00+00:00",
            "2026-03-08T22:00+00:00",
            id="monday-morning-there-is-sunday-here",
        ),
    ],
)
def test_quiet_hours_end_where_the_rep_lives(zone: str, now: str, expected: str) -> None:
    found = QUIET.over_at(datetime.fromisoformat(now).astimezone(UTC), ZoneInfo(zone))
    assert found == datetime.fromisoformat(expected)


@given(now=instants, zone=zones)
def test_a_nudge_never_arrives_in_quiet_hours_nor_before_now(now: datetime, zone: ZoneInfo) -> None:
    found = QUIET.over_at(now, zone)
    assert found >= now
    assert found.utcoffset() is not None
    assert not is_quiet(found, zone)


@given(now=instants, zone=zones, share=st.floats(0, 1, exclude_max=True))
def test_no_earlier_instant_would_have_done(now: datetime, zone: ZoneInfo, share: float) -> None:
    found = QUIET.over_at(now, zone).astimezone(UTC)
    between = now + (found - now) * share
    assert between == found or is_quiet(between, zone)


@given(now=instants, zone=zones)
def test_nobody_waits_longer_than_a_weekend(now: datetime, zone: ZoneInfo) -> None:
    # Friday 17:30 to Monday 08:30 are 63 hours, and one more when the clocks go back.
    wait = QUIET.over_at(now, zone).astimezone(UTC) - now
    assert wait <= timedelta(hours=64)


@given(now=instants, zone=zones)
def test_what_is_over_stays_over(now: datetime, zone: ZoneInfo) -> None:
    found = QUIET.over_at(now, zone)
    assert QUIET.over_at(found, zone) == found


@pytest.mark.parametrize(("begin", "end"), [(time(8), time(8)), (time(7), time(9))])
def test_quiet_hours_that_do_not_span_the_night_are_refused(begin: time, end: time) -> None:
    with pytest.raises(ValueError, match="begin in the evening"):
        QuietHours(begin=begin, end=end)


@pytest.mark.parametrize("share", [-0.1, 1.0, 1.5])
def test_a_holdout_that_silences_everybody_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="holdout share"):
        Policy(holdout_share=share)


@pytest.mark.parametrize(
    ("now", "over"),
    [("2026-03-13T10:00", "2026-03-15T08:30"), ("2026-03-15T10:00", "2026-03-15T10:00")],
)
def test_where_the_weekend_is_friday_and_saturday_sunday_is_a_day_for_nudges(
    now: str, over: str
) -> None:
    cairo = ZoneInfo("Africa/Cairo")
    at = datetime.fromisoformat(now).replace(tzinfo=cairo)
    found = QUIET.over_at(at, cairo, works=frozenset({6, 0, 1, 2, 3}))
    assert found == datetime.fromisoformat(over).replace(tzinfo=cairo)
