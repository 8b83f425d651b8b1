"""The waterfall adds up to the cent, whatever happened to the deals."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.domain.ids import TeamId
from bot.domain.windows import Window
from bot.queries.pipeline_waterfall import Standing, Waterfall, movements, read_waterfall
from bot.storage.database import reading
from bot.storage.roster import read_roster
from tests.mirrored import MARIA, Mirror, berlin

MARCH = Window(first=date(2026, 3, 1), last=date(2026, 3, 31), label="March")
QUARTER_END = date(2026, 3, 31)
IN_TIME, LATER = date(2026, 3, 30), date(2026, 4, 15)
FEBRUARY, MID = berlin(date(2026, 2, 10)), berlin(date(2026, 3, 10))


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def waterfall(mirror: Mirror, *, due_by: date | None = QUARTER_END) -> dict[str, int]:
    """Whatever moved."""
    now = berlin(date(2026, 4, 2))
    mirror.pulled(as_of=now)
    mirror.derive(now)
    with reading(mirror.database) as session:
        team = read_roster(session, mirror.organisation).team(TeamId(MARIA))
        found = read_waterfall(session, team, MARCH, due_by=due_by)
    assert found.is_balanced
    amounts = {name: getattr(found, name) for name in Waterfall.__dataclass_fields__}
    return {name: amount for name, amount in amounts.items() if amount}


def test_every_way_a_deal_can_go_stands_under_its_own_name(mirror: Mirror) -> None:
    mirror.deal(FEBRUARY, amount_cents=100, close_on=IN_TIME)
    mirror.deal(MID, amount_cents=2_00, close_on=IN_TIME)
    for amount, then in (
        (10_00, {"close_on": LATER}),
        (20_00, {"stage_name": "Closed Won"}),
        (40_00, {"stage_name": "Closed Lost"}),
        (80_00, {"amount_cents": 81_00}),
        (160_00, {"amount_cents": 158_00}),
    ):
        deal = mirror.deal(FEBRUARY, amount_cents=amount, close_on=IN_TIME)
        mirror.change(deal, MID, **then)
    pulled = mirror.deal(FEBRUARY, amount_cents=320_00, close_on=LATER)
    mirror.change(pulled, MID, close_on=IN_TIME)
    assert waterfall(mirror) == {
        "start": 1_00 + 10_00 + 20_00 + 40_00 + 80_00 + 160_00,
        "created": 2_00,
        "pulled_in": 320_00,
        "increased": 1_00,
        "decreased": 2_00,
        "pushed": 10_00,
        "won": 20_00,
        "lost": 40_00,
        "end": 1_00 + 2_00 + 81_00 + 158_00 + 320_00,
    }


def test_a_deal_won_for_less_is_won_at_what_it_was_won_at(mirror: Mirror) -> None:
    deal = mirror.deal(FEBRUARY, amount_cents=100_00, close_on=IN_TIME)
    mirror.change(deal, MID, stage_name="Closed Won", amount_cents=90_00)
    assert waterfall(mirror) == {"start": 100_00, "decreased": 10_00, "won": 90_00}


def test_a_deal_of_next_quarter_that_is_won_in_this_one_was_pulled_in(mirror: Mirror) -> None:
    deal = mirror.deal(FEBRUARY, amount_cents=50_00, close_on=LATER)
    mirror.change(deal, MID, stage_name="Closed Won", close_on=date(2026, 3, 10))
    assert waterfall(mirror) == {"pulled_in": 50_00, "won": 50_00}


def test_a_deal_created_and_won_within_the_days_came_and_went(mirror: Mirror) -> None:
    deal = mirror.deal(MID, amount_cents=50_00, close_on=IN_TIME)
    mirror.change(deal, MID + timedelta(days=3), stage_name="Closed Won")
    assert waterfall(mirror) == {"created": 50_00, "won": 50_00}


def test_without_a_last_day_nothing_is_pulled_in_or_pushed(mirror: Mirror) -> None:
    deal = mirror.deal(FEBRUARY, amount_cents=50_00, close_on=IN_TIME)
    mirror.change(deal, MID, close_on=LATER)
    assert waterfall(mirror, due_by=None) == {"start": 50_00, "end": 50_00}


standings = st.builds(
    Standing,
    day=st.just(MARCH.first),
    is_ours=st.booleans(),
    is_closed=st.booleans(),
    is_won=st.booleans(),
    amount=st.none() | st.integers(-(10**9), 10**12),
    is_due=st.booleans(),
    is_new=st.booleans(),
)


@given(st.lists(standings, min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_what_came_and_went_adds_up_for_any_deal(told: list[Standing], was_there: int) -> None:
    first: Any = told[0] if was_there else None
    moved = dict.fromkeys(Waterfall.__dataclass_fields__, 0)
    moved["start"] = (told[0].counted or 0) if was_there else 0
    moved["end"] = told[-1].counted or 0
    before = first
    for after in told[1:] if was_there else told:
        for name, amount in movements(before, after):
            moved[name] += amount
        before = after
    assert Waterfall(**moved).is_balanced
