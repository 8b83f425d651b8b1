"""Programmes are assigned at the start in a role, pause with leave, and outlive managers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.ids import RoleKey
from bot.domain.organisation import RoleMatch
from bot.domain.progress import Standing
from bot.queries.onboarding import ended_programmes, hires_on_track, programme_coverage
from bot.queries.yardstick import read_yardstick
from bot.storage.database import reading, transaction
from bot.storage.people import LeaveRow
from bot.storage.roster import read_roster
from tests.coached_team import books
from tests.mirrored import berlin
from tests.onboarding.new_hires import LEE, SAM, TODAY, NewHires, working_days_before

DAY = timedelta(days=1)
#: Today is Lee's 31st working day; the first discovery call was due on the 25th.
STARTED = working_days_before(TODAY, 30)


@pytest.fixture
def hires(database: Engine) -> NewHires:
    hires = NewHires(database)
    hires.begins(LEE, "Lee", STARTED)
    return hires


def test_whoever_begins_in_a_role_is_on_its_programme_and_nobody_else_is(hires: NewHires) -> None:
    hires.pull(STARTED + 2 * DAY)
    found = hires.progress(STARTED + 2 * DAY)
    assert set(found) == {LEE}
    assert found[LEE].programme.key == "mid_market_ae"
    assert found[LEE].day == 3


def test_a_new_hire_is_six_working_days_behind_on_the_first_discovery_call(
    hires: NewHires,
) -> None:
    hires.pull(STARTED)
    late = hires.progress()[LEE].most_behind
    assert late is not None
    assert late.milestone.key == "tools_ready"
    hires.pull()
    lines = {line.milestone.key: line for line in hires.progress()[LEE].lines}
    # What waits for a certification is not the new hire's delay.
    assert lines["first_discovery_call"].standing is Standing.WAITS


def test_who_is_found_out_about_late_is_not_asked_for_what_nobody_could_sign(
    hires: NewHires,
) -> None:
    hires.pull()
    found = hires.progress()[LEE]
    assert found.most_behind is not None
    assert (found.most_behind.milestone.key, found.most_behind.behind) == (
        "first_discovery_call",
        6,
    )
    assert {line.milestone.key for line in found.lines if line not in found.asked} == {
        "tools_ready",
        "pitch_certified",
        "calls_shadowed",
        "accounts_researched",
    }


def test_a_measured_milestone_is_reached_on_the_day_of_the_record_that_completes_it(
    hires: NewHires,
) -> None:
    days = [STARTED + timedelta(days=n) for n in (7, 8, 9, 21, 22, 23)]
    hires.meets(LEE, *days)
    hires.pull()
    assert hires.reached() == {"first_discovery_call": days[0], "five_discovery_calls": days[4]}
    # Written down once: a record that is lost later changes nothing.
    hires.mirror.delete("crm_event", "00U000000000002AAA")
    hires.pull(TODAY + DAY)
    assert hires.reached()["first_discovery_call"] == days[0]


def test_a_meeting_of_before_the_start_counts_for_nothing(hires: NewHires) -> None:
    hires.meets(LEE, STARTED - 3 * DAY)
    hires.pull()
    assert hires.reached() == {}


def test_leave_moves_what_is_due_and_stops_the_days(hires: NewHires) -> None:
    hires.pull(STARTED)
    before = hires.progress()[LEE]
    week = LeaveRow(
        person_id=LEE, first_day=TODAY - 7 * DAY, last_day=TODAY - 3 * DAY, source="csv"
    )
    with transaction(hires.database) as session:
        session.add(week)
    after = hires.progress()[LEE]
    assert (before.day, after.day) == (31, 26)
    assert after.lines[-1].due_on == before.lines[-1].due_on + 7 * DAY


def test_another_manager_changes_nothing_and_another_role_begins_anew(hires: NewHires) -> None:
    hires.pull(STARTED)
    hires.meets(LEE, STARTED + 7 * DAY)
    hires.pull(TODAY - 7 * DAY)
    moved = {"created_at": berlin(STARTED, 8), "stamp": berlin(TODAY - 3 * DAY, 8)}
    hires.mirror.person(LEE, "Lee", **moved, manager_id=SAM)
    hires.pull()
    carried = hires.progress()[LEE]
    assert (carried.started_on, carried.reached) == (STARTED, 1)
    title = {"title": "Enterprise Account Executive", "stamp": berlin(TODAY, 8)}
    hires.mirror.person(LEE, "Lee", **{**moved, **title}, manager_id=SAM)
    roles = (
        RoleMatch(role=RoleKey("enterprise_ae"), title_contains="enterprise"),
        *hires.at().organisation.roles,
    )
    organisation = replace(hires.at().organisation, roles=roles)
    hires.pull(TODAY + DAY, organisation=organisation)
    anew = hires.progress(TODAY + DAY, organisation=organisation)[LEE]
    assert (anew.programme.role, anew.started_on, anew.reached) == ("enterprise_ae", TODAY, 0)


def test_a_version_is_for_later_starts_and_whoever_began_keeps_theirs(hires: NewHires) -> None:
    hires.pull(STARTED)
    first = books().programmes
    second = tuple(
        replace(each, version=2, title="Another", starts_from=STARTED + DAY) for each in first
    )
    hires.begins("005000000000022AAA", "Noa", STARTED + 5 * DAY)
    # Even when the first version's file is gone.
    hires.pull(programmes=second)
    found = hires.progress(programmes=second)
    assert {rep: each.programme.version for rep, each in found.items()} == {
        LEE: 1,
        "005000000000022AAA": 2,
    }
    assert found[LEE].programme.title == "First 120 days, mid-market"


def test_it_may_run_as_often_as_it_likes(hires: NewHires) -> None:
    hires.meets(LEE, STARTED + 7 * DAY)
    for _ in range(3):
        hires.pull()
    assert hires.reached() == {"first_discovery_call": STARTED + 7 * DAY}


def test_working_days_are_counted_as_they_should_be_here() -> None:
    assert working_days_before(date(2026, 3, 9), 1) == date(2026, 3, 6)


def test_whoever_came_to_the_last_day_lately_is_counted_once(hires: NewHires) -> None:
    hires.pull()
    last = hires.progress()[LEE].lines[-1].due_on
    for today, expected in ((last - DAY, 0), (last, 1), (last + 20 * DAY, 0)):
        runtime = hires.at(today)
        with reading(hires.database) as session:
            reps = read_roster(session, runtime.organisation).reps.values()
            since = today - 10 * DAY
            found = ended_programmes(session, runtime, reps, since=since, today=today)
            on_track = hires_on_track(session, runtime, reps, today)
            yardstick = read_yardstick(session, runtime)
            covered = programme_coverage(session, runtime, yardstick, reps, today)
        assert [each.hires for each in found] == [1] * expected
        assert on_track.of == (today <= last + 30 * DAY)
        assert covered.on_one == covered.of
