from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.jobs.triggers import WEEKDAYS, Daily, Every, Trigger, due_between

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")

#: Both halves of the world, half hours, a change at midnight, one just before it, a lost day.
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "America/New_York",
        "America/Nuuk",
        "America/Havana",
        "America/Sao_Paulo",
        "Europe/Berlin",
        "Europe/Dublin",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Pacific/Apia",
        "Pacific/Kwajalein",
    )
]
INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
DAILY = st.builds(
    Daily,
    at=TIMES,
    weekdays=st.frozensets(st.sampled_from(WEEKDAYS), min_size=1),
)
EVERY = st.builds(
    Every,
    span=st.integers(1, 1440).map(lambda n: timedelta(minutes=n)),
    offset=st.integers(0, 59).map(lambda n: timedelta(minutes=n)),
)
TRIGGERS = DAILY | EVERY
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10))


def due(trigger: Trigger, after: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    return list(due_between(trigger, after=after, until=until, zone=zone))


@given(TRIGGERS, INSTANTS, SPANS, st.sampled_from(ZONES))
def test_due_instants_lie_in_the_span_newest_first_and_never_twice(
    trigger: Trigger, after: datetime, span: timedelta, zone: ZoneInfo
) -> None:
    instants = due(trigger, after, after + span, zone)
    assert all(after < instant <= after + span for instant in instants)
    assert instants == sorted(set(instants), reverse=True)


@given(TRIGGERS, INSTANTS, SPANS, SPANS, st.sampled_from(ZONES))
def test_looking_twice_finds_what_looking_once_finds(
    trigger: Trigger, after: datetime, first: timedelta, second: timedelta, zone: ZoneInfo
) -> None:
    middle, until = after + first, after + first + second
    in_two = due(trigger, middle, until, zone) + due(trigger, after, middle, zone)
    assert in_two == due(trigger, after, until, zone)


@given(TIMES, st.integers(1990, 2035), st.sampled_from(ZONES))
@example(time(8), 2011, ZoneInfo("Pacific/Apia"))
@example(time(0), 2011, ZoneInfo("Pacific/Apia"))
@example(time(8), 1993, ZoneInfo("Pacific/Kwajalein"))
def test_a_daily_job_is_due_once_for_every_day_of_a_year(
    at: time, year: int, zone: ZoneInfo
) -> None:
    begin = datetime.combine(date(year, 1, 3), at, tzinfo=zone)
    end = datetime.combine(date(year + 1, 1, 3), at, tzinfo=zone)
    days = (end.date() - begin.date()).days
    lost = LOST_DAYS.get((zone.key, year), 0)
    assert len(due(Daily(at=at), begin, end, zone)) == days - lost


#: Zones that went over to the other side of the date line left out a day.
LOST_DAYS = {("Pacific/Apia", 2011): 1, ("Pacific/Kwajalein", 1993): 1}


@given(TIMES, INSTANTS, st.sampled_from(ZONES))
def test_a_daily_job_is_due_when_the_wall_clock_says_so_or_skips_it(
    at: time, after: datetime, zone: ZoneInfo
) -> None:
    for instant in due(Daily(at=at), after, after + timedelta(days=5), zone):
        local = instant.astimezone(zone)
        if local.time() != at:
            before_the_gap = (instant - timedelta(days=1)).astimezone(zone).utcoffset()
            assert before_the_gap is not None
            assert (instant + before_the_gap).time() == at
            assert local.utcoffset() != before_the_gap


@given(EVERY, INSTANTS, st.sampled_from(ZONES))
def test_all_instances_meet_on_the_same_instants_whenever_they_started(
    trigger: Every, now: datetime, zone: ZoneInfo
) -> None:
    earlier = due(trigger, now - 3 * trigger.span, now, zone)
    later = due(trigger, now - trigger.span, now, zone)
    assert len(later) == 1
    assert earlier[0] == later[0]


@pytest.mark.parametrize(
    ("zone", "at", "night", "instants"),
    [
        pytest.param(
            NEW_YORK,
            time(1, 30),
            date(2026, 11, 1),
            [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)],
            id="autumn-the-first-of-two-half-past-ones",
        ),
        pytest.param(
            BERLIN,
            time(2, 30),
            date(2026, 10, 25),
            [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)],
            id="autumn-in-berlin",
        ),
        pytest.param(
            NEW_YORK,
            time(2, 30),
            date(2026, 3, 8),
            [datetime(2026, 3, 8, 7, 30, tzinfo=UTC)],
            id="spring-at-half-past-three-instead",
        ),
        pytest.param(
            ZoneInfo("America/Nuuk"),
            time(23, 30),
            date(2026, 3, 28),
            [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)],
            id="spring-just-before-midnight",
        ),
    ],
)
def test_the_nights_when_clocks_change_fire_once(
    zone: ZoneInfo, at: time, night: date, instants: list[datetime]
) -> None:
    begin = datetime.combine(night, time(0), tzinfo=zone)
    # Until just before the next day's firing, whatever the day's length.
    end = instants[0] + timedelta(hours=22)
    assert due(Daily(at=at), begin, end, zone) == instants


def test_a_weekly_job_is_due_on_its_own_weekday_in_the_zone() -> None:
    monday_only = Daily(at=time(8), weekdays=frozenset({"monday"}))
    auckland = ZoneInfo("Pacific/Auckland")
    begin, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC)
    assert due(monday_only, begin, end, auckland) == [
        datetime(2026, 3, 8, 19, tzinfo=UTC),
        datetime(2026, 3, 1, 19, tzinfo=UTC),
    ]


def test_a_year_of_downtime_is_coalesced_without_counting_it_out() -> None:
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    instants = due_between(
        Every(span=timedelta(seconds=5)), after=now - timedelta(days=36_500), until=now, zone=BERLIN
    )
    assert next(instants) == now


def test_a_trigger_that_could_never_fire_is_refused() -> None:
    with pytest.raises(ValueError, match="no distance"):
        Every(span=timedelta(0))
    with pytest.raises(ValueError, match="no days"):
        Daily(at=time(8), weekdays=frozenset({"moonday"}))
