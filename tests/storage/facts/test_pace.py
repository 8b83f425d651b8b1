"""New pipeline so far in the quarter is held against the same part of the quarters before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.metrics.flaws import Flaw, LeftOut
from bot.storage.database import reading
from bot.storage.facts.pace import quarters_so_far
from bot.storage.facts.source import Knowledge
from bot.storage.left_out import read_left_out
from tests.mirrored import KIM, SAM, Mirror, berlin, metrics

#: Half of the quarter's 64 weekdays are over.
FRIDAY = date(2026, 2, 13)
NOON = berlin(FRIDAY, 12, 0)
TODAY = Window(first=FRIDAY, last=FRIDAY, label="today")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Kim made 300 this quarter, and by half of those before 400, 200, nothing and nothing."""
    mirror = Mirror(database)
    with mirror.at_once():
        mirror.person(SAM, "Sam", created_at=datetime(2025, 7, 2, 9, tzinfo=UTC))
        for owner in (KIM, SAM):
            made(mirror, date(2026, 1, 20), 300, owner_id=owner)
            made(mirror, date(2025, 11, 14), 400, owner_id=owner)
            made(mirror, date(2025, 11, 17), 800, owner_id=owner)
            made(mirror, date(2025, 8, 14), 200, owner_id=owner)
            made(mirror, date(2024, 11, 14), 9_000, owner_id=owner)
        mirror.deal(berlin(date(2026, 1, 20)), amount_cents=70_000)
    return mirror


def made(mirror: Mirror, day: date, amount: int, **fields: object) -> None:
    mirror.deal(berlin(day), stage_name="Proposal", amount_cents=amount * 100, **fields)


def paces(mirror: Mirror, day: date = FRIDAY) -> dict[str, float | None]:
    return mirror.measured("pipeline_pace", day=day, now=NOON)


def test_each_quarter_before_is_looked_at_until_as_many_of_its_weekdays_were_over() -> None:
    assert quarters_so_far(FRIDAY, Choices()) == [
        (date(2026, 1, 1), FRIDAY),
        (date(2025, 10, 1), date(2025, 11, 16)),
        (date(2025, 7, 1), date(2025, 8, 14)),
        (date(2025, 4, 1), date(2025, 5, 14)),
        (date(2025, 1, 1), date(2025, 2, 13)),
    ]


def test_only_quarters_that_one_was_here_for_count_and_one_of_them_is_too_few(
    mirror: Mirror,
) -> None:
    mirror.derive(NOON)
    assert paces(mirror) == {KIM: pytest.approx(300 / 150), SAM: None}
    mirror.person(SAM, "Sam", created_at=datetime(2025, 7, 1, 9, tzinfo=UTC), stamp=NOON)
    mirror.derive(NOON)
    assert paces(mirror)[SAM] == pytest.approx(300 / 300)


def test_it_is_not_told_in_a_quarters_first_days_and_knows_no_later_deal(mirror: Mirror) -> None:
    made(mirror, FRIDAY + timedelta(days=3), 900)
    mirror.derive(NOON + timedelta(days=4))
    assert paces(mirror, date(2026, 1, 9))[KIM] is None
    assert paces(mirror)[KIM] == 2


def test_an_amount_that_cannot_be_is_left_out_and_said_to_be(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    made(mirror, date(2026, 1, 20), -5)
    mirror.derive(NOON)
    with reading(sqlite) as session:
        left_out = read_left_out(
            session,
            metrics()[MetricKey("pipeline_pace")],
            reps=[RepId(KIM), RepId(SAM)],
            window=TODAY,
            knowledge=Knowledge(day=FRIDAY, now=NOON),
        )
    assert left_out == [LeftOut(flaw=Flaw.NEGATIVE_AMOUNT, facts=1)]


def test_it_is_told_anew_when_a_deal_or_a_start_changes(mirror: Mirror) -> None:
    mirror.roll_up(NOON)
    assert kept(mirror) == {KIM: 2, SAM: None}
    made(mirror, FRIDAY, 150)
    mirror.roll_up(NOON + timedelta(minutes=15))
    assert kept(mirror) == {KIM: 3, SAM: None}
    mirror.person(SAM, "Sam", created_at=datetime(2025, 7, 1, 9, tzinfo=UTC), stamp=NOON)
    mirror.roll_up(NOON + timedelta(minutes=30))
    assert kept(mirror) == paces(mirror) == {KIM: 3, SAM: 1}


def kept(mirror: Mirror) -> dict[str, float | None]:
    return mirror.read("pipeline_pace", now=NOON, window=TODAY)
