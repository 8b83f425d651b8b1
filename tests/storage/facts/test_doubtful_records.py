"""What is written down in bursts, and next steps that only got another date."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.domain.next_steps import is_restamped
from bot.domain.windows import Window
from bot.storage.database import reading
from bot.storage.facts.tables import ActivityRow
from tests.mirrored import KIM, SAM, Mirror, berlin

MONDAY = date(2026, 3, 9)
NOW = berlin(date(2026, 4, 1))


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def bursting(mirror: Mirror) -> set[str]:
    row = ActivityRow
    with reading(mirror.database) as session:
        return set(session.exec(select(row.id).where(col(row.is_in_burst).is_(True))))


def log(mirror: Mirror, minutes: range, *, hour: int = 16, **fields: object) -> list[str]:
    return [mirror.task(berlin(MONDAY, hour, minute), **fields) for minute in minutes]


def share(mirror: Mirror, metric: str, day: date = MONDAY) -> float | None:
    return mirror.measured(metric, day=day, now=NOW)[KIM]


def test_ten_calls_in_ten_minutes_are_a_burst_and_nine_are_none(mirror: Mirror) -> None:
    log(mirror, range(9))
    mirror.derive(NOW)
    assert bursting(mirror) == set()
    assert share(mirror, "burst_logging_share") == 0
    log(mirror, range(9, 10))
    log(mirror, range(1), hour=9)
    mirror.derive(NOW)
    assert len(bursting(mirror)) == 10
    assert share(mirror, "burst_logging_share") == pytest.approx(10 / 11)


def test_a_burst_of_several_pulls_is_one_and_the_daily_readings_follow(mirror: Mirror) -> None:
    early = log(mirror, range(5))
    mirror.roll_up(NOW)
    late = log(mirror, range(5, 10))
    mirror.roll_up(NOW)
    assert bursting(mirror) == {*early, *late}
    window = march()
    assert mirror.read("burst_logging_share", now=NOW, window=window)[KIM] == 1
    mirror.delete("crm_task", late[0])
    mirror.roll_up(NOW)
    assert bursting(mirror) == set()
    assert mirror.read("burst_logging_share", now=NOW, window=window)[KIM] == 0


def test_bursts_of_two_people_are_not_added_together(mirror: Mirror) -> None:
    log(mirror, range(6))
    log(mirror, range(6), owner_id=SAM)
    mirror.derive(NOW)
    assert bursting(mirror) == set()


def test_what_was_planned_and_what_was_mailed_is_no_burst(mirror: Mirror) -> None:
    log(mirror, range(12), subtype="Email")
    log(mirror, range(12), hour=9, completed_at=berlin(MONDAY, 15))
    for week in range(12):
        mirror.meeting(berlin(MONDAY + timedelta(days=7 * week)), created_at=berlin(MONDAY, 8))
    mirror.derive(NOW)
    assert bursting(mirror) == set()


def test_a_burst_ends_with_the_day(mirror: Mirror) -> None:
    for minute in range(55, 60):
        mirror.task(berlin(MONDAY, 23, minute))
        mirror.task(berlin(MONDAY + timedelta(days=1), 0, minute - 55))
    mirror.derive(NOW)
    assert bursting(mirror) == set()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("3/12: Follow up", "3/19: Follow up", True),
        ("Follow up on Mar 12", "follow up on Thursday, Mar 19th!", True),
        ("Follow up", "Send the contract", False),
        ("3/12", "3/19", True),
        (None, "Follow up", False),
        ("Follow up", " ", False),
    ],
)
def test_the_same_words_with_another_date_say_nothing_new(
    before: str | None, after: str | None, *, expected: bool
) -> None:
    assert is_restamped(before, after) is expected


def test_a_step_that_only_got_another_date_is_restamped(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(MONDAY, 9), next_step="3/10: Send the draft")
    mirror.roll_up(NOW)
    for days, step in ((1, "3/17: Send the draft"), (8, "3/24: Send the draft"), (9, "Demo")):
        mirror.change(
            deal, berlin(MONDAY + timedelta(days=days)), with_history=False, next_step=step
        )
        mirror.roll_up(NOW)
    last = MONDAY + timedelta(days=9)
    assert share(mirror, "restamped_step_share", last) == pytest.approx(2 / 3)
    assert share(mirror, "restamped_step_share", MONDAY + timedelta(days=1)) == 1
    window = march()
    assert mirror.read("restamped_step_share", now=NOW, window=window)[KIM] == pytest.approx(2 / 3)


def test_another_date_after_a_call_is_news(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(MONDAY, 9), next_step="Call again on 3/10")
    later = MONDAY + timedelta(days=1)
    mirror.change(deal, berlin(later, 12), with_history=False, next_step="Call again on 3/12")
    mirror.roll_up(NOW)
    assert share(mirror, "restamped_step_share", later) == 1
    mirror.task(berlin(later, 10), what_id=deal)
    mirror.roll_up(NOW)
    assert share(mirror, "restamped_step_share", later) == 0
    assert mirror.read("restamped_step_share", now=NOW, window=march())[KIM] == 0


def march() -> Window:
    return Window(first=MONDAY, last=date(2026, 3, 31), label="March")


def test_a_next_step_is_good_for_fourteen_days_from_when_it_was_seen_to_change(
    mirror: Mirror,
) -> None:
    deal = mirror.deal(berlin(MONDAY, 9), next_step="Send the draft")
    due_on = MONDAY + timedelta(days=60)
    mirror.task(
        berlin(MONDAY), what_id=deal, is_closed=False, completed_at=None, activity_on=due_on
    )
    mirror.roll_up(berlin(MONDAY, 12))
    written_on = MONDAY + timedelta(days=20)
    window = Window(first=MONDAY, last=written_on, label="then")
    # Nobody knows how old it is before it was seen to change, and holds that against nobody.
    before = berlin(written_on, 9)
    mirror.roll_up(before)
    assert mirror.read("next_step_hygiene", now=before, window=window)[KIM] == 1
    mirror.change(deal, berlin(written_on), with_history=False, next_step="Demo")
    noon = berlin(written_on, 12)
    mirror.roll_up(noon)
    assert mirror.read("next_step_hygiene", now=noon, window=window)[KIM] == 1
    known = [
        share(mirror, "next_step_hygiene", written_on + timedelta(days=days))
        for days in (0, 14, 15)
    ]
    assert known == [1, 1, 0]
