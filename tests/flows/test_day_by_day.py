"""What is kept from day to day is what filling everything at once gives, and judges alike."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from bot.coaching.judge import Judgement
from bot.domain.choices import STANDARD
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.flows.coach import decide, look
from bot.flows.keep_assignments import keep_assignments
from bot.flows.roll_up import derive_stale, fill_dirty, kept_daily, roll_up
from bot.queries.rep_views import Moment
from bot.storage.current import as_filled, read_or_measure
from bot.storage.database import reading, transaction
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster
from tests.coached_team import runtime_at
from tests.flows.record_story import CONTACTS, Story
from tests.mirrored import BERLIN, KIM, SAM, Mirror, berlin, metrics

TODAY = date(2026, 3, 11)
NOON = berlin(TODAY, 12, 0)
MORNING = berlin(TODAY, 11, 30)
FLOWS_AND_TODAY = """
    SELECT metric, rep_id, day, numerator, denominator, facts FROM daily_reading
    WHERE metric NOT IN (SELECT metric FROM state_day) OR day = :today
"""
ON_DEALS = """
    SELECT opportunity_id, last_activity_on, next_activity_on, contacts_engaged FROM deal_activity
    WHERE opportunity_id IN (
        SELECT opportunity_id FROM deal_span WHERE NOT is_closed AND last_day > :today
    )
"""
KEPT = ("daily_reading", "fill_state", "state_day", "deal_activity", "kept_deals")


def told(mirror: Mirror, *, seed: int) -> None:
    """Weeks, of which some days pass without anybody looking, or with a crash on the way."""
    mirror.person(SAM, "Sam", time_zone="Asia/Tokyo", stamp=berlin(date(2025, 6, 1)))
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    story = Story(mirror, chance)
    for back in (33, 31, 29):
        story.open(berlin(TODAY - timedelta(days=back)))
    for back in range(24, -1, -1):
        day = TODAY - timedelta(days=back)
        for _ in range(chance.randrange(5)):
            story.live(day)
        now = berlin(day, chance.randrange(5, 23 if back else 11))
        if chance.random() < 0.1:
            derive_and_crash(mirror, now)
        elif chance.random() < 0.3:
            mirror.roll_up(now)
        if chance.random() < 0.2:
            rename(mirror, chance, now)
    # Of what stood in the morning, most is still true at noon.
    mirror.roll_up(MORNING)
    for _ in range(chance.randrange(1, 6)):
        story.live(TODAY)
    mirror.roll_up(NOON)
    mirror.pulled(as_of=NOON)


def rename(mirror: Mirror, chance: random.Random, now: datetime) -> None:
    """Sam is noted in another role, or not: some titles are nobody's."""
    title = chance.choice(("Account Executive", "Executive Assistant", "Chef"))
    mirror.person(SAM, "Sam", title=title, time_zone="Asia/Tokyo", stamp=now)
    keep_assignments(mirror.database, organisation=mirror.organisation, now=now)


def derive_and_crash(mirror: Mirror, now: datetime) -> None:
    """The first of a roll-up's two transactions, and no more."""
    with transaction(mirror.database) as session:
        derive_stale(
            session,
            mirror.organisation,
            kept_daily(metrics(), STANDARD),
            knowledge=Knowledge(day=now.astimezone(BERLIN).date(), now=now),
        )


def kept(mirror: Mirror, wanted: str) -> list[tuple[str, ...]]:
    with mirror.database.connect() as connection:
        rows = connection.execute(text(wanted), {"today": TODAY.isoformat()})
        return sorted(tuple(map(str, row)) for row in rows)


def fill_from_scratch(mirror: Mirror, now: datetime) -> None:
    with transaction(mirror.database) as session:
        for table in KEPT:
            session.connection().execute(text(f"DELETE FROM {table}"))  # noqa: S608 - ours
        knowledge = Knowledge(day=now.date(), now=now)
        fill_dirty(session, kept_daily(metrics(), STANDARD), knowledge=knowledge)


def judged(database: Engine, knowledge: Knowledge) -> list[Judgement]:
    runtime = runtime_at(NOON, database)
    with reading(database) as session:
        roster = read_roster(session, runtime.organisation)
        moment = Moment(knowledge=knowledge, as_of=NOON)
        views, histories = look(session, runtime, roster.reps.values(), moment, roster=roster)
    return [each for rep in views for each in decide(runtime, views[rep], histories[rep], now=NOON)]


@pytest.mark.parametrize("seed", [11, 17, 19])
def test_what_was_kept_day_by_day_is_what_filling_from_scratch_gives_and_judges_alike(
    database: Engine, seed: int
) -> None:
    mirror = Mirror(database)
    told(mirror, seed=seed)
    facts = Knowledge(day=TODAY, now=NOON)
    with reading(database) as session:
        as_kept = as_filled(session, facts)
    assert as_kept.kept_on == TODAY
    verdicts = judged(database, facts)
    assert verdicts
    assert judged(database, as_kept) == verdicts
    by_day = kept(mirror, FLOWS_AND_TODAY), kept(mirror, ON_DEALS)
    assert all(by_day)
    fill_from_scratch(mirror, NOON)
    assert (kept(mirror, FLOWS_AND_TODAY), kept(mirror, ON_DEALS)) == by_day


def test_a_day_that_nobody_looked_at_is_not_judged_from_what_was_kept_before(
    sqlite: Engine,
) -> None:
    mirror = Mirror(sqlite)
    deal = mirror.deal(berlin(TODAY - timedelta(days=3)), owner_id=KIM)
    mirror.meeting(NOON + timedelta(hours=2), what_id=deal, who_id=CONTACTS[0])
    mirror.pulled(as_of=NOON)
    midnight = berlin(TODAY, 23, 50)
    mirror.roll_up(midnight)
    after = Knowledge(day=TODAY + timedelta(days=1), now=midnight + timedelta(minutes=20))
    with reading(sqlite) as session:
        knowledge = as_filled(session, after)
    assert knowledge.is_current
    assert knowledge.kept_on != knowledge.day
    assert judged(sqlite, knowledge) == judged(sqlite, after)


def test_what_is_done_where_the_next_day_has_begun_is_told_on_that_day(sqlite: Engine) -> None:
    """It changes what is told of days long past, and nothing but the date tells that it does."""
    mirror = Mirror(sqlite)
    mirror.person(SAM, "Sam", time_zone="Asia/Tokyo", stamp=berlin(date(2025, 6, 1)))
    begun, evening = berlin(TODAY - timedelta(days=9)), berlin(TODAY - timedelta(days=1), 20)
    deal = mirror.deal(begun, owner_id=SAM)
    mirror.change(deal, begun + timedelta(hours=1), stage_name="Closed Lost")
    lead = {"id": mirror.record_id("00Q"), "name": "Erika", "owner_id": SAM, "created_at": begun}
    mirror.write("lead", stamp=begun, **lead)
    mirror.roll_up(begun + timedelta(hours=2))
    mirror.change(deal, evening, stage_name="Proposal")
    converted = {"is_converted": True, "converted_on": TODAY}
    mirror.write("lead", stamp=evening, **lead, **converted)
    told = "SELECT numerator FROM daily_reading WHERE metric = "
    for now, lost, won_over in ((evening, [("1.0",)], "0.0"), (NOON, [], "1.0")):
        mirror.roll_up(now + timedelta(minutes=1))
        assert kept(mirror, f"{told} 'lost_count'") == lost
        assert kept(mirror, f"{told} 'lead_conversion_rate'") == [(won_over,)]


def test_a_planned_meeting_counts_on_the_day_it_was_written_down_as_well(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    planned_at = berlin(TODAY - timedelta(days=9))
    mirror.meeting(NOON + timedelta(hours=1), created_at=planned_at, who_id=CONTACTS[0])
    mirror.roll_up(NOON)
    evening = NOON + timedelta(hours=8)
    wanted = "SELECT day FROM daily_reading WHERE metric = 'meetings_per_conversation'"
    assert kept(mirror, wanted) == []
    mirror.roll_up(evening)
    assert kept(mirror, wanted) == [(planned_at.date().isoformat(),)]


def test_a_win_counts_once_ninety_days_are_over_though_nothing_changed(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    start = TODAY - timedelta(days=90)
    for stage in ("Proposal", "Closed Won"):
        mirror.deal(berlin(start), stage_name=stage, close_on=start)
    known = []
    for now in (NOON - timedelta(days=1), NOON):
        mirror.roll_up(now)
        day = now.astimezone(BERLIN).date()
        with reading(sqlite) as session:
            found = read_or_measure(
                session,
                metrics()[MetricKey("win_rate_in_90_days")],
                reps=[RepId(KIM)],
                window=Window(first=start, last=day - timedelta(days=1), label="since"),
                knowledge=as_filled(session, Knowledge(day=day, now=now)),
                as_of=now,
            )
        known.append(found[RepId(KIM)].value)
    assert known == [None, 0.5]


def test_a_metric_that_was_away_is_filled_anew(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    calls = "SELECT facts FROM daily_reading WHERE metric = 'calls_completed'"
    mirror.roll_up(NOON)
    without = {key: each for key, each in metrics().items() if key != "calls_completed"}
    mirror.task(berlin(TODAY - timedelta(days=9)))
    roll_up(sqlite, metrics=without, organisation=mirror.organisation, now=NOON)
    assert kept(mirror, calls) == []
    mirror.roll_up(NOON)
    assert kept(mirror, calls) == [("1",)]


def test_what_the_readings_were_not_told_yet_is_measured_from_the_facts(sqlite: Engine) -> None:
    mirror = Mirror(sqlite)
    mirror.task(berlin(TODAY - timedelta(days=2)))
    mirror.roll_up(NOON)
    mirror.task(berlin(TODAY - timedelta(days=2)))
    derive_and_crash(mirror, NOON)
    calls = "SELECT facts FROM daily_reading WHERE metric = 'calls_completed'"
    untold = "SELECT many FROM activity_change"
    assert (kept(mirror, calls), kept(mirror, untold)) == ([("1",)], [("1",)])
    with reading(sqlite) as session:
        assert not as_filled(session, Knowledge(day=TODAY, now=NOON)).is_current
    mirror.roll_up(NOON)
    assert (kept(mirror, calls), kept(mirror, untold)) == ([("2",)], [])
    with reading(sqlite) as session:
        assert as_filled(session, Knowledge(day=TODAY, now=NOON)).is_current


def test_a_metric_defined_anew_before_it_was_told_counts_each_activity_once(
    sqlite: Engine,
) -> None:
    mirror = Mirror(sqlite)
    mirror.roll_up(NOON)
    mirror.task(berlin(TODAY - timedelta(days=2)))
    derive_and_crash(mirror, NOON)
    meaning = metrics()[MetricKey("calls_completed")]
    renewed = replace(meaning, file_version="another")
    every = {**metrics(), renewed.metric.key: renewed}
    roll_up(sqlite, metrics=every, organisation=mirror.organisation, now=NOON)
    calls = "SELECT facts FROM daily_reading WHERE metric = 'calls_completed'"
    assert kept(mirror, calls) == [("1",)]
