"""What stood four weeks ago is remembered, and found anew as soon as anything of then changes."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.gap import Gap
from bot.domain.ids import MetricKey, RepId, RoleKey
from bot.domain.organisation import RoleMatch
from bot.flows.coach import look
from bot.queries.rep_views import Moment
from bot.storage.current import as_filled
from bot.storage.database import open_database, reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster
from tests.coached_team import runtime_at
from tests.flows.record_story import CONTACTS, Story
from tests.mirrored import KIM, ORGANISATION, SAM, Mirror, berlin

TODAY = date(2026, 3, 11)
MORNING = berlin(TODAY, 9)
LONG_AGO = berlin(TODAY - timedelta(days=35), 11)
#: What one sells by is what others do; the other's measure is what they do themselves.
BOTH = replace(
    ORGANISATION,
    roles=(
        *ORGANISATION.roles,
        RoleMatch(role=RoleKey("sdr_outbound"), title_contains="development"),
    ),
)
Before = Mapping[RepId, Mapping[MetricKey, Gap]]


def before(database: Engine, now: datetime) -> Before:
    runtime = runtime_at(now, database, organisation=BOTH)
    with reading(database) as session:
        knowledge = as_filled(session, Knowledge(day=TODAY, now=now))
        roster = read_roster(session, runtime.organisation)
        moment = Moment(knowledge=knowledge, as_of=now)
        views, _ = look(session, runtime, roster.reps.values(), moment, roster=roster)
    return {rep: view.gaps_before for rep, view in views.items()}


def afresh(database: Engine, now: datetime) -> Before:
    """As a process says that has just begun."""
    address = database.url.render_as_string(hide_password=False)
    other = open_database(address)
    try:
        return before(other, now)
    finally:
        other.dispose()


def found(told: Before) -> dict[RepId, dict[MetricKey, Gap]]:
    """Without when it was found."""
    return {
        rep: {
            key: replace(gap, reading=replace(gap.reading, as_of=MORNING))
            for key, gap in gaps.items()
        }
        for rep, gaps in told.items()
    }


def some_gap(told: Before) -> Gap:
    return next(gap for gaps in told.values() for gap in gaps.values())


def begun(database: Engine) -> Mirror:
    mirror = Mirror(database, organisation=BOTH)
    with mirror.at_once():
        mirror.person(SAM, "Sam", title="Sales Development")
        for back in range(29, 70):
            for owner in (KIM, SAM):
                at = berlin(TODAY - timedelta(days=back), 10)
                mirror.task(at, owner_id=owner, what_id=None)
    mirror.pulled(as_of=MORNING)
    mirror.roll_up(MORNING)
    return mirror


def a_call_today(mirror: Mirror, now: datetime) -> None:
    mirror.task(now - timedelta(minutes=1), owner_id=KIM)


def a_call_of_then(mirror: Mirror, _now: datetime) -> None:
    """We hear of it only now."""
    mirror.task(LONG_AGO, owner_id=SAM)


def a_meeting_of_then(mirror: Mirror, _now: datetime) -> None:
    mirror.meeting(LONG_AGO, owner_id=SAM, who_id=CONTACTS[0])


def a_deal_of_then(mirror: Mirror, _now: datetime) -> None:
    mirror.deal(LONG_AGO, owner_id=KIM)


@pytest.mark.parametrize(
    ("deed", "is_of_then"),
    [(a_call_today, False), (a_call_of_then, True), (a_meeting_of_then, True),
     (a_deal_of_then, True)],
)  # fmt: skip
def test_it_is_found_anew_when_then_changes_and_only_then(
    database: Engine, deed: Callable[[Mirror, datetime], None], *, is_of_then: bool
) -> None:
    mirror, later = begun(database), MORNING + timedelta(minutes=15)
    first = before(database, MORNING)
    deed(mirror, later)
    mirror.pulled(as_of=later)
    mirror.roll_up(later)
    second = before(database, later)
    assert found(second) == found(afresh(database, later))
    assert (some_gap(second).reading.as_of == later) == is_of_then
    assert (found(second) != found(first)) == is_of_then


@pytest.mark.parametrize("seed", [3, 5])
def test_whatever_happens_it_is_what_a_new_process_finds(sqlite: Engine, seed: int) -> None:
    mirror, now = begun(sqlite), MORNING
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    story = Story(mirror, chance)
    for _ in range(15):
        now += timedelta(minutes=5)
        for _ in range(chance.randrange(3)):
            story.live(TODAY - timedelta(days=chance.choice((0, 0, 1, 3, 22, 27, 30, 40))))
        # Facts are there and readings are not, when it is killed in between.
        step = chance.choice((mirror.derive, mirror.roll_up, mirror.roll_up))
        step(now)
        assert found(before(sqlite, now)) == found(afresh(sqlite, now))
