"""Daily readings add up to what the facts themselves say, whatever happened in which order."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from bot.domain.windows import Window
from bot.storage.fill import is_kept_daily
from tests.mirrored import KIM, SAM, STAGES, Mirror, berlin, metrics

TODAY = date(2026, 3, 11)
NOON = berlin(TODAY, 12, 0)
WINDOW = Window(first=TODAY - timedelta(days=27), last=TODAY, label="last 4 weeks")


def live_a_day(mirror: Mirror, chance: random.Random, day: date) -> None:
    """Some of everything that happens to records, in an order nobody chose."""
    at = berlin(day, chance.randrange(8, 18), chance.randrange(60))
    deals = sorted(mirror.deals)
    match chance.randrange(7):
        case 0 | 1:
            mirror.deal(
                at, owner_id=chance.choice((KIM, SAM)), amount_cents=chance.choice((None, 99))
            )
        case 2 | 3 if deals:
            stage = chance.choice(sorted(STAGES))
            close_on = day + timedelta(days=chance.randrange(-9, 40))
            mirror.change(
                chance.choice(deals),
                at,
                stage_name=stage,
                close_on=close_on,
                owner_id=chance.choice((KIM, SAM)),
                amount_cents=chance.randrange(9999),
            )
        case 4 if deals:
            gone = chance.choice(deals)
            mirror.delete("opportunity", gone)
            del mirror.deals[gone]
        case 5:
            about = chance.choice([None, *deals])
            task = mirror.task(at, what_id=about, call_seconds=chance.choice((9, 99)))
            if chance.random() < 0.3:
                mirror.delete("crm_task", task)
        case _:
            soon = berlin(day + timedelta(days=chance.randrange(4)), chance.randrange(8, 18))
            mirror.meeting(soon, who_id="003000000000001AAA", created_at=at)


def differences(mirror: Mirror, now: datetime) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, definition in metrics().items():
        if is_kept_daily(definition):
            kept = mirror.read(key, now=now, window=WINDOW)
            told = mirror.measured(key, day=WINDOW.last, now=now, window=WINDOW)
            if kept != pytest.approx(told):
                found[key] = (kept, told)
    return found


@pytest.mark.parametrize("seed", [1])
def test_daily_readings_add_up_to_what_the_facts_say(database: Engine, seed: int) -> None:
    mirror, chance = Mirror(database), random.Random(seed)  # noqa: S311 - a story, no secret
    for back in range(30, -1, -3):
        day = TODAY - timedelta(days=back)
        for _ in range(6):
            live_a_day(mirror, chance, day)
        mirror.roll_up(berlin(day, 20, 0) if back else NOON)
    assert differences(mirror, NOON) == {}
    evening = NOON + timedelta(hours=9)
    mirror.roll_up(evening)
    assert differences(mirror, evening) == {}


def dump(mirror: Mirror) -> list[tuple[object, ...]]:
    wanted = "SELECT metric, rep_id, day, numerator, denominator, facts FROM daily_reading"
    with mirror.database.connect() as connection:
        return sorted(tuple(map(str, row)) for row in connection.execute(text(wanted)))


def test_running_twice_changes_nothing(sqlite: Engine) -> None:
    mirror, chance = Mirror(sqlite), random.Random(5)  # noqa: S311 - a story, no secret
    for back in range(20, 0, -2):
        live_a_day(mirror, chance, TODAY - timedelta(days=back))
    mirror.roll_up(NOON)
    before = dump(mirror)
    assert before
    mirror.roll_up(NOON)
    assert dump(mirror) == before


def test_only_what_changed_is_added(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    for back in (20, 10):
        mirror.task(berlin(TODAY - timedelta(days=back)))
    mirror.roll_up(NOON)
    marked = "UPDATE daily_reading SET facts = 77 WHERE metric = 'calls_completed'"
    with sqlite.begin() as connection:
        connection.execute(text(marked))
    mirror.task(berlin(TODAY - timedelta(days=10)))
    mirror.roll_up(NOON)
    wanted = "SELECT facts FROM daily_reading WHERE metric = 'calls_completed' ORDER BY day"
    with sqlite.connect() as connection:
        assert list(connection.scalars(text(wanted))) == [77, 78]


def test_a_meeting_planned_long_ago_counts_once_it_is_over(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    mirror.meeting(NOON + timedelta(hours=2), who_id="003000000000001AAA")
    mirror.roll_up(NOON)
    assert mirror.read("meetings_held", now=NOON, window=WINDOW)[KIM] == 0
    tomorrow = NOON + timedelta(days=1)
    mirror.roll_up(tomorrow)
    assert mirror.read("meetings_held", now=tomorrow, window=WINDOW)[KIM] == 1


def test_what_was_known_on_a_day_is_what_a_mirror_stopped_that_day_says(
    sqlite: Engine,
) -> None:
    mirror, chance = Mirror(sqlite), random.Random(8)  # noqa: S311 - a story, no secret
    days = [TODAY - timedelta(days=back) for back in range(20, -1, -2)]
    stopped = days[5]
    night = berlin(stopped, 23, 0)
    then: dict[str, object] = {}
    for day in days:
        for _ in range(4):
            if chance.random() < 0.5:
                mirror.task(berlin(day, 15), owner_id=chance.choice((KIM, SAM)))
            elif not mirror.deals or chance.random() < 0.4:
                mirror.deal(berlin(day, 10), owner_id=chance.choice((KIM, SAM)))
            else:
                mirror.change(
                    chance.choice(sorted(mirror.deals)),
                    berlin(day, chance.randrange(11, 20)),
                    stage_name=chance.choice(sorted(STAGES)),
                    amount_cents=chance.randrange(9999),
                    close_on=day,
                )
        mirror.roll_up(berlin(day, 23, 0))
        if day == stopped:
            then = {key: mirror.measured(key, day=stopped, now=night) for key in metrics()}
    assert then == {key: mirror.measured(key, day=stopped, now=night) for key in metrics()}
    assert then["calls_completed"] != mirror.measured("calls_completed", day=TODAY, now=NOON)
