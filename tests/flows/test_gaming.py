"""Records that say less than they seem to: no praise rests on them, and where it shows."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.coaching.rule import load_rules
from bot.domain.ids import MetricKey, RoleKey, SlackUserId
from bot.domain.people import Role
from bot.domain.success_model import SuccessModel, TargetRange
from bot.flows.coach import coach
from bot.flows.digest import digest
from bot.queries import metric_detail, team_health
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.decisions import DecisionRow
from tests.coached_team import MONDAY, MORNING, Team, runtime_at
from tests.mirrored import KIM, MARIA, Mirror, berlin

AE = RoleKey("mid_market_ae")
KIM_IN_SLACK, MARIA_IN_SLACK = SlackUserId("U0KIM"), SlackUserId("U0MARIA")
FRIDAY = MONDAY - timedelta(days=3)
IN_DOUBT = "praise waits until the records behind it are clear"


def asked_for(metric: str, low: float, high: float) -> Mapping[RoleKey, SuccessModel]:
    target = TargetRange(
        metric=MetricKey(metric), low=low, high=high, weeks=4, leverage=0.1, play=None
    )
    return {
        AE: SuccessModel(
            role=Role(key=AE, discipline="AE", segment="mid-market"),
            title="AE",
            because="",
            evidence="expert",
            ranges={target.metric: target},
        )
    }


@pytest.fixture
def team(database: Engine) -> Team:
    """Kim called little until four weeks ago, and had no activity planned on any deal."""
    mirror = Mirror(database)
    with mirror.at_once():
        for back in range(29, 60):
            if back % 9 == 0:
                mirror.task(berlin(MONDAY - timedelta(days=back)))
    return Team(mirror)


def coached(team: Team, runtime: Runtime) -> dict[str, tuple[str, str | None, str]]:
    """(verdict, reason, what is in doubt) by rule."""
    coach(runtime)
    with reading(team.database) as session:
        return {
            row.rule: (row.verdict, row.reason, row.because.get("In doubt", ""))
            for row in session.exec(select(DecisionRow))
            if row.to_id == KIM
        }


def morning(team: Team, metric: str, low: float, high: float) -> Runtime:
    team.mirror.pulled(as_of=berlin(MONDAY, 7, 0))
    team.mirror.roll_up(MORNING)
    team.match()
    kinds = ("kudos", "data_trust")
    rules = {key: rule for key, rule in load_rules().items() if key in kinds}
    return runtime_at(MORNING, team.database, models=asked_for(metric, low, high), rules=rules)


def call(team: Team, day: date, minute: int, *, is_burst: bool) -> None:
    hour = 16 if is_burst else 9 + minute % 8
    team.mirror.task(berlin(day, hour, minute % 60), call_seconds=10)


@pytest.mark.parametrize("is_burst", [False, True])
def test_calls_that_came_in_bursts_earn_no_praise(team: Team, *, is_burst: bool) -> None:
    with team.mirror.at_once():
        for back in (3, 4, 5):
            for number in range(12):
                minute = number if is_burst else 7 * number
                call(team, MONDAY - timedelta(days=back), minute, is_burst=is_burst)
    runtime = morning(team, "calls_completed", 20, 60)
    said = coached(team, runtime)
    if not is_burst:
        assert said == {"kudos": ("send", None, "")}
        return
    doubt = "36 of 36 calls, meetings and tasks were written down in bursts of ten or more"
    assert said == {
        "data_trust": ("send", None, ""),
        "kudos": ("hold", IN_DOUBT, doubt),
    }
    own = metric_detail.ask(runtime, asker=KIM_IN_SLACK, words="calls_completed").own
    assert own is not None
    assert own.doubts == (doubt,)
    seen_by_maria = metric_detail.ask(runtime, asker=MARIA_IN_SLACK, words="calls_completed Kim")
    assert seen_by_maria.own is not None
    assert seen_by_maria.own.doubts == ()
    health = team_health.ask(runtime, asker=MARIA_IN_SLACK, words=[])
    assert "Logged in bursts: 100% (36 of 36 records)" in health.trust
    [to_manager] = [
        line.message
        for line in digest(runtime, None, is_dry=True).lines
        if line.audience != "channel"
    ]
    words = str([to_manager.blocks, [part.blocks for part in to_manager.thread]])
    assert "36 of 36 calls, meetings and tasks were written down in bursts" in words
    assert "Kim, Calls" not in words


def test_calls_that_were_written_down_late_earn_no_praise(team: Team) -> None:
    with team.mirror.at_once():
        for number in range(40):
            day = MONDAY - timedelta(days=20 - number % 5)
            written_at = berlin(MONDAY - timedelta(days=12), 8 + number % 9, number)
            team.mirror.task(berlin(day), created_at=written_at)
    said = coached(team, morning(team, "calls_completed", 20, 60))
    assert said["kudos"][:2] == ("hold", IN_DOUBT)
    assert said["kudos"][2].startswith("40 of 40 activities were written down more than a day")


@pytest.mark.parametrize("is_same", [False, True])
def test_next_steps_that_only_got_another_date_earn_no_praise(team: Team, *, is_same: bool) -> None:
    deals = [
        team.mirror.deal(
            berlin(MONDAY - timedelta(days=40)), name=f"Deal {n}", next_step="3/1 Call"
        )
        for n in range(6)
    ]
    for number, deal in enumerate(deals):
        step = "3/20 Call" if is_same else f"3/20 Show the draft to Dana {chr(97 + number)}"
        at = berlin(FRIDAY, 9, number)
        team.mirror.change(deal, at, with_history=False, next_step=step)
        team.mirror.task(
            at,
            what_id=deal,
            is_closed=False,
            completed_at=None,
            activity_on=MONDAY + timedelta(days=11),
        )
    said = coached(team, morning(team, "next_step_hygiene", 0.8, 1))
    if not is_same:
        assert said == {"kudos": ("send", None, "")}
        return
    doubt = "6 of 6 new next steps only got another date, with nothing done meanwhile"
    assert said == {"data_trust": ("send", None, ""), "kudos": ("hold", IN_DOUBT, doubt)}


def test_what_a_tool_does_to_everybody_is_nobodys_doing(team: Team) -> None:
    mates = [f"0050000000001{n:02d}AAA" for n in range(4)]
    with team.mirror.at_once():
        for mate in mates:
            team.mirror.person(mate, f"Mate{mate[13:15]}", manager_id=MARIA)
        for owner in (KIM, *mates):
            for back in (3, 4, 5):
                for minute in range(12):
                    at = berlin(MONDAY - timedelta(days=back), 16, minute)
                    team.mirror.task(at, owner_id=owner, call_seconds=10)
    said = coached(team, morning(team, "calls_completed", 20, 60))
    assert said == {"kudos": ("send", None, "")}
