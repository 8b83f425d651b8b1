"""Coaching writes down every decision with its reason, once a day and person."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.domain.ids import MetricKey
from bot.flows.coach import CoachReport, coach
from bot.queries.unavailable import unavailable_rules
from bot.storage.availability import unavailable_metrics
from bot.storage.database import reading
from bot.storage.people import LeaveRow, MuteRow, PauseRow, SnoozeRow
from tests.coached_team import KIM, LATE, MARIA, MONDAY, MORNING, SAM, Team, coached_team
from tests.mirrored import berlin

pytestmark = pytest.mark.slow

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return coached_team(sqlite)


def test_a_nudge_goes_into_the_outbox_with_the_decision_behind_it(team: Team) -> None:
    report = coach(team.with_one_rule())
    assert report.sent == 2
    assert team.decisions() == [("send", None)]
    kim, sam = team.outbox()
    assert (kim.recipient, sam.recipient) == ("U0KIM", "U0SAM")
    assert "close date in the past" in kim.text
    assert kim.not_before == MORNING


def test_nobody_is_coached_twice_on_a_day(team: Team) -> None:
    coach(team.with_one_rule())
    again = coach(team.with_one_rule(MORNING + timedelta(hours=2)))
    assert again.decided == ()
    assert len(team.outbox()) == 2


def test_of_two_who_coach_at_once_each_person_has_only_one(database: Engine) -> None:
    team = coached_team(database)
    begin = threading.Barrier(2)
    reports: list[CoachReport] = []

    def run() -> None:
        begin.wait()
        reports.append(coach(team.with_one_rule()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.sent for report in reports) == 2
    assert len(reports) == 2
    assert len(team.outbox()) == 2
    assert team.decisions() == [("send", None)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(MuteRow(person_id=KIM, rule=LATE, muted_at=MORNING), "muted", id="muted"),
        pytest.param(
            SnoozeRow(
                person_id=KIM,
                rule=LATE,
                subject="pipeline",
                until=MONDAY,
                reason="on it",
                asked_at=MORNING,
            ),
            "you asked for this later",
            id="snoozed",
        ),
        pytest.param(
            PauseRow(person_id=KIM, until=MONDAY, asked_at=MORNING), "paused", id="paused"
        ),
    ],
)
def test_what_a_person_asked_of_us_is_kept_to_and_written_down(
    team: Team, row: object, reason: str
) -> None:
    team.add(row)
    coach(team.with_one_rule())
    [(verdict, why)] = team.decisions()
    assert verdict == "hold"
    assert reason in str(why)
    assert [each.recipient for each in team.outbox()] == ["U0SAM"]


def test_who_is_away_is_not_even_thought_about(team: Team) -> None:
    team.add(LeaveRow(person_id=KIM, first_day=MONDAY, last_day=MONDAY, source="csv"))
    coach(team.at())
    assert team.decisions() == []
    assert [each.recipient for each in team.outbox()] == ["U0SAM"]


def test_what_was_asked_for_until_yesterday_is_over_today(team: Team) -> None:
    yesterday = MONDAY - timedelta(days=1)
    team.add(PauseRow(person_id=KIM, until=yesterday, asked_at=MORNING))
    coach(team.with_one_rule())
    assert team.decisions() == [("send", None)]


def test_who_is_not_in_slack_is_only_written_down(team: Team) -> None:
    team.match(kim=None)
    coach(team.with_one_rule())
    [(verdict, reason)] = team.decisions()
    assert verdict == "hold"
    assert "Slack" in str(reason)


def test_who_has_left_is_not_written_to(team: Team) -> None:
    team.mirror.person(KIM, "Kim", is_active=False)
    coach(team.with_one_rule())
    assert [verdict for verdict, _ in team.decisions()] == ["hold"]
    assert [each.recipient for each in team.outbox()] == ["U0SAM"]


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(Policy(nudges_per_day=0), id="a-day"),
        pytest.param(Policy(nudges_per_week=0), id="a-week"),
        pytest.param(Policy(rules_off=frozenset({LATE})), id="rule-off"),
        pytest.param(Policy(rules_in_shadow=frozenset({LATE})), id="in-shadow"),
        pytest.param(Policy(is_stopped=True), id="stopped"),
    ],
)
def test_a_limit_holds_the_nudge_and_is_its_reason(team: Team, policy: Policy) -> None:
    coach(team.with_one_rule(policy=policy))
    [(verdict, reason)] = team.decisions()
    assert (verdict, bool(reason)) == ("hold", True)
    assert team.outbox() == []


def test_the_same_is_not_said_again_before_it_has_cooled_down(team: Team) -> None:
    coach(team.with_one_rule())
    coach(team.with_one_rule(MORNING + timedelta(days=1)))
    first, second = team.decisions()
    assert (first, second[0]) == (("send", None), "hold")
    assert len([each for each in team.outbox() if "past" in each.text]) == 2


def test_before_the_quiet_hours_end_where_the_rep_lives_it_waits(team: Team) -> None:
    team.mirror.person(SAM, "Sam", time_zone="America/New_York")
    early = berlin(MONDAY, 7, 45)
    coach(team.with_one_rule(early))
    waits = {each.recipient: each.not_before for each in team.outbox()}
    assert waits["U0KIM"] == berlin(MONDAY, 8, 30)
    # 08:30 in New York, which has changed its clocks a day ago: five hours behind Berlin.
    assert waits["U0SAM"] == berlin(MONDAY, 13, 30)
    assert team.decisions() == [("defer", "quiet hours")]


@pytest.mark.parametrize(
    ("now", "coached"),
    [
        pytest.param(berlin(MONDAY, 7, 29), False, id="before-the-hour"),
        pytest.param(berlin(MONDAY, 7, 30), True, id="at-the-hour"),
        pytest.param(berlin(MONDAY, 17, 30), False, id="in-the-evening"),
        pytest.param(berlin(MONDAY - timedelta(days=1), 9), False, id="on-sunday"),
    ],
)
def test_the_schedule_finds_people_in_their_own_morning_only(
    team: Team, now: datetime, *, coached: bool
) -> None:
    assert bool(coach(team.with_one_rule(now), from_time=time(7, 30)).decided) is coached


def test_without_activities_the_rules_that_need_them_are_silent_and_metrics_have_no_value(
    sqlite: Engine,
) -> None:
    team = coached_team(sqlite, without=("crm_task", "crm_event"))
    runtime = team.at()
    report = coach(runtime)
    spoken = {each.judgement.proposal.rule for each in report.decided}
    with reading(team.database) as session:
        silent = unavailable_rules(session, runtime)
        missing = unavailable_metrics(session, runtime.metrics.values())
    assert {"no_activity", "no_next_step", "quiet_week", "single_threaded"} <= silent
    assert LATE in spoken
    assert spoken.isdisjoint(silent)
    assert MetricKey("calls_completed") in missing
    assert MetricKey("won_amount") not in missing
    calls = team.mirror.measured("calls_completed", day=date(2026, 3, 9), now=MORNING)
    assert set(calls.values()) == {None}


def test_a_manager_is_no_rep(team: Team) -> None:
    coach(team.at())
    assert team.decisions(MARIA) == []
