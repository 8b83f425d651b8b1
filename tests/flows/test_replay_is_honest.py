"""A replay looks at nothing that came later: a planted future changes none of its words."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from bot.flows.replay import ReplayLine, replay
from tests.coached_team import runtime_at
from tests.flows.test_roll_up import live_a_day
from tests.mirrored import KIM, SAM, Mirror, berlin

FIRST, LAST = date(2026, 2, 16), date(2026, 3, 11)
BEGIN = date(2025, 11, 3)


def told(mirror: Mirror, now: datetime) -> list[ReplayLine]:
    runtime = runtime_at(now, mirror.database)
    lines = replay(runtime, first=FIRST, last=LAST, coach_at=time(8, 30), with_signals=True)
    return list(lines)


def busy_days(mirror: Mirror, chance: random.Random, first: date, last: date) -> None:
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


@pytest.mark.parametrize("seed", [1, 2])
def test_a_planted_future_changes_nothing(sqlite: Engine, seed: int) -> None:
    mirror, chance = Mirror(sqlite), random.Random(seed)  # noqa: S311 - a story, no secret
    busy_days(mirror, chance, BEGIN, LAST)
    mirror.pulled(as_of=berlin(LAST, 20))
    mirror.roll_up(berlin(LAST, 20))
    before = told(mirror, berlin(LAST, 21))
    future(mirror, chance)
    later = berlin(LAST + timedelta(days=30))
    mirror.pulled(as_of=later)
    mirror.roll_up(later)
    after = told(mirror, later)
    assert len(before) > 20
    assert after == before
