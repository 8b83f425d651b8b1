"""/ramp: new hires against what is fair by now, and those before them with censoring kept."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.queries import ramp
from bot.queries.charts import ramp_chart
from bot.queries.ramp import Cohort, NewHireOnRamp
from bot.runtime import Runtime
from bot.storage.people import SlackMatchRow
from bot.surfaces.command import Question, load_commands
from tests.coached_team import MORNING, Team, runtime_at
from tests.mirrored import Mirror, berlin

TODAY = date(2026, 3, 9)
#: (days since they began, days to their first deal or None, days until they left or None)
STARTED = ((100, 40, None), (95, 60, None), (90, 30, None), (60, None, None), (100, None, 20))


def began(mirror: Mirror, number: int, days: int, won: int | None, left: int | None) -> None:
    """A rep who began so many days ago, with a first deal and a last day after so many."""
    person, first = f"0050000000000{number:02d}AAA", TODAY - timedelta(days=days)
    mirror.person(person, f"New{number}", created_at=berlin(first, 9))
    if won is not None:
        deal = mirror.deal(berlin(first, 10), owner_id=person, stage_name="Proposal")
        day = first + timedelta(days=won)
        mirror.change(deal, berlin(day), stage_name="Closed Won", close_on=day)
    if left is not None:
        gone = berlin(first + timedelta(days=left), 18)
        mirror.person(person, f"New{number}", created_at=berlin(first, 9), is_active=False)
        mirror.write(
            "crm_user",
            id=person,
            name=f"New{number}",
            first_name=f"New{number}",
            email=f"new{number}@acme.example",
            title="Account Executive",
            is_active=False,
            manager_id="005000000000003AAA",
            time_zone="Europe/Berlin",
            created_at=berlin(first, 9),
            stamp=gone,
        )


@pytest.fixture
def runtime(sqlite: Engine) -> Runtime:
    mirror = Mirror(sqlite)
    mirror.deal(berlin(TODAY - timedelta(days=300)))
    for number, (days, won, left) in enumerate(STARTED, start=10):
        began(mirror, number, days, won, left)
    mirror.pulled(as_of=berlin(TODAY, 7))
    mirror.roll_up(MORNING)
    team = Team(mirror)
    team.match()
    team.add(
        SlackMatchRow(
            person_id="005000000000013AAA",
            slack_id="U0NEW13",
            matched_by="email",
            matched_at=MORNING,
        )
    )
    return runtime_at(MORNING, sqlite)


def asked(runtime: Runtime, by: str = "U0MARIA", words: str = "") -> ramp.Ramp:
    return ramp.ask(runtime, asker=SlackUserId(by), words=words)


def test_who_left_or_waits_counts_as_waiting_and_not_as_fast(runtime: Runtime) -> None:
    [cohort] = [each for each in asked(runtime).cohorts if each.title == "First deal won"]
    # At risk 5, one left after 20 days: at 30 three of four wait, at 40 two of four.
    assert [(step.days, step.waiting) for step in cohort.curve] == [
        (30, 0.75),
        (40, 0.5),
        (60, 0.25),
    ]
    assert replace(cohort, curve=()) == Cohort(
        role="Account executive, mid-market",
        title="First deal won",
        people=5,
        waiting=2,
        median=40,
        low=30,
        high=None,
    )


def hire(found: ramp.Ramp, name: str) -> NewHireOnRamp:
    [one] = [each for each in found.hires if each.rep == name]
    return one


def test_everybody_within_the_ramp_is_shown_with_what_is_fair_by_now(runtime: Runtime) -> None:
    found = asked(runtime)
    assert {each.rep for each in found.hires} == {"New10", "New11", "New12", "New13"}
    newest = hire(found, "New13")
    assert (newest.day, newest.month, newest.months) == (61, 2, 4)
    assert 0.25 < newest.fair_share < 0.5
    [deal] = [each for each in newest.milestones if each.title == "First deal won"]
    assert deal.took is None
    assert deal.others == pytest.approx(0.75)


def test_the_picture_of_one_person_has_them_on_the_curves_and_that_of_a_team_nobody(
    runtime: Runtime,
) -> None:
    found = asked(runtime, words="@New13")
    chart = ramp_chart(found.cohorts, hire(found, "New13"))
    assert chart is not None
    labels = [curve.label for curve in chart.curves]
    [mark] = [each for each in chart.marks if labels[each.curve] == "First deal won"]
    assert (mark.at, mark.has_happened) == (60, False)
    alt = pictures_of(runtime, "/ramp", "@New13")
    assert "New13: " in alt
    assert "First deal won not yet after 60 days" in alt
    for words in ((), ("@New13", "share")):
        assert "New1" not in pictures_of(runtime, "/ramp", *words)


def pictures_of(runtime: Runtime, command: str, *words: str) -> str:
    question = Question(asker=SlackUserId("U0MARIA"), words=words, channel="C0SALES")
    message = load_commands()[command].answer(question, runtime).message
    return " ".join(picture.alt for picture in message.pictures.values())


def test_whoever_began_before_the_records_has_no_firsts_that_anybody_saw(
    runtime: Runtime,
) -> None:
    [kim] = asked(runtime, words="Kim").hires
    assert not kim.is_seen
    assert kim.milestones == ()


def test_a_rep_sees_their_own_ramp_and_nobody_elses(runtime: Runtime) -> None:
    found = asked(runtime, by="U0NEW13")
    assert [each.rep for each in found.hires] == ["New13"]
    assert found.is_own
    with pytest.raises(NotAllowed, match="your own numbers"):
        asked(runtime, by="U0NEW13", words="New10")


def test_whoever_is_mentioned_and_is_not_ones_own_is_not_told_by_a_code(runtime: Runtime) -> None:
    with pytest.raises(NotAllowed) as refused:
        asked(runtime, words="<@U0NOBODY|nobody>")
    assert refused.value.message == "Whom you mention is not one of those who report to you."
