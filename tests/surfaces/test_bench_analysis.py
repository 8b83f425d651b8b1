"""What past hires teach, from the rows of the database to the words of the answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlmodel import Session

from bot.domain.errors import NotAllowed
from bot.domain.hiring import HiringPolicy
from bot.domain.ids import RoleKey
from bot.queries.hiring import read_hiring_counts
from bot.queries.hiring_analysis import ask
from bot.queries.hiring_report import report
from bot.runtime import Runtime
from bot.storage.database import reading, transaction
from bot.storage.hiring import InterviewRow, ProspectRow, ScoreRow
from bot.storage.mirror.user import CrmUserRow
from bot.storage.roster import read_roster
from tests.hired import KIM, MARIA, TODAY, given_interview, given_prospect, given_scores
from tests.office import asked
from tests.slack_world import CRM_IDS

HIRES = 36
DAY = timedelta(days=1)


def given_hires(runtime: Runtime, many: int = HIRES, *, seed: int = 4) -> None:
    """Referred people, and those who take feedback, have their first deal sooner."""
    rng = np.random.default_rng(seed)
    with transaction(runtime.database) as session:
        for number in range(many):
            strength = float(rng.normal())
            is_referred = number % 2 == 0
            began = TODAY - timedelta(days=600 + number)
            days = int(np.exp(np.log(50 if is_referred else 115) - 0.6 * strength))
            person = f"00500000000{100 + number}AAAA"
            _write_user(session, runtime, person, number)
            row = ProspectRow(
                role="mid_market_ae",
                source="referral" if is_referred else "job_board",
                state="hired",
                added_on=began - 60 * DAY,
                last_touch_on=began,
                person_id=person,
                hired_on=began,
                first_deal_on=began + days * DAY,
            )
            session.add(row)
            session.flush()
            for who, habit in (("kim", 0.0), ("sam", -0.8)):
                _write_scores(session, rng, row, CRM_IDS[who], strength, habit, began)


def _write_user(session: Session, runtime: Runtime, person: str, number: int) -> None:
    now = runtime.clock.now()
    session.add(
        CrmUserRow(
            id=person,
            name=f"Hire {number}",
            first_name="Hire",
            email=f"hire{number}@acme.example",
            title="Account Executive",
            is_active=True,
            time_zone="Europe/Berlin",
            manager_id=CRM_IDS["maria"],
            created_at=now - timedelta(days=600 + number),
            stamp=now,
        )
    )


def _write_scores(
    session: Session,
    rng: np.random.Generator,
    prospect: ProspectRow,
    interviewer: str,
    strength: float,
    habit: float,
    began: date,
) -> None:
    at = prospect.added_on
    interview = InterviewRow(
        prospect_id=prospect.id or 0,
        interviewer_id=interviewer,
        held_on=at,
        planned_at=_instant(at),
        scored_at=_instant(began),
    )
    session.add(interview)
    session.flush()
    for competency, sight in (("coachability", 1.0), ("curiosity", 0.0), ("drive", 0.0)):
        mark = 3.2 + sight * strength + 0.5 * float(rng.normal()) + habit
        session.add(
            ScoreRow(
                interview_id=interview.id or 0,
                competency=competency,
                score=int(np.clip(round(mark), 1, 5)),
            )
        )


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_what_was_planted_is_said_and_what_was_not_is_left_open(office: Runtime) -> None:
    given_hires(office)
    found = ask(office, asker=MARIA)
    told = {(line.title, line.goes_with) for line in found.found}
    assert ("Coachability", "an earlier first deal") in told
    assert ("Source referral", "an earlier first deal") in told
    assert "Curiosity" in found.untold
    assert "Drive" in found.untold
    sources = {line.title: line for line in found.sources}
    referral, board = sources["Referral"].median, sources["Job board"].median
    assert referral is not None
    assert board is not None
    assert 30 < referral < 75
    assert 85 < board < 160
    said = asked(office, "/bench analysis", by="maria")
    assert "Coachability goes with an earlier first deal" in said
    assert "Going together is not causing" in said


def test_how_somebody_scores_is_for_them_and_their_manager(office: Runtime) -> None:
    given_hires(office)
    lines = {line.name: line for line in ask(office, asker=MARIA).interviewers}
    assert lines["Sam Reyes"].points is not None
    assert not lines["Sam Reyes"].gives_more
    assert lines["Kim Berg"].gives_more
    said = asked(office, "/bench analysis", by="maria")
    assert "less than others gave the same people" in said
    policy = HiringPolicy(managers={RoleKey("mid_market_ae"): frozenset({"kim@acme.example"})})
    organisation = replace(office.organisation, hiring=policy)
    by_kim = ask(replace(office, organisation=organisation), asker=KIM)
    assert [line.name for line in by_kim.interviewers] == ["Kim Berg"]


def test_everybody_sees_how_they_score_themselves(office: Runtime) -> None:
    assert "too few to say how you score" in asked(office, "/interview calibration", by="sam")
    given_hires(office)
    said = asked(office, "/interview calibration", by="sam")
    assert "points less than others do to the same people" in said
    assert "read the anchors aloud" in said
    assert "Kim" not in said


def test_from_few_hires_nothing_is_concluded_and_it_says_how_many_it_would_take(
    office: Runtime,
) -> None:
    given_hires(office, many=5)
    found = ask(office, asker=MARIA)
    assert (found.is_too_little, found.found, found.untold) == (True, (), ())
    said = asked(office, "/bench analysis", by="maria")
    assert "5 hires with scores: too few to conclude anything" in said
    assert "about 85" in said
    assert any("and not before" in line for line in report(office, None))


def test_who_does_not_hire_is_told_nothing(office: Runtime) -> None:
    given_hires(office)
    with pytest.raises(NotAllowed, match="those who hire"):
        ask(office, asker=KIM)
    with pytest.raises(NotAllowed):
        asked(office, "/bench analysis mid_market_ae", by="sam")


def test_the_command_line_names_no_interviewer(office: Runtime) -> None:
    given_hires(office)
    lines = list(report(office, "mid_market_ae"))
    assert any("Coachability" in line and "more than chance" in line for line in lines)
    assert not any("Kim" in line or "Sam" in line for line in lines)


def test_counts_of_hiring_for_those_who_ask_about_a_manager(office: Runtime) -> None:
    given_hires(office, many=3)
    dana = given_prospect(office)
    given_scores(office, given_interview(office, dana), curiosity=3)
    given_interview(office, dana, by="sam", on=TODAY - timedelta(days=45))
    with reading(office.database) as session:
        roster = read_roster(session, office.organisation)
        [maria] = [each for each in roster.managers.values() if each.first_name == "Maria"]
        counts = read_hiring_counts(session, office, roster, maria, today=TODAY)
    assert (counts.interviews_in_30_days, counts.interviews_in_90_days) == (1, 2)
    assert (counts.without_slot_in_30_days, counts.without_slot_in_90_days) == (1, 2)
    assert (counts.independent_share, counts.scored_share) == (1.0, 0.5)
    assert counts.hires_by_source == {"referral": 2, "job_board": 1}
    [bench] = counts.benches
    assert (bench.on_bench, bench.target) == (1, 2)
