"""Meetings booked and held, leads touched, accounts covered, quotas, and how people began."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.mirrored import KIM, SAM, Mirror, berlin

MONDAY = date(2026, 3, 9)
LATER = berlin(date(2026, 6, 1))
ERIKA, PAUL = "003000000000001AAA", "003000000000002AAA"
ACME = "001000000000001AAA"


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def kims(mirror: Mirror, metric: str, on: date) -> float | None:
    return mirror.measured(metric, day=on, now=LATER)[KIM]


def test_a_missed_meeting_is_booked_but_not_held_until_it_is_made_up_for(mirror: Mirror) -> None:
    mirror.meeting(berlin(day(0)), who_id=ERIKA)
    mirror.meeting(berlin(day(1)), who_id=PAUL, subject="No show: demo")
    mirror.meeting(berlin(day(8)), who_id=PAUL)
    mirror.derive(LATER)
    assert kims(mirror, "meetings_booked", day(1)) == 2
    assert kims(mirror, "meetings_held", day(1)) == 1
    assert kims(mirror, "meeting_held_rate", day(7)) == 0.5
    assert kims(mirror, "meeting_held_rate", day(8)) == 1


def test_a_meeting_is_the_first_with_its_account_again_after_ninety_days(mirror: Mirror) -> None:
    for number in (0, 5, 96):
        mirror.meeting(berlin(day(number)), account_id=ACME)
    mirror.meeting(berlin(day(6)), who_id=ERIKA)
    mirror.derive(berlin(day(120)))
    numbers = [kims(mirror, "new_account_meetings", day(n)) for n in (0, 6)]
    assert numbers == [1, 1]
    assert mirror.measured("new_account_meetings", day=day(97), now=berlin(day(120)))[KIM] == 2


def test_a_follow_up_counts_from_the_end_of_the_meeting_once_it_was_made(mirror: Mirror) -> None:
    mirror.meeting(berlin(day(0), 9, 0), who_id=ERIKA)
    mirror.task(berlin(day(1), 10, 0), who_id=ERIKA, subtype="Email")
    mirror.task(berlin(day(0), 11, 0), who_id=PAUL)
    mirror.derive(LATER)
    assert kims(mirror, "follow_up_minutes", day(0)) is None
    assert kims(mirror, "follow_up_minutes", day(1)) == pytest.approx(24 * 60)


def test_a_lead_is_touched_and_converted_only_from_the_day_that_it_was(mirror: Mirror) -> None:
    lead = mirror.record_id("00Q")
    mirror.write(
        "lead",
        id=lead,
        name="Erika",
        owner_id=KIM,
        created_at=berlin(day(0), 9, 0),
        is_converted=True,
        converted_on=day(5),
    )
    mirror.task(berlin(day(2), 9, 0), who_id=lead)
    mirror.task(berlin(day(3), 9, 0), who_id=lead)
    mirror.derive(LATER)
    assert kims(mirror, "speed_to_lead", day(1)) is None
    assert kims(mirror, "speed_to_lead", day(2)) == pytest.approx(2 * 24 * 60)
    assert [kims(mirror, "touches_per_lead", day(n)) for n in (1, 2, 3)] == [0, 1, 2]
    assert [kims(mirror, "lead_conversion_rate", day(n)) for n in (4, 5)] == [0, 1]
    assert kims(mirror, "leads_in_an_hour", day(9)) == 0


def test_an_account_is_covered_for_thirty_days_after_a_touch(mirror: Mirror) -> None:
    mirror.write("account", id=ACME, name="Acme", owner_id=KIM, created_at=berlin(day(-9)))
    mirror.task(berlin(day(0)), account_id=ACME, owner_id=SAM)
    mirror.derive(LATER)
    covered = [kims(mirror, "account_coverage", day(n)) for n in (-10, -1, 0, 29, 30)]
    assert covered == [None, 0, 1, 1, 0]


def test_quota_is_held_against_what_was_won_and_is_due_in_the_fiscal_quarter(
    mirror: Mirror,
) -> None:
    for month, cents in ((1, 40_000), (2, 30_000), (3, 30_000), (4, 99_000)):
        mirror.write(
            "quota",
            id=mirror.record_id("0J9"),
            owner_id=KIM,
            starts_on=date(2026, month, 1),
            amount_cents=cents,
        )
    won = mirror.deal(berlin(date(2026, 1, 5)), amount_cents=25_000)
    mirror.change(won, berlin(date(2026, 2, 2)), stage_name="Closed Won", close_on=date(2026, 2, 2))
    mirror.deal(berlin(date(2026, 1, 5)), amount_cents=150_000, close_on=date(2026, 3, 31))
    mirror.deal(berlin(date(2026, 1, 5)), amount_cents=990_000, close_on=date(2026, 4, 1))
    mirror.derive(LATER)
    assert kims(mirror, "quota_attainment", date(2026, 2, 1)) == 0
    assert kims(mirror, "quota_attainment", MONDAY) == 0.25
    assert kims(mirror, "quota_gap", MONDAY) == 750
    assert kims(mirror, "pipeline_coverage", MONDAY) == 2
    # Of 64 weekdays from January to March, 48 are over on the ninth of March.
    assert kims(mirror, "quota_pace", MONDAY) == pytest.approx(0.25 / (48 / 64))
    assert mirror.measured("quota_attainment", day=MONDAY, now=LATER)[SAM] is None


def test_a_first_deal_takes_as_long_as_it_takes_and_is_waited_for_until_then(
    mirror: Mirror,
) -> None:
    mirror.person(KIM, "Kim", created_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(5)), stage_name="Closed Won", close_on=day(5))
    mirror.meeting(berlin(day(1)), who_id=ERIKA)
    mirror.derive(LATER)
    assert [kims(mirror, "first_deal_days", day(n)) for n in (4, 5)] == [None, 12]
    assert [kims(mirror, "first_meeting_days", day(n)) for n in (0, 1)] == [None, 8]
    assert kims(mirror, "first_qualified_days", day(9)) == 12


def test_deals_still_open_make_the_decision_time_no_shorter(mirror: Mirror) -> None:
    for number, closes in enumerate((5, 9, None, None, None)):
        deal = mirror.deal(berlin(day(number)), stage_name="Proposal")
        if closes is not None:
            mirror.change(deal, berlin(day(number + closes)), stage_name="Closed Lost")
    mirror.derive(LATER)
    assert kims(mirror, "decision_days", day(30)) is None
    mirror.change(deal, berlin(day(14)), stage_name="Closed Lost")
    mirror.derive(LATER)
    assert kims(mirror, "decision_days", day(30)) == 10
