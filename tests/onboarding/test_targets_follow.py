"""Whoever is new is held to what is fair by now, and to the same wherever they or others look."""

import re

import pytest
from sqlalchemy import Engine

from bot.domain.ids import MetricKey, RepId, SlackUserId
from bot.flows.coach import look
from bot.queries import my_week, team_health
from bot.queries.team_views import moment_on
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import read_roster
from bot.surfaces.command import Question, answer, load_commands
from bot.surfaces.home import home_for, load_homes
from tests.coached_team import books
from tests.mirrored import berlin
from tests.office import texts_in
from tests.onboarding.new_hires import LEE, TODAY, NewHires, working_days_before

PIPELINE = MetricKey("pipeline_created_amount")
STARTED = working_days_before(TODAY, 30)


@pytest.fixture
def runtime(sqlite: Engine) -> Runtime:
    hires = NewHires(sqlite, is_coached=True)
    hires.begins(LEE, "Lee", STARTED)
    hires.mirror.deal(berlin(working_days_before(TODAY, 8)), owner_id=LEE)
    return hires.pull()


def said(runtime: Runtime, name: str, *words: str, by: str) -> str:
    question = Question(asker=SlackUserId(by), words=words, channel="C0SALES")
    message = answer(load_commands()[name], question, runtime).message
    return "\n".join(
        text for part in (message, *message.thread) for text in texts_in(list(part.blocks))
    )


def ranges(text: str) -> list[str]:
    """What is said of new pipeline, as low and high."""
    return re.findall(r"ipeline (?:generated|created)[^\n]*?range ([^\n]*? to [^\s,;·]*)", text)


def test_every_place_says_the_same_share_of_the_full_target(runtime: Runtime) -> None:
    full = next(model for key, model in books().models.items() if key == "mid_market_ae")
    week = my_week.ask(runtime, asker=SlackUserId("U0LEE"))
    [line] = [each for each in week.lines if each.metric == PIPELINE]
    assert 0 < line.low < 0.5 * full.ranges[PIPELINE].low
    [told] = set(ranges(said(runtime, "/my-week", by="U0LEE")))
    home = home_for(SlackUserId("U0LEE"), load_homes(), runtime)
    assert ranges("\n".join(texts_in(home.payload["blocks"]))) == [told]
    assert told in said(runtime, "/coach", "@lee", by="U0MARIA")


def test_what_nudges_and_the_team_are_judged_by_is_the_same(runtime: Runtime) -> None:
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        views, _ = look(
            session,
            runtime,
            list(roster.reps.values()),
            moment_on(session, runtime, TODAY),
            roster=roster,
        )
    fair = views[RepId(LEE)].gaps[PIPELINE].target
    health = team_health.ask(runtime, asker=SlackUserId("U0MARIA"), words=())
    [line] = [each for part in health.sections for each in part.lines if each.metric == PIPELINE]
    assert min(dot.low for dot in line.dots) == pytest.approx(fair.low)
    [own] = [
        each
        for each in my_week.ask(runtime, asker=SlackUserId("U0LEE")).lines
        if each.metric == PIPELINE
    ]
    assert own.low == pytest.approx(fair.low, rel=0.05)
