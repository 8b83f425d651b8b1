"""How a quarter stands beside earlier ones at the same working day, from the deals' own history."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.fiscal import CalendarMonths
from bot.domain.ids import TeamId
from bot.queries.quarter_outlook import QuarterOutlook, read_quarter_outlook
from bot.storage.database import reading
from bot.storage.roster import read_roster
from tests.coached_team import runtime_at
from tests.mirrored import MARIA, Mirror, berlin

#: The first Monday of the second month: 23 working days into the quarter.
TODAY = date(2026, 2, 2)
STARTS = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1)]


@pytest.fixture
def mirror(sqlite: Engine) -> Mirror:
    return Mirror(sqlite)


def on(first: date, days: int) -> datetime:
    return berlin(first + timedelta(days=days))


def quarter(mirror: Mirror, first: date, *, early: int, then_won: int, then_lost: int) -> None:
    """Won within the first weeks; open then and won later; open then and lost later."""
    last = CalendarMonths().quarter(first)[1]
    before = on(first, -20)
    for amount, day, stage in (
        (early, 10, "Closed Won"),
        (then_won, 70, "Closed Won"),
        (then_lost, 70, "Closed Lost"),
    ):
        deal = mirror.deal(before, amount_cents=amount, close_on=last, stage_name="Proposal")
        closed = on(first, day)
        mirror.change(deal, closed, stage_name=stage, close_on=closed.date())


def outlook(mirror: Mirror, today: date = TODAY) -> QuarterOutlook:
    now = berlin(today, 9)
    mirror.pulled(as_of=now)
    mirror.roll_up(now)
    runtime = runtime_at(now, mirror.database)
    with reading(mirror.database) as session:
        team = read_roster(session, runtime.organisation).team(TeamId(MARIA))
        return read_quarter_outlook(session, runtime, team, today)


def test_earlier_quarters_are_told_at_the_same_working_day(mirror: Mirror) -> None:
    for n, first in enumerate(STARTS, start=1):
        quarter(mirror, first, early=n * 1_00, then_won=50_00, then_lost=50_00)
    mirror.deal(on(TODAY, -40), amount_cents=200_00, close_on=date(2026, 3, 20))
    found = outlook(mirror)
    assert [(each.won_then, each.won_in_all) for each in found.earlier] == [
        (4_00, 54_00),
        (3_00, 53_00),
        (2_00, 52_00),
        (1_00, 51_00),
    ]
    assert found.won == 0
    assert found.outlook is not None
    assert found.outlook.middle == 100_00
    assert found.outlook.low == found.outlook.high == 100_00


def test_with_fewer_quarters_than_it_takes_there_is_no_range(mirror: Mirror) -> None:
    for first in STARTS[1:]:
        quarter(mirror, first, early=1_00, then_won=50_00, then_lost=50_00)
    mirror.deal(on(TODAY, -40), amount_cents=200_00, close_on=date(2026, 3, 20))
    found = outlook(mirror)
    assert (found.outlook, found.quarters, found.fewest) == (None, 3, 4)
    assert len(found.earlier) == 3


def test_on_the_first_day_nothing_was_won_in_any_quarter(mirror: Mirror) -> None:
    quarter(mirror, STARTS[-1], early=1_00, then_won=50_00, then_lost=50_00)
    found = outlook(mirror, date(2026, 1, 1))
    assert [each.won_then for each in found.earlier] == [0]


def test_what_is_due_later_is_not_counted_as_open(mirror: Mirror) -> None:
    for first in STARTS:
        quarter(mirror, first, early=1_00, then_won=50_00, then_lost=50_00)
    mirror.deal(on(TODAY, -40), amount_cents=200_00, close_on=date(2026, 6, 20))
    found = outlook(mirror)
    assert found.outlook is None
    assert found.quarters == 4


def test_a_fiscal_year_of_its_own_has_quarters_of_its_own(mirror: Mirror) -> None:
    quarter(mirror, date(2025, 11, 1), early=1_00, then_won=50_00, then_lost=50_00)
    now = berlin(TODAY, 9)
    mirror.pulled(as_of=now)
    mirror.roll_up(now)
    runtime = runtime_at(now, mirror.database)
    own = replace(runtime.organisation, fiscal=CalendarMonths(start_month=2))
    with reading(mirror.database) as session:
        team = read_roster(session, own).team(TeamId(MARIA))
        found = read_quarter_outlook(session, replace(runtime, organisation=own), team, TODAY)
    assert [each.first for each in found.earlier] == [date(2025, 11, 1)]


def test_a_quarter_in_which_the_records_begin_tells_nothing(mirror: Mirror) -> None:
    for first in STARTS[2:]:
        quarter(mirror, first, early=1_00, then_won=50_00, then_lost=50_00)
    assert [each.first for each in outlook(mirror).earlier] == [STARTS[3], STARTS[2]]
    mirror = Mirror(mirror.database)
    late = mirror.deal(on(STARTS[1], 30), amount_cents=7_00, stage_name="Proposal")
    mirror.change(late, on(STARTS[1], 60), stage_name="Closed Won")
    assert [each.first for each in outlook(mirror).earlier] == [STARTS[3], STARTS[2]]
