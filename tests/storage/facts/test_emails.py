"""An e-mail that is a Task and an EmailMessage counts once, and what others wrote is not ours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.windows import Window
from tests.mirrored import KIM, SAM, Mirror, berlin

MONDAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
WEEK = Window(first=MONDAY - timedelta(days=7), last=MONDAY, label="last 7 days")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def email(mirror: Mirror, **fields: object) -> str:
    record = mirror.record_id("02s")
    told = {"created_by_id": KIM, "sent_at": berlin(MONDAY), "created_at": berlin(MONDAY)}
    mirror.write("email_message", stamp=berlin(MONDAY), id=record, **{**told, **fields})
    return record


def sent(mirror: Mirror) -> float | None:
    """Kim's; what was filled and what the facts say must agree."""
    mirror.roll_up(NOW)
    kept = mirror.read("emails_sent", now=NOW, window=WEEK)
    assert kept == mirror.measured("emails_sent", day=MONDAY, now=NOW)
    assert kept[SAM] == 0
    return kept[KIM]


@pytest.mark.parametrize("comes_first", ["task", "email"])
def test_an_email_that_is_both_counts_once_whichever_comes_first(
    mirror: Mirror, comes_first: str
) -> None:
    if comes_first == "task":
        task = mirror.task(berlin(MONDAY), subtype="Email")
        assert sent(mirror) == 1
        email(mirror, activity_id=task)
    else:
        email(mirror, activity_id="00T000000000001AAA")
        assert sent(mirror) == 1
        mirror.written = 0
        mirror.task(berlin(MONDAY), subtype="Email")
    assert sent(mirror) == 1


def test_an_email_without_a_task_counts_and_again_when_its_task_goes(mirror: Mirror) -> None:
    email(mirror)
    assert sent(mirror) == 1
    task = mirror.task(berlin(MONDAY), subtype="Email")
    email(mirror, activity_id=task)
    assert sent(mirror) == 2
    mirror.delete("crm_task", task)
    assert sent(mirror) == 2


def test_what_a_customer_wrote_and_what_was_never_sent_is_no_email_of_ours(mirror: Mirror) -> None:
    task = mirror.task(berlin(MONDAY), subtype="Email")
    assert sent(mirror) == 1
    email(mirror, activity_id=task, is_incoming=True)
    email(mirror, is_incoming=True)
    email(mirror, status="5")
    assert sent(mirror) == 0
    # The reply is still something that happened with the customer.
    assert mirror.measured("activities_completed", day=MONDAY, now=NOW)[KIM] == 1


def test_an_email_that_is_deleted_no_longer_counts(mirror: Mirror) -> None:
    record = email(mirror)
    assert sent(mirror) == 1
    mirror.delete("email_message", record)
    assert sent(mirror) == 0
