"""Calls, e-mails and meetings: whose they are, on which day they count, and when they are known."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.domain.ids import RepId
from bot.storage.database import reading
from bot.storage.facts.leave import read_leave
from tests.mirrored import BERLIN, KIM, SAM, Mirror, berlin

MONDAY = date(2026, 3, 9)
TUESDAY = MONDAY + timedelta(days=1)
LATER = berlin(date(2026, 4, 1))


@pytest.fixture
def mirror(sqlite: Engine) -> Mirror:
    return Mirror(sqlite)


def count(mirror: Mirror, metric: str, day: date = MONDAY, now: datetime = LATER) -> float | None:
    return mirror.measured(metric, day=day, now=now)[KIM]


def test_a_call_that_was_written_down_late_was_not_known_before(mirror: Mirror) -> None:
    mirror.task(berlin(MONDAY), created_at=berlin(MONDAY + timedelta(days=3)))
    mirror.derive(LATER)
    assert count(mirror, "calls_completed", MONDAY + timedelta(days=2)) == 0
    assert count(mirror, "calls_completed", MONDAY + timedelta(days=3)) == 1
    assert count(mirror, "late_logging_share", MONDAY + timedelta(days=3)) == 1


def test_a_meeting_later_today_has_not_been_held_yet(mirror: Mirror) -> None:
    mirror.meeting(berlin(MONDAY, 14, 0), who_id="003000000000001AAA")
    mirror.derive(berlin(MONDAY, 9))
    assert count(mirror, "meetings_held", now=berlin(MONDAY, 14, 59)) == 0
    assert count(mirror, "meetings_held", now=berlin(MONDAY, 15, 0)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"is_recurrence": True}, id="parent-of-a-series"),
        pytest.param({"is_child": True}, id="copy-in-another-calendar"),
        pytest.param({"is_all_day": True}, id="all-day-entry"),
        pytest.param({"is_deleted": True}, id="deleted"),
        pytest.param({"starts_at": None, "ends_at": None}, id="without-a-time"),
    ],
)
def test_an_event_that_is_no_meeting_does_not_count(
    mirror: Mirror, fields: dict[str, object]
) -> None:
    given: dict[str, Any] = {
        "starts_at": berlin(MONDAY),
        "who_id": "003000000000001AAA",
        **fields,
    }
    mirror.meeting(**given)
    mirror.derive(LATER)
    assert count(mirror, "meetings_held") == 0


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"is_recurrence": True}, id="parent-of-a-series"),
        pytest.param({"is_deleted": True}, id="deleted"),
        pytest.param({"is_closed": False, "completed_at": None}, id="still-open"),
        pytest.param({"subtype": "Email"}, id="an-email"),
        pytest.param({"owner_id": SAM}, id="somebody-elses"),
    ],
)
def test_a_task_that_is_no_completed_call_does_not_count(
    mirror: Mirror, fields: dict[str, object]
) -> None:
    mirror.task(berlin(MONDAY), **fields)
    mirror.derive(LATER)
    assert count(mirror, "calls_completed") == 0


def test_a_call_counts_on_its_owners_own_day(mirror: Mirror) -> None:
    mirror.person(KIM, "Kim", time_zone="America/Los_Angeles")
    mirror.task(berlin(TUESDAY, 4))
    mirror.derive(LATER)
    assert count(mirror, "calls_completed", MONDAY) == 1


def test_a_deleted_call_leaves_the_numbers(mirror: Mirror) -> None:
    task = mirror.task(berlin(MONDAY))
    mirror.derive(LATER)
    mirror.delete("crm_task", task)
    mirror.derive(LATER)
    assert count(mirror, "calls_completed") == 0


def test_a_next_step_that_has_been_done_since_was_still_to_be_done_then(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(MONDAY - timedelta(days=9)), next_step="Call Erika")
    mirror.task(berlin(TUESDAY), what_id=deal, created_at=berlin(MONDAY - timedelta(days=2), 9))
    mirror.derive(LATER)
    assert count(mirror, "next_step_hygiene", MONDAY) == 1
    assert count(mirror, "next_step_hygiene", TUESDAY) == 0


@pytest.mark.parametrize(
    ("fields", "is_leave"),
    [
        pytest.param({"show_as": "OutOfOffice"}, True, id="shown-as-away"),
        pytest.param({"subject": "Annual leave (Kim)"}, True, id="named-so"),
        pytest.param({"subject": "Trade fair"}, False, id="all-day-but-at-work"),
        pytest.param({"show_as": "OutOfOffice", "is_all_day": False}, False, id="an-hour-away"),
        pytest.param({"show_as": "OutOfOffice", "is_deleted": True}, False, id="called-off"),
    ],
)
def test_days_off_are_read_from_all_day_entries(
    mirror: Mirror, fields: dict[str, object], *, is_leave: bool
) -> None:
    given = {"is_all_day": True, "activity_on": MONDAY, "ends_on": TUESDAY, **fields}
    mirror.meeting(datetime(2026, 3, 9, tzinfo=BERLIN), **given)
    mirror.derive(LATER)
    with reading(mirror.database) as session:
        leave = read_leave(session)
    assert leave.covers(KIM, MONDAY) is is_leave  # type: ignore[arg-type]  # Kim is a RepId
    assert leave.covers(KIM, TUESDAY) is is_leave  # type: ignore[arg-type]  # Kim is a RepId
    assert not leave.covers(KIM, TUESDAY + timedelta(days=1))  # type: ignore[arg-type]  # ditto


def test_entries_that_a_team_calls_leave_from_now_on_were_leave_all_along(mirror: Mirror) -> None:
    given = {"is_all_day": True, "activity_on": MONDAY, "ends_on": TUESDAY, "subject": "Kur"}
    mirror.meeting(datetime(2026, 3, 9, tzinfo=BERLIN), **given)
    mirror.derive(LATER)
    mirror.organisation = replace(mirror.organisation, leave_subjects=("kur",))
    mirror.derive(LATER)
    with reading(mirror.database) as session:
        assert read_leave(session).covers(RepId(KIM), MONDAY)
