"""A replay looks at nothing that came later: a planted future changes none of its words."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.ids import RoleKey
from bot.domain.organisation import Organisation, RoleMatch
from bot.flows.keep_assignments import keep_assignments
from bot.flows.replay import ReplayLine, replay
from tests.coached_team import runtime_at
from tests.flows.test_roll_up import live_a_day
from tests.mirrored import BERLIN, KIM, SAM, Mirror, berlin

FIRST, LAST = date(2026, 2, 16), date(2026, 3, 11)
BEGIN = date(2025, 11, 3)


def told(mirror: Mirror, now: datetime) -> list[ReplayLine]:
    runtime = runtime_at(now, mirror.database)
    lines = replay(runtime, first=FIRST, last=LAST, coach_at=time(8, 30), with_signals=True)
    return list(lines)


def busy_days(mirror: Mirror, chance: random.Random, first: date, last: date) -> None:
    with mirror.at_once():
        _busy_days(mirror, chance, first, last)


def _busy_days(mirror: Mirror, chance: random.Random, first: date, last: date) -> None:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() < 5:
            for owner in (KIM, SAM):
                for _ in range(chance.randrange(3, 9)):
                    mirror.task(
                        berlin(day, chance.randrange(8, 18)), owner_id=owner, call_seconds=90
                    )
        if day.weekday() == 2 and day <= LAST:
            live_a_day(mirror, chance, day)


def future(mirror: Mirror, chance: random.Random) -> None:
    """Whatever may happen to what was there, and much that is new.

    All but deletions: what is deleted leaves the numbers of all days.
    """
    day = LAST + timedelta(days=2)
    for deal in sorted(mirror.deals):
        mirror.change(
            deal,
            berlin(day, 9),
            stage_name="Closed Lost",
            amount_cents=1,
            close_on=day,
            owner_id=SAM,
            next_step="Planted",
        )
        mirror.task(berlin(day, 10), what_id=deal)
        mirror.meeting(berlin(day, 11), what_id=deal, created_at=berlin(day, 8))
    busy_days(mirror, chance, LAST + timedelta(days=1), LAST + timedelta(days=21))
    for _ in range(40):
        mirror.task(berlin(LAST - timedelta(days=5)), created_at=berlin(day, 12), call_seconds=99)


@pytest.mark.parametrize("seed", [1])
def test_a_planted_future_changes_nothing(sqlite: Engine, seed: int) -> None:
    mirror, chance = Mirror(sqlite), random.Random(seed)  # noqa: S311 - a story, no secret
    busy_days(mirror, chance, BEGIN, LAST)
    mirror.pulled(as_of=berlin(LAST, 20))
    mirror.roll_up(berlin(LAST, 20))
    before = told(mirror, berlin(LAST, 21))
    with mirror.at_once():
        future(mirror, chance)
    later = berlin(LAST + timedelta(days=30))
    mirror.pulled(as_of=later)
    mirror.roll_up(later)
    after = told(mirror, later)
    assert len(before) > 20
    assert after == before


AES = [KIM, SAM, *(f"0050000000001{n:02d}AAA" for n in range(6))]
SELLING = Organisation(
    zone=BERLIN,
    roles=(
        RoleMatch(role=RoleKey("mid_market_ae"), title_contains="executive"),
        RoleMatch(role=RoleKey("sdr_outbound"), title_contains="development"),
    ),
)


def sell_and_call(mirror: Mirror, chance: random.Random) -> None:
    for place, owner in enumerate(AES):
        for n in range(6):
            deal = mirror.deal(berlin(BEGIN), owner_id=owner, amount_cents=100_000 * (place + 1))
            won_on = BEGIN + timedelta(days=9 + n)
            mirror.change(deal, berlin(won_on), stage_name="Closed Won", close_on=won_on)
        late = FIRST + timedelta(days=2)
        mirror.deal(berlin(BEGIN), owner_id=owner, close_on=late, amount_cents=9_000_000)
    for offset in range((LAST - BEGIN).days + 1):
        day = BEGIN + timedelta(days=offset)
        few = 2 if day >= FIRST - timedelta(days=21) else 9
        for owner in AES if day.weekday() < 5 else ():
            for _ in range(chance.randrange(few, few + 3)):
                mirror.task(berlin(day, chance.randrange(8, 18)), owner_id=owner, call_seconds=90)


def test_who_moves_or_leaves_later_changes_nothing_of_before(sqlite: Engine) -> None:
    """Neither whom a rep is compared with, nor how lightly they are touched, nor their range."""
    mirror, chance = Mirror(sqlite, SELLING), random.Random(3)  # noqa: S311 - a story, no secret
    for number, rep in enumerate(AES[2:]):
        mirror.person(rep, f"Mate{number}")
    with mirror.at_once():
        sell_and_call(mirror, chance)
    before = told_after_people(mirror, berlin(LAST, 20))
    later = berlin(LAST + timedelta(days=30))
    moved = {"stamp": berlin(LAST + timedelta(days=20)), "title": "Sales Development"}
    mirror.person(KIM, "Kim", **moved)
    for number, rep in enumerate(AES[2:]):
        if number >= 2:
            gone_at = berlin(LAST + timedelta(days=20))
            mirror.person(rep, f"Mate{number}", is_active=False, stamp=gone_at)
    after = told_after_people(mirror, later)
    assert {line.reason for line in before} & {"light touch: doing well"}
    names = {line.to for line in before if line.kind == "nudge"}
    assert KIM in names
    assert [line for line in after if line.kind != "digest"] == [
        line for line in before if line.kind != "digest"
    ]


def told_after_people(mirror: Mirror, now: datetime) -> list[ReplayLine]:
    mirror.pulled(as_of=now)
    mirror.roll_up(now)
    keep_assignments(mirror.database, organisation=SELLING, now=now)
    runtime = runtime_at(now, mirror.database, organisation=SELLING)
    span = {"first": LAST - timedelta(days=3), "last": LAST}
    return list(replay(runtime, **span, coach_at=time(8, 30), with_signals=True))
