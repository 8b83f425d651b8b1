"""A team's health over the window that was asked for, by who was in the team on its days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.ids import MetricKey, RoleKey, SlackUserId
from bot.domain.success_model import SuccessModel
from bot.flows.keep_assignments import keep_assignments
from bot.queries.team_health import HealthLine, ask
from bot.storage.database import transaction
from bot.storage.facts.tables import ActivityRow
from bot.storage.people import SlackMatchRow
from tests.coached_team import MONDAY, MORNING, books, runtime_at
from tests.mirrored import KIM, MARIA, ORGANISATION, SAM, Mirror, berlin

NOAH, LEE = "005000000000004AAA", "005000000000005AAA"
CALLS = MetricKey("calls_completed")
#: Within the quarter before that of Monday, March 9th.
OCTOBER, NOVEMBER = date(2025, 10, 15), date(2025, 11, 12)


def model() -> SuccessModel:
    """Asked for 13 to 26 calls a quarter, which is one or two a week."""
    known = books().models[RoleKey("mid_market_ae")]
    some = next(iter(known.ranges.values()))
    return replace(known, ranges={CALLS: replace(some, metric=CALLS, low=4, high=8, weeks=4)})


@pytest.fixture
def mirror(sqlite: Engine) -> Mirror:
    """Maria leads Kim and Sam, Noah leads Lee; all are in Slack."""
    mirror = Mirror(sqlite)
    mirror.person(NOAH, "Noah", title="Manager", manager_id=None)
    mirror.person(LEE, "Lee", manager_id=NOAH)
    with transaction(sqlite) as session:
        for person, slack in ((MARIA, "U0MARIA"), (NOAH, "U0NOAH")):
            session.add(
                SlackMatchRow(
                    person_id=person, slack_id=slack, matched_by="email", matched_at=MORNING
                )
            )
    keep(mirror)
    mirror.pulled(as_of=MORNING)
    return mirror


def keep(mirror: Mirror) -> None:
    keep_assignments(mirror.database, organisation=ORGANISATION, now=MORNING)


def calls(mirror: Mirror, person: str, day: date, count: int) -> None:
    with transaction(mirror.database) as session:
        for n in range(count):
            at = berlin(day, 8 + n // 60, n % 60)
            session.add(
                ActivityRow(
                    id=f"{person[-4:]}{day:%y%m%d}{n:04}",
                    rep_id=person,
                    kind="call",
                    done_on=day,
                    done_at=at,
                    logged_on=day,
                    logged_at=at,
                )
            )


def health(
    mirror: Mirror, manager: str, words: str, *, asked: SuccessModel | None = None
) -> HealthLine:
    known = asked or model()
    runtime = runtime_at(MORNING, mirror.database, models={known.key: known})
    found = ask(runtime, asker=SlackUserId(manager), words=words.split())
    [line] = [line for section in found.sections for line in section.lines]
    return line


def test_last_quarter_is_the_quarter_and_not_the_last_thirteen_weeks(mirror: Mirror) -> None:
    for person in (KIM, SAM):
        calls(mirror, person, OCTOBER, 15)
        calls(mirror, person, MONDAY - timedelta(days=3), 40)
    line = health(mirror, "U0MARIA", "last quarter")
    assert line.team_value == 15
    # The range of four weeks, over the 92 days of the quarter.
    assert (line.low, line.high) == pytest.approx((92 / 7, 2 * 92 / 7))
    assert (line.on_target, line.short) == (2, 0)


def test_a_state_is_that_of_the_last_day_that_was_asked_for(mirror: Mirror) -> None:
    for person in (KIM, SAM):
        deal = mirror.deal(berlin(OCTOBER), owner_id=person)
        mirror.change(deal, berlin(MONDAY - timedelta(days=3)), stage_name="Closed Won")
        mirror.deal(berlin(MONDAY - timedelta(days=2)), owner_id=person)
        mirror.deal(berlin(MONDAY - timedelta(days=2)), owner_id=person)
    mirror.roll_up(MORNING)
    some = next(iter(model().ranges.values()))
    open_deals = MetricKey("open_pipeline_count")
    asked = replace(model(), ranges={open_deals: replace(some, metric=open_deals, weeks=1)})
    assert health(mirror, "U0MARIA", "last quarter", asked=asked).team_value == 1
    assert health(mirror, "U0MARIA", "last 4 weeks", asked=asked).team_value == 2


def test_who_changed_teams_counts_for_each_with_what_was_done_there(mirror: Mirror) -> None:
    moved_on = date(2025, 11, 1)
    calls(mirror, KIM, OCTOBER, 5)
    calls(mirror, KIM, NOVEMBER, 10)
    calls(mirror, SAM, OCTOBER, 15)
    mirror.person(KIM, "Kim", manager_id=NOAH, stamp=berlin(moved_on))
    keep(mirror)
    old, new = (health(mirror, boss, "last quarter") for boss in ("U0MARIA", "U0NOAH"))
    # Five in the one month for Maria is on target; so are ten in the two months for Noah, whose
    # Lee did nothing.
    assert (old.on_target, old.short) == (2, 0)
    assert (new.on_target, new.short, new.short_reps) == (1, 1, ("Lee",))
    assert new.team_value == 5


def test_who_has_left_does_not_drag_the_team_down_afterwards(mirror: Mirror) -> None:
    for back in range(1, 28):
        calls(mirror, SAM, MONDAY - timedelta(days=back), 1)
    mirror.person(KIM, "Kim", is_active=False, stamp=berlin(date(2025, 10, 1)))
    keep(mirror)
    line = health(mirror, "U0MARIA", "last 4 weeks")
    assert (line.short, line.no_data) == (0, 0)
    assert line.on_target + line.beyond == 1


def test_up_to_today_only_those_count_who_are_still_there(mirror: Mirror) -> None:
    calls(mirror, KIM, MONDAY - timedelta(days=60), 1)
    calls(mirror, SAM, MONDAY - timedelta(days=60), 20)
    mirror.person(KIM, "Kim", is_active=False, stamp=berlin(MONDAY - timedelta(days=30)))
    keep(mirror)
    line = health(mirror, "U0MARIA", "last 13 weeks")
    assert (line.team_value, line.short_reps) == (20, ())


def test_a_rep_of_old_is_still_in_the_window_of_then(mirror: Mirror) -> None:
    calls(mirror, KIM, OCTOBER, 15)
    calls(mirror, SAM, OCTOBER, 15)
    mirror.person(KIM, "Kim", is_active=False, stamp=berlin(date(2026, 1, 15)))
    keep(mirror)
    assert health(mirror, "U0MARIA", "last quarter").on_target == 2
