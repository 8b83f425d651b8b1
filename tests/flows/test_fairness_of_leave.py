"""Days of leave are nobody's: targets shrink with them, and ratios leave them out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from bot.domain.gap import Gap
from bot.domain.ids import MetricKey, RepId, RoleKey
from bot.domain.people import WorkTerms
from bot.domain.ramp import RampProfile
from bot.domain.success_model import SuccessModel
from bot.flows.coach import look
from bot.queries.rep_views import Moment
from bot.storage.database import open_database, reading, transaction
from bot.storage.facts.select import Knowledge
from bot.storage.facts.tables import ActivityRow
from bot.storage.people import LeaveRow
from bot.storage.roster import read_roster
from bot.storage.schema import metadata
from tests.coached_team import MONDAY, MORNING, books, runtime_at
from tests.mirrored import KIM, ORGANISATION, SAM, Mirror, berlin

CALLS, CONVERSATIONS = MetricKey("calls_completed"), MetricKey("conversation_rate")
WINDOW_FIRST = MONDAY - timedelta(days=28)


def leave(first: date, last: date, person: str = KIM) -> LeaveRow:
    return LeaveRow(person_id=person, first_day=first, last_day=last, source="command")


def gaps_of(
    database: Engine,
    *rows: LeaveRow,
    model: SuccessModel | None = None,
    people: Mapping[str, WorkTerms] | None = None,
) -> dict[RepId, Mapping[MetricKey, Gap]]:
    """The gaps of both reps with just this leave on record."""
    with transaction(database) as session:
        session.connection().execute(delete(LeaveRow))
        for row in rows:
            session.add(row)
    models = books().models if model is None else {model.key: model}
    organisation = replace(ORGANISATION, people=people or {})
    runtime = runtime_at(MORNING, database, models=models, organisation=organisation)
    moment = Moment(knowledge=Knowledge(day=MONDAY, now=MORNING), as_of=MORNING)
    with reading(database) as session:
        reps = read_roster(session, organisation).reps.values()
        views, _ = look(session, runtime, reps, moment)
    return {rep: view.gaps for rep, view in views.items()}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('people') / 'people.sqlite3'}")
    metadata().create_all(engine)
    Mirror(engine).pulled(as_of=MORNING)
    return engine


def call(person: str, day: date, hour: int, *, is_conversation: bool) -> ActivityRow:
    at = berlin(day, hour)
    return ActivityRow(
        id=f"{person[-5:]}{day:%Y%m%d}{hour:02}",
        rep_id=person,
        kind="call",
        done_on=day,
        done_at=at,
        logged_on=day,
        logged_at=at,
        is_conversation=is_conversation,
    )


def calling(low: float, high: float) -> SuccessModel:
    """A role that is asked for calls in four weeks, and for conversations among them."""
    known = books().models[RoleKey("mid_market_ae")]
    some = next(iter(known.ranges.values()))
    calls = replace(some, metric=CALLS, low=low, high=high, weeks=4)
    conversations = replace(some, metric=CONVERSATIONS, low=0.6, high=0.9, weeks=4)
    return replace(known, ranges={CALLS: calls, CONVERSATIONS: conversations})


@settings(max_examples=12, deadline=None)
@given(
    away=st.frozensets(st.integers(0, 27), max_size=12),
    a_day=st.integers(1, 3),
    low=st.integers(10, 80),
)
def test_whoever_works_at_the_same_rate_a_working_day_has_the_same_gap(
    people: Engine, away: frozenset[int], a_day: int, low: int
) -> None:
    days = [WINDOW_FIRST + timedelta(days=n) for n in range(28)]
    off = {days[n] for n in away}
    with transaction(people) as session:
        session.connection().execute(delete(ActivityRow))
        for day in days:
            for person in (KIM, SAM):
                if day.weekday() < 5 and not (person == KIM and day in off):
                    for n in range(a_day):
                        session.add(call(person, day, 9 + n, is_conversation=n == 0))
    found = gaps_of(people, *(leave(day, day) for day in off), model=calling(low, low + 20))
    kim, sam = found[RepId(KIM)], found[RepId(SAM)]
    if any(day.weekday() < 5 and day not in off for day in days):
        assert kim[CALLS].distance == pytest.approx(sam[CALLS].distance)
        assert kim[CALLS].band == sam[CALLS].band
        assert kim[CONVERSATIONS].reading.value == sam[CONVERSATIONS].reading.value
        assert kim[CONVERSATIONS].target == sam[CONVERSATIONS].target


def won_and_lost(mirror: Mirror, day: date, *, won: int, lost: int) -> None:
    for stage, number in (("Closed Won", won), ("Closed Lost", lost)):
        for _ in range(number):
            at = berlin(day - timedelta(days=30))
            deal = mirror.deal(at, close_on=day, stage_name="Proposal")
            mirror.change(deal, berlin(day), stage_name=stage, close_on=day)


def test_what_closed_on_days_of_leave_leaves_both_sides_of_a_win_rate(database: Engine) -> None:
    mirror = Mirror(database)
    worked, away = MONDAY - timedelta(days=7), MONDAY - timedelta(days=14)
    won_and_lost(mirror, worked, won=3, lost=1)
    won_and_lost(mirror, away, won=0, lost=4)
    mirror.pulled(as_of=MORNING)
    mirror.roll_up(MORNING)
    metric, kim = MetricKey("win_rate_count"), RepId(KIM)
    at_work = gaps_of(database)[kim][metric]
    on_leave = gaps_of(database, leave(away, away))[kim][metric]
    assert (at_work.reading.value, at_work.reading.facts) == (3 / 8, 8)
    assert (on_leave.reading.value, on_leave.reading.facts) == (3 / 4, 4)
    # The range is a share of deals and is not scaled.
    assert on_leave.target == at_work.target


def test_anothers_leave_takes_nothing_off(database: Engine) -> None:
    mirror = Mirror(database)
    won_and_lost(mirror, MONDAY - timedelta(days=7), won=1, lost=1)
    mirror.pulled(as_of=MORNING)
    mirror.roll_up(MORNING)
    sams = leave(WINDOW_FIRST, MONDAY, person=SAM)
    gap = gaps_of(database, sams)[RepId(KIM)][MetricKey("win_rate_count")]
    assert gap.reading.facts == 2


def expected_of_kim(
    people: Engine, *rows: LeaveRow, ramp: tuple[float, ...], **terms: Any
) -> float:
    """The low edge of Kim's calls, as a share of Sam's, who has been in the role for long."""
    model = replace(calling(40, 60), ramp=RampProfile(shares=ramp))
    told = {"kim@acme.example": WorkTerms(**terms)}
    found = gaps_of(people, *rows, model=model, people=told)
    return found[RepId(KIM)][CALLS].target.low / found[RepId(SAM)][CALLS].target.low


def test_what_is_asked_in_a_ramp_is_what_the_role_says(people: Engine) -> None:
    began = MONDAY - timedelta(days=90)
    assert expected_of_kim(people, ramp=(1.0,), started_on=began) == pytest.approx(1.0)
    slow = expected_of_kim(people, ramp=(0.0, 0.0, 0.5, 1.0), started_on=began)
    assert 0.1 < slow < 0.5


def test_leave_during_a_ramp_takes_off_the_days_and_holds_the_clock(people: Engine) -> None:
    began = MONDAY - timedelta(days=90)
    ramp = (0.0, 0.0, 0.5, 1.0)
    # Long before the window, so that no day of the window itself is missing.
    early = leave(began, began + timedelta(days=29))
    assert expected_of_kim(people, early, ramp=ramp, started_on=began) < 0.6 * expected_of_kim(
        people, ramp=ramp, started_on=began
    )


def test_a_part_timer_is_asked_for_a_part(people: Engine) -> None:
    assert expected_of_kim(people, ramp=(1.0,), works=frozenset({0, 1, 2})) == pytest.approx(0.6)
    assert expected_of_kim(people, ramp=(1.0,), share=0.5) == pytest.approx(0.5)


def test_nothing_before_a_new_territory_is_compared_with(people: Engine) -> None:
    told = {"kim@acme.example": WorkTerms(territory_since=MONDAY - timedelta(days=40))}
    organisation = replace(ORGANISATION, people=told)
    model = calling(40, 60)
    runtime = runtime_at(MORNING, people, models={model.key: model}, organisation=organisation)
    moment = Moment(knowledge=Knowledge(day=MONDAY, now=MORNING), as_of=MORNING)
    with reading(people) as session:
        reps = read_roster(session, organisation).reps.values()
        views, _ = look(session, runtime, reps, moment)
    assert views[RepId(KIM)].gaps_before == {}
    assert CALLS in views[RepId(SAM)].gaps_before
