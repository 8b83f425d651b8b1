"""Why a number was said: its days by name, and exactly the records of those days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.example import CALLS_FELL, KIM
from bot.coaching.rules.change_noticed import RULE
from bot.domain.ids import DecisionId, RepId, SlackUserId
from bot.domain.nudge import Send
from bot.domain.windows import Window
from bot.queries import nudges
from bot.render.filters import day as told
from bot.storage.database import transaction
from bot.storage.decisions import record
from tests.coached_team import KIM as KIM_ID
from tests.coached_team import MONDAY, MORNING, Team, coached_team


@pytest.fixture
def team(sqlite: Engine) -> Team:
    """Kim called somebody on each working day of the last four weeks."""
    return coached_team(sqlite)


def said(team: Team, window: Window) -> DecisionId:
    view = replace(
        KIM, rep=RepId(KIM_ID), today=MONDAY, changes=(replace(CALLS_FELL, window=window),)
    )
    [proposal] = RULE.notice(view)
    with transaction(team.database) as session:
        return record(
            session,
            proposal,
            Send(),
            at=MORNING,
            day=MONDAY,
            text="",
            is_eligible=True,
            send_probability=1.0,
            draw=0.5,
        )


def test_the_records_are_those_of_the_days_that_the_number_covers(team: Team) -> None:
    first = MONDAY - timedelta(days=21)
    window = Window(first=first, last=first + timedelta(days=13), label="2 weeks")
    runtime = team.at()
    why = nudges.ask_why(runtime, asker=SlackUserId("U0KIM"), nudge=said(team, window))
    assert dict(why.numbers)["Days counted"] == window.in_words
    assert why.records_in_all == 10
    told = [name for name, _ in why.records]
    days = [window.first + timedelta(days=n) for n in range(14)]
    weekdays = [day for day in days if day.weekday() < 5]
    assert sorted(told) == sorted(_called_on(day) for day in weekdays)


def _called_on(day: date) -> str:
    return f"Activity · {told(day, locale='en_GB')}"


def test_a_record_says_on_which_day_and_with_whom(team: Team) -> None:
    team.mirror.write("contact", id="003000000000001AAA", name="Dana Reyes")
    day = MONDAY - timedelta(days=10)
    team.mirror.task(
        MORNING - timedelta(days=10), subject="Call", who_id="003000000000001AAA", call_seconds=90
    )
    team.mirror.roll_up(MORNING)
    runtime = team.at()
    window = Window(first=day, last=day, label="1 day")
    why = nudges.ask_why(runtime, asker=SlackUserId("U0KIM"), nudge=said(team, window))
    assert f"Call · {told(day, locale='en_GB')} · Dana Reyes" in [name for name, _ in why.records]
