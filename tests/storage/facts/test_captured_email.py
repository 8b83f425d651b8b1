"""E-mails that are captured and never become records are not measured, and never read as none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.rules import no_activity, quiet_week, single_threaded
from bot.domain.windows import Window
from bot.queries.crm_doubts import captured_email
from bot.storage.availability import Available, unavailable_metrics
from bot.storage.database import reading
from tests.mirrored import KIM, MARIA, ORGANISATION, SAM, Mirror, berlin, metrics

MONDAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
WEEK = Window(first=MONDAY - timedelta(days=7), last=MONDAY, label="last 7 days")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """A fortnight of calls by three people, and no e-mail."""
    mirror = Mirror(database)
    for person in (KIM, SAM, MARIA):
        for number in range(20):
            mirror.task(berlin(MONDAY, 8) - timedelta(hours=14 * number), owner_id=person)
    mirror.pulled(as_of=NOW, mapped=("loss_reason",))
    return mirror


def lacking(mirror: Mirror) -> set[str]:
    with reading(mirror.database) as session:
        return {str(key) for key in unavailable_metrics(session, metrics().values())}


def silent(mirror: Mirror) -> set[str]:
    with reading(mirror.database) as session:
        known = Available.read(session)
    rules = (no_activity.RULE, quiet_week.RULE, single_threaded.RULE)
    return {rule.key for rule in rules if not all(known.has(*pair) for pair in rule.needs)}


def doubts(mirror: Mirror) -> list[str]:
    with reading(mirror.database) as session:
        return [each.words for each in captured_email(session)]


def test_where_nobody_seems_to_write_emails_they_are_not_measurable_and_nobody_is_nudged(
    mirror: Mirror,
) -> None:
    mirror.roll_up(NOW)
    assert {"emails_sent", "email_reply_rate"} <= lacking(mirror)
    assert not {"calls_completed", "meetings_held"} & lacking(mirror)
    assert mirror.measured("emails_sent", day=MONDAY, now=NOW) == {KIM: None, SAM: None}
    assert silent(mirror) == {"no_activity", "single_threaded"}
    [told] = doubts(mirror)
    assert "probably captured" in told


def test_it_is_measured_again_once_most_emails_are_recorded(mirror: Mirror) -> None:
    mirror.roll_up(NOW)
    for person in (KIM, SAM):
        mirror.task(berlin(MONDAY, 9), owner_id=person, subtype="Email")
    mirror.roll_up(NOW + timedelta(minutes=15))
    assert mirror.read("emails_sent", now=NOW, window=WEEK) == {KIM: 1, SAM: 1}
    assert (lacking(mirror), silent(mirror), doubts(mirror)) == (set(), set(), [])


def test_app_yaml_knows_better(mirror: Mirror) -> None:
    mirror.organisation = replace(ORGANISATION, emails="recorded")
    mirror.roll_up(NOW)
    assert mirror.read("emails_sent", now=NOW, window=WEEK) == {KIM: 0, SAM: 0}
    mirror.organisation = replace(ORGANISATION, emails="captured")
    mirror.roll_up(NOW)
    assert "emails_sent" in lacking(mirror)
    assert doubts(mirror) == []
