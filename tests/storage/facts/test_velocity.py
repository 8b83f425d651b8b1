"""How much money the open deals bring a day, by how often and how fast deals are won."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.windows import Window
from tests.mirrored import KIM, SAM, Mirror, berlin

MONDAY = date(2026, 3, 9)
TWENTIETH = MONDAY + timedelta(days=20)
NOON = berlin(TWENTIETH, 12, 0)
A_DAY = Window(first=TWENTIETH, last=TWENTIETH, label="today")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Of thirty deals Sam won ten after 11 to 20 days; Kim has two open, one of them qualified."""
    mirror = Mirror(database)
    with mirror.at_once():
        for number in range(30):
            deal = mirror.deal(berlin(MONDAY), owner_id=SAM)
            mirror.change(deal, berlin(MONDAY, 12), stage_name="Proposal")
            close_on = MONDAY + timedelta(days=11 + number % 10)
            stage = "Closed Won" if number < 10 else "Closed Lost"
            mirror.change(deal, berlin(close_on, 9), stage_name=stage, close_on=close_on)
        mirror.deal(berlin(MONDAY), stage_name="Proposal", amount_cents=93_000_00)
        mirror.deal(berlin(MONDAY), amount_cents=7_000_00)
    return mirror


def kims(mirror: Mirror, day: date) -> float | None:
    return mirror.measured("sales_velocity", day=day, now=NOON)[KIM]


def test_it_takes_thirty_closed_and_ten_won_deals_of_the_year_before(mirror: Mirror) -> None:
    mirror.derive(NOON)
    # A third of the deals that were in its stage was won, after 15.5 days.
    assert kims(mirror, TWENTIETH) == pytest.approx(93_000 / 3 / 15.5)
    assert kims(mirror, TWENTIETH - timedelta(days=1)) == 0
    first_won = MONDAY + timedelta(days=11)
    assert kims(mirror, first_won + timedelta(days=365)) == pytest.approx(2_000)
    assert kims(mirror, first_won + timedelta(days=366)) == 0


def test_it_is_told_anew_on_the_day_that_somebody_else_wins(mirror: Mirror) -> None:
    mirror.roll_up(NOON)
    assert mirror.read("sales_velocity", now=NOON, window=A_DAY)[KIM] == pytest.approx(2_000)
    deal = mirror.deal(berlin(MONDAY), owner_id=SAM)
    mirror.change(deal, NOON, stage_name="Closed Won", close_on=TWENTIETH)
    mirror.roll_up(NOON + timedelta(minutes=15))
    kept = mirror.read("sales_velocity", now=NOON, window=A_DAY)[KIM]
    # Eleven won, the middle one after 16 days; it was never in the stage.
    assert kept == pytest.approx(93_000 / 3 / 16)
    assert kept == kims(mirror, TWENTIETH)
