"""Which days are a person's, and what part of a full-time week they make."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import RepId
from bot.domain.local_days import local_day
from bot.domain.people import WorkTerms
from bot.domain.week import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, WEDNESDAY
from bot.domain.workdays import LeaveDays, WorkCalendar
from tests.domain.people import KIM, kim_who

#: Monday to Sunday, without a holiday anywhere.
FIRST, LAST = date(2026, 3, 9), date(2026, 3, 15)
UNITY_DAY = date(2026, 10, 3)
PLAIN = WorkCalendar()
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1))
WEEKS = st.frozensets(st.integers(0, 6), min_size=1)


def worked(rep: object, calendar: WorkCalendar = PLAIN) -> list[int]:
    days = [FIRST + timedelta(days=n) for n in range(7)]
    return [day.weekday() for day in days if calendar.works_on(rep, day)]  # type: ignore[arg-type]


def test_a_part_timer_works_on_the_days_named_and_is_asked_for_their_share() -> None:
    part_timer = kim_who(works=frozenset({MONDAY, WEDNESDAY}))
    assert worked(part_timer) == [MONDAY, WEDNESDAY]
    assert PLAIN.working_share(part_timer, FIRST, LAST) == pytest.approx(0.4)


def test_part_time_that_is_spread_makes_every_day_shorter() -> None:
    assert PLAIN.working_share(kim_who(share=0.6), FIRST, LAST) == pytest.approx(0.6)


@pytest.mark.parametrize("share", [0, -0.5, 1.5])
def test_a_share_that_nobody_can_work_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="does not lie"):
        WorkTerms(share=share)


def test_a_sunday_to_thursday_week_is_a_full_week() -> None:
    by_country = kim_who(country="EG")
    by_zone = replace(KIM, zone=ZoneInfo("Asia/Riyadh"))
    by_name = kim_who(works=frozenset({SUNDAY, MONDAY, 1, WEDNESDAY, THURSDAY}))
    for rep in (by_country, by_zone, by_name):
        assert worked(rep) == [MONDAY, 1, WEDNESDAY, THURSDAY, SUNDAY]
        assert PLAIN.working_share(rep, FIRST, LAST) == 1.0


def test_a_team_may_know_better_which_days_a_country_rests() -> None:
    calendar = WorkCalendar(weekend_by_country={"DE": frozenset({FRIDAY, SATURDAY})})
    assert worked(KIM, calendar) == [MONDAY, 1, WEDNESDAY, THURSDAY, SUNDAY]


def test_whoever_lives_abroad_may_have_the_holidays_of_another_country() -> None:
    def holidays(country: str, year: int) -> frozenset[date]:
        return frozenset({date(year, 3, 9)}) if country == "US" else frozenset()

    calendar = WorkCalendar(holidays=holidays)
    assert calendar.works_on(KIM, FIRST)
    assert not calendar.works_on(kim_who(country="US"), FIRST)


def test_days_before_joining_and_after_leaving_are_nobodys() -> None:
    newcomer = replace(KIM, joined_on=FIRST + timedelta(days=3))
    leaver = replace(KIM, left_on=FIRST)
    assert PLAIN.working_share(newcomer, FIRST, LAST) == pytest.approx(0.4)
    assert PLAIN.working_share(leaver, FIRST, LAST) == pytest.approx(0.2)


def test_a_weekend_alone_takes_nothing_off_but_the_part_time() -> None:
    saturday = date(2026, 3, 14)
    assert PLAIN.working_share(KIM, saturday, saturday) == 1.0
    assert PLAIN.working_share(kim_who(share=0.5), saturday, saturday) == 0.5


@given(first=DAYS, length=st.integers(0, 60), works=WEEKS, away=st.tuples(DAYS, st.integers(0, 40)))
def test_a_share_is_a_share_and_leave_never_adds_to_it(
    first: date, length: int, works: frozenset[int], away: tuple[date, int]
) -> None:
    rep, last = kim_who(works=works), first + timedelta(days=length)
    leave = LeaveDays({RepId("kim"): ((away[0], away[0] + timedelta(days=away[1])),)})
    whole = PLAIN.working_share(rep, first, last)
    less = PLAIN.working_share(rep, first, last, leave=leave)
    assert 0 <= less <= whole <= 1


@given(first=DAYS, weeks=st.integers(1, 20), works=WEEKS)
def test_whole_weeks_count_each_day_worked_once(
    first: date, weeks: int, works: frozenset[int]
) -> None:
    last = first + timedelta(days=7 * weeks - 1)
    assert PLAIN.working_days(kim_who(works=works), first, last) == weeks * len(works)


@given(
    zone=st.sampled_from(sorted(available_timezones() - {"localtime"})),
    day=DAYS,
    minute=st.integers(1, 24 * 60 - 1),
    fold=st.sampled_from([0, 1]),
)
def test_every_minute_of_a_local_day_is_that_day_whatever_the_clocks_do(
    zone: str, day: date, minute: int, fold: int
) -> None:
    wall = datetime.combine(day, time(minute // 60, minute % 60, 1, fold=fold), ZoneInfo(zone))
    there_and_back = wall.astimezone(UTC).astimezone(ZoneInfo(zone))
    if there_and_back.replace(fold=fold) == wall.replace(tzinfo=there_and_back.tzinfo):
        # The hour that spring leaves out is on no clock.
        assert local_day(wall.astimezone(UTC), ZoneInfo(zone)) == day


@given(
    start=st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001 - made aware below
    hours=st.integers(0, 72),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_time_never_runs_backwards_through_a_change_of_the_clocks(
    start: datetime, hours: int, zone: str
) -> None:
    first = start.replace(second=1, tzinfo=UTC)
    later = first + timedelta(hours=hours)
    gone = (local_day(later, ZoneInfo(zone)) - local_day(first, ZoneInfo(zone))).days
    # A day has 23 to 25 hours.
    assert hours // 25 <= gone <= (hours + 24) // 23
