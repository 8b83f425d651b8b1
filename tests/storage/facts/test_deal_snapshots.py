"""From the day of installation on, what a hidden history would have told is seen at night."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.storage.database import reading
from bot.storage.facts.deal_snapshots import DealSnapshotRow
from tests.mirrored import KIM, Mirror, berlin

MONDAY = date(2026, 3, 9)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def night(mirror: Mirror, number: int) -> None:
    mirror.derive(berlin(day(number), hour=1))


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def story(mirror: Mirror, deal: str) -> list[tuple[date, str, int | None]]:
    return [(each.first_day, each.stage_name, each.amount_cents) for each in mirror.spans(deal)]


def snapshots(mirror: Mirror) -> list[DealSnapshotRow]:
    with reading(mirror.database) as session:
        return list(session.exec(select(DealSnapshotRow).order_by("id")))


def test_stages_and_amounts_are_told_where_the_crm_hides_their_history(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), with_history=False)
    night(mirror, 1)
    mirror.change(deal, berlin(day(2)), with_history=False, stage_name="Proposal")
    night(mirror, 3)
    mirror.change(deal, berlin(day(5)), with_history=False, amount_cents=70_000)
    night(mirror, 6)
    assert story(mirror, deal) == [
        (day(0), "Discovery", 100_000),
        (day(2), "Proposal", 100_000),
        (day(5), "Proposal", 70_000),
    ]
    # So numbers of days that are over stay as they were.
    now = berlin(day(6))
    amounts = [mirror.measured("open_pipeline_amount", day=day(n), now=now)[KIM] for n in (4, 5)]
    assert amounts == [1000, 700]


def test_what_the_history_tells_is_told_once(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    night(mirror, 1)
    mirror.change(deal, berlin(day(2)), stage_name="Proposal")
    mirror.change(deal, berlin(day(2), hour=15), amount_cents=70_000)
    night(mirror, 3)
    assert story(mirror, deal) == [(day(0), "Discovery", 100_000), (day(2), "Proposal", 70_000)]


def test_a_night_without_a_change_takes_no_room_and_a_closed_deal_one_row_more(
    mirror: Mirror,
) -> None:
    lost = mirror.deal(berlin(day(0)), with_history=False, stage_name="Closed Lost")
    deal = mirror.deal(berlin(day(0)), with_history=False, next_step="Call")
    for number in (1, 2, 3):
        night(mirror, number)
    mirror.change(deal, berlin(day(4)), with_history=False, stage_name="Closed Won")
    for number in (5, 6):
        night(mirror, number)
    told = [(each.opportunity_id, each.stage_name, each.is_latest) for each in snapshots(mirror)]
    assert told == [(deal, "Discovery", False), (deal, "Closed Won", True)]
    assert lost not in {each.opportunity_id for each in snapshots(mirror)}
    assert story(mirror, deal)[-1] == (day(4), "Closed Won", 100_000)


def test_a_change_that_moved_no_stamp_is_dated_to_the_night_that_saw_it(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), with_history=False)
    night(mirror, 1)
    mirror.deals[deal]["amount_cents"] = 1
    mirror.change(deal, berlin(day(0), minute=8), with_history=False)
    night(mirror, 4)
    assert story(mirror, deal) == [(day(0), "Discovery", 100_000), (day(4), "Discovery", 1)]
