"""An exchange of e-mails counts for the rep who began it, and is answered once a person writes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.windows import Window
from bot.storage.availability import unavailable_metrics
from bot.storage.cursors import CursorRow
from bot.storage.database import reading, transaction
from tests.mirrored import KIM, SAM, Mirror, berlin, metrics

MONDAY = date(2026, 3, 9)
FRIDAY = MONDAY + timedelta(days=4)
NOW = datetime(2026, 3, 13, 18, tzinfo=UTC)
WEEK = Window(first=MONDAY, last=FRIDAY, label="this week")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def email(mirror: Mirror, day: int = 0, hour: int = 9, **fields: object) -> str:
    record, at = mirror.record_id("02s"), berlin(MONDAY + timedelta(days=day), hour)
    told = {"created_by_id": KIM, "sent_at": at, "created_at": at, "thread_id": "one"}
    mirror.write("email_message", stamp=at, id=record, **{**told, **fields})
    return record


def reply(mirror: Mirror, day: int = 1, hour: int = 9, **fields: object) -> str:
    told = {"is_incoming": True, "subject": "Re: Offer", **fields}
    return email(mirror, day, hour, **told)


def rate(mirror: Mirror) -> float | None:
    """Kim's; what was filled and what the facts say must agree."""
    mirror.roll_up(NOW)
    kept = mirror.read("email_reply_rate", now=NOW, window=WEEK)
    measured = mirror.measured("email_reply_rate", day=FRIDAY, now=NOW, window=WEEK)
    assert kept == measured
    assert kept[SAM] is None
    return kept[KIM]


def test_a_thread_counts_once_on_its_first_day_and_is_answered_later(mirror: Mirror) -> None:
    email(mirror)
    email(mirror, day=2)
    email(mirror, thread_id="two")
    assert rate(mirror) == 0
    reply(mirror, day=3)
    assert rate(mirror) == 0.5
    tuesday = mirror.measured("email_reply_rate", day=MONDAY + timedelta(days=1), now=NOW)
    assert tuesday[KIM] == 0


def test_a_thread_that_a_customer_began_or_nobody_sent_is_none_of_ours(mirror: Mirror) -> None:
    reply(mirror, day=0, hour=8)
    email(mirror, created_by_id=SAM, day=1)
    email(mirror, thread_id="draft", status="5")
    email(mirror, thread_id=None)
    assert rate(mirror) is None


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Offer", "UNDELIVERABLE: Offer", " Out of Office: back on Monday"]
)
def test_an_automatic_answer_is_no_reply(mirror: Mirror, subject: str) -> None:
    email(mirror)
    reply(mirror, subject=subject)
    assert rate(mirror) == 0
    reply(mirror, day=2, subject=f"Re: {subject}")
    assert rate(mirror) == 1


def test_where_no_thread_is_named_answers_tell_what_belongs_together(mirror: Mirror) -> None:
    first = email(mirror, thread_id=None)
    other = email(mirror, thread_id=None, reply_to_id=first)
    assert rate(mirror) == 0
    reply(mirror, thread_id=None, reply_to_id=other)
    assert rate(mirror) == 1


def test_a_reply_that_comes_before_what_it_answers_is_joined_to_it(mirror: Mirror) -> None:
    reply(mirror, thread_id=None, reply_to_id=f"02s{2:012d}AAA")
    assert rate(mirror) is None
    email(mirror, thread_id=None)
    assert rate(mirror) == 1


def test_what_is_deleted_no_longer_counts(mirror: Mirror) -> None:
    first, answer = email(mirror), reply(mirror)
    assert rate(mirror) == 1
    mirror.delete("email_message", answer)
    assert rate(mirror) == 0
    mirror.delete("email_message", first)
    assert rate(mirror) is None


def test_it_is_not_available_where_the_crm_has_no_emails_or_no_threads(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    mirror.pulled(as_of=NOW)
    others = lacking(mirror)
    assert "email_reply_rate" not in others
    mirror.pulled(as_of=NOW, without=["email_message"])
    assert "email_reply_rate" in lacking(mirror)
    mirror.pulled(as_of=NOW)
    with transaction(sqlite) as session:
        session.get_one(CursorRow, "email_message").missing_columns = ["thread_id"]
    assert lacking(mirror) == {*others, "email_reply_rate"}


def lacking(mirror: Mirror) -> set[str]:
    with reading(mirror.database) as session:
        return {str(key) for key in unavailable_metrics(session, metrics().values())}
