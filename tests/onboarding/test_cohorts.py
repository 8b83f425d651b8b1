"""/ramp cohort: curves with those who still wait, by version, quarter and source."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from syrupy.assertion import SnapshotAssertion

from bot.domain.errors import UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.people import WorkTerms
from bot.queries import ramp, ramp_cohorts
from bot.queries.cohort_chart import cohort_chart
from bot.queries.onboarding import first_deal_pace
from bot.queries.yardstick import read_yardstick
from bot.render.charts.draw import draw
from bot.runtime import Runtime
from bot.storage.database import reading, transaction
from bot.storage.hiring import ProspectRow
from bot.storage.people import LeaveRow
from bot.storage.programmes import ProgrammeStartRow
from bot.storage.roster import read_roster
from bot.surfaces.command import Question, answer, load_commands
from tests.coached_team import books
from tests.mirrored import MARIA as MARIA_ID
from tests.mirrored import berlin
from tests.office import accepted, texts_in
from tests.onboarding.new_hires import NewHires

TODAY = date(2026, 3, 9)
MARIA = SlackUserId("U0MARIA")
#: Days until the first deal, None for who waits still: under the old version, and the new one.
SLOW = (150, 140, None, 160, 120, None, 170)
FAST = (40, 55, 62, 48, 71, None, 50)
#: The new version is for starts from here on.
CHANGED = date(2025, 9, 1)


def versions() -> tuple[object, ...]:
    first = [each for each in books().programmes if each.role == "mid_market_ae"]
    second = [replace(each, version=2, starts_from=CHANGED) for each in first]
    return (*first, *second)


def begin(hires: NewHires, number: int, began: date, won: int | None) -> str:
    person = f"0050000000001{number:02d}AAA"
    hires.begins(person, f"New{number}", began)
    if won is not None:
        deal = hires.mirror.deal(berlin(began, 10), owner_id=person, stage_name="Proposal")
        day = began + timedelta(days=won)
        hires.mirror.change(deal, berlin(day), stage_name="Closed Won", close_on=day)
    return person


def planted(database: Engine, slow: Sequence[int | None], fast: Sequence[int | None]) -> Runtime:
    hires = NewHires(database)
    hires.mirror.deal(berlin(date(2025, 2, 3)))
    for number, won in enumerate(slow):
        begin(hires, number, date(2025, 3, 3) + timedelta(weeks=number), won)
    for number, won in enumerate(fast, start=len(slow)):
        begin(hires, number, CHANGED + timedelta(weeks=number - len(slow)), won)
    return hires.pull(TODAY, programmes=versions())


def asked(runtime: Runtime, words: str = "") -> ramp_cohorts.Cohorts:
    return ramp_cohorts.ask(runtime, asker=MARIA, words=words.split())


def said(runtime: Runtime, *words: str, by: SlackUserId = MARIA) -> str:
    question = Question(asker=by, words=words, channel="C0SALES")
    message = answer(load_commands()["/ramp"], question, runtime).message
    accepted([message])
    return "\n".join(texts_in(list(message.blocks)))


def test_a_version_that_helped_is_found_and_said_carefully(
    sqlite: Engine, snapshot: SnapshotAssertion
) -> None:
    runtime = planted(sqlite, SLOW, FAST)
    [role] = asked(runtime).roles
    now, before = role.groups
    assert (now.label, now.people, now.waiting, now.median) == ("Version 2", 7, 1, 55)
    assert (before.label, before.people, before.waiting) == ("Version 1", 7, 2)
    assert role.comparison is not None
    assert role.comparison.verdict == "faster"
    assert role.comparison.pace is None or role.comparison.pace.low > 1
    with reading(sqlite) as session:
        roster = read_roster(session, runtime.organisation)
        yardstick = read_yardstick(session, runtime, roster)
        role_key = books().programmes[2].role
        told = first_deal_pace(session, runtime, roster, yardstick, role_key, TODAY)
    assert told.now is not None
    assert (told.verdict, told.now.median) == ("faster", 55)
    assert said(runtime, "cohort") == snapshot


def test_versions_that_differ_by_no_more_than_luck_are_not_told_apart(sqlite: Engine) -> None:
    alike = (60, 90, None, 75, 110, 66)
    [role] = asked(planted(sqlite, alike, tuple(reversed(alike)))).roles
    assert role.comparison is not None
    assert role.comparison.verdict == "not told"
    assert role.comparison.events_wanted == 66


def test_too_few_hires_say_so_and_what_would_be_needed(sqlite: Engine) -> None:
    runtime = planted(sqlite, SLOW, FAST[:3])
    [role] = asked(runtime).roles
    assert role.too_few == (("Version 2", 3),)
    assert role.comparison is not None
    assert (role.comparison.verdict, role.comparison.lacks) == ("too few", 2)
    question = Question(asker=MARIA, words=("cohort",), channel="C0SALES")
    words = " ".join(
        texts_in(list(answer(load_commands()["/ramp"], question, runtime).message.blocks))
    )
    assert "2 more starts would be needed" in words


def test_a_median_that_is_not_reached_gives_way_to_the_mean_of_a_shared_span(
    sqlite: Engine,
) -> None:
    [role] = asked(planted(sqlite, (None, None, None, 100, None), FAST)).roles
    [_, before] = role.groups
    assert before.median is None
    assert before.mean is not None
    assert 100 < before.mean.mean < before.mean.horizon


def test_the_picture_has_words_for_whoever_cannot_see_it(sqlite: Engine) -> None:
    chart = cohort_chart(asked(planted(sqlite, SLOW, FAST)))
    assert chart is not None
    alt = draw(chart).alt
    assert "Version 2 (7)" in alt
    assert "half by 55" in alt


def test_hire_quarters_and_sources_have_curves_of_their_own(sqlite: Engine) -> None:
    runtime = planted(sqlite, SLOW, FAST)
    quarters = asked(runtime, "by quarter").roles[0]
    assert [(group.label, group.people) for group in quarters.groups] == [
        ("Hired in the quarter from Jul 1, 2025", 5),
        ("Hired in the quarter from Jan 1, 2025", 5),
    ]
    assert [people for _, people in quarters.too_few] == [2, 2]
    assert quarters.comparison is None
    terms = {
        f"new{number}@acme.example": WorkTerms(source="referral" if number % 2 else None)
        for number in range(14)
    }
    organisation = replace(runtime.organisation, people=terms)
    sources = asked(replace(runtime, organisation=organisation), "by source").roles[0]
    assert {group.label: group.people for group in sources.groups} == {
        "Referral": 7,
        "Source unknown": 7,
    }


def test_whoever_came_from_the_bench_has_the_source_that_the_bench_says(sqlite: Engine) -> None:
    runtime = planted(sqlite, SLOW, FAST)
    with transaction(sqlite) as session:
        starts = session.exec(select(ProgrammeStartRow.rep_id)).all()
        for rep in starts[:6]:
            session.add(
                ProspectRow(
                    role="smb_ae",
                    source="event",
                    state="hired",
                    added_on=date(2025, 1, 2),
                    last_touch_on=date(2025, 1, 2),
                    person_id=rep,
                    hired_on=date(2025, 1, 2),
                )
            )
    sources = asked(runtime, "by source").roles[0]
    assert {group.label: group.people for group in sources.groups} == {
        "Event or community": 6,
        "Source unknown": 8,
    }


def test_leave_stops_the_clock(sqlite: Engine) -> None:
    hires = NewHires(sqlite)
    hires.mirror.deal(berlin(date(2025, 2, 3)))
    people = [begin(hires, number, date(2025, 9, 1), 60) for number in range(5)]
    with transaction(sqlite) as session:
        session.add(
            LeaveRow(
                person_id=people[0],
                first_day=date(2025, 9, 8),
                last_day=date(2025, 9, 21),
                source="csv",
            )
        )
    runtime = hires.pull(TODAY)
    [role] = asked(runtime).roles
    assert [step.days for step in role.groups[0].curve] == [46, 60]


def test_nobody_is_named_and_anybody_may_ask(sqlite: Engine) -> None:
    runtime = planted(sqlite, SLOW, FAST)
    shared = said(runtime, "cohort", "share", by=SlackUserId("U0KIM"))
    assert "7 people" in shared
    assert not any(f"New{number}" in shared for number in range(14))


def test_whoever_leads_managers_sees_the_cohorts_and_the_new_hires_of_all_teams(
    sqlite: Engine,
) -> None:
    hires, boss, abel = NewHires(sqlite), "005000000000099AAA", "005000000000098AAA"
    hires.mirror.deal(berlin(date(2025, 2, 3)))
    hires.begins(boss, "Helena", date(2024, 1, 8), title="VP Sales", manager_id=None)
    hires.mirror.person(MARIA_ID, "Maria", manager_id=boss)
    hires.mirror.person(abel, "Abel", title="Sales Manager", manager_id=boss)
    hires.mirror.person("005000000000097AAA", "Zed", manager_id=abel)
    for number, won in enumerate(SLOW[:5]):
        begin(hires, number, TODAY - timedelta(days=60 + number), won and 30)
    runtime = hires.pull(TODAY)
    helena = SlackUserId("U0HELENA")
    [role] = ramp_cohorts.ask(runtime, asker=helena, words=()).roles
    assert [(group.label, group.people) for group in role.groups] == [("Version 1", 5)]
    found = ramp.ask(runtime, asker=helena, words="")
    assert {hire.rep for hire in found.hires} == {f"New{number}" for number in range(5)}
    # What is signed off is between a new hire and their own manager.
    assert "Sign off" in said(runtime)
    assert "Sign off" not in said(runtime, by=helena)


def test_a_role_that_there_is_not_is_told_kindly(sqlite: Engine) -> None:
    runtime = planted(sqlite, (), ())
    assert asked(runtime).roles == ()
    with pytest.raises(UnclearWords, match="astronaut"):
        asked(runtime, "astronaut")
    assert asked(runtime, "smb ae by quarter").by == "quarter"
