"""Interviews scored alone: nobody reads another's scores before their own are in."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from slack_bolt import App
from sqlmodel import Session, select

from bot.domain.errors import NotAllowed
from bot.flows.deliver import deliver
from bot.flows.forget_prospects import forget_prospect
from bot.flows.interview import Entry, save_draft, score_interview
from bot.queries.interviews import ask_debrief
from bot.runtime import Runtime
from bot.storage.drafts import DraftRow
from bot.storage.hiring import ScoreRow
from integrations.sandbox.clock import SandboxClock
from tests.hired import (
    KIM,
    MARIA,
    SAM,
    TODAY,
    given_interview,
    given_prospect,
    given_scores,
    interview_of,
)
from tests.office import answers, asked
from tests.slack_world import SlackWorld, wait_until

GOOD = {"score_coachability": "5", "evidence_coachability": "Tried it again, twice"}


def test_two_score_alone_and_read_each_other_afterwards(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    dana = given_prospect(office)
    given_interview(office, dana, by="kim")
    second = given_interview(office, dana, by="sam")
    given_scores(office, second, by="sam", coachability=2)
    message = answers(slack, "/interview", person="kim")
    assert "Dana Ortiz" in str(message.blocks)
    slack.sandbox.press("kim", message, "interview.score")
    form = wait_until(lambda: slack.sandbox.modal_of("kim"))
    assert "Seeks out the feedback" in str(form.content)
    assert "Sam" not in str(form.content)
    assert slack.sandbox.submit_view("kim", GOOD).is_acknowledged
    wait_until(lambda: "Handed in" in str(slack.sandbox.modal_of("kim")))
    slack.sandbox.close_view("kim", everything=True)
    message = answers(slack, "/interview", person="kim")
    slack.sandbox.press("kim", message, "interview.debrief")
    shown = str(wait_until(lambda: slack.sandbox.modal_of("kim")).content)
    assert "2: Sam Reyes" in shown
    assert "5: Kim Berg, “Tried it again, twice”" in shown


@pytest.mark.parametrize("words", ["5: Sam", "Clever", "coach"])
def test_before_ones_own_is_in_nothing_of_the_others_shows(office: Runtime, words: str) -> None:
    dana = given_prospect(office)
    given_interview(office, dana, by="kim")
    second = given_interview(office, dana, by="sam")
    given_scores(office, second, by="sam", evidence={"coachability": "Clever"}, coachability=5)
    found = ask_debrief(office, asker=KIM, prospect=dana)
    assert (found.is_open, found.competencies) == (False, ())
    assert words not in str(found)
    assert words not in asked(office, "/interview", by="kim")
    assert ask_debrief(office, asker=SAM, prospect=dana).is_open


def test_who_hires_and_met_nobody_reads_once_all_are_in(office: Runtime) -> None:
    dana = given_prospect(office)
    first = given_interview(office, dana, by="kim")
    second = given_interview(office, dana, by="sam")
    given_scores(office, first, by="kim", curiosity=4)
    waiting = ask_debrief(office, asker=MARIA, prospect=dana)
    assert (waiting.is_open, waiting.scored, waiting.interviews) == (False, 1, 2)
    given_scores(office, second, by="sam", curiosity=3)
    assert ask_debrief(office, asker=MARIA, prospect=dana).is_open


def test_who_neither_hires_nor_meets_them_reads_nothing(office: Runtime) -> None:
    dana = given_prospect(office)
    first = given_interview(office, dana, by="kim")
    given_scores(office, first, by="kim", curiosity=4)
    with pytest.raises(NotAllowed, match="those who hire"):
        ask_debrief(office, asker=SAM, prospect=dana)
    with pytest.raises(NotAllowed, match="somebody else's"):
        score_interview(office, by=SAM, interview=first, entry=Entry(scores={"curiosity": 1}))


def test_scores_that_are_in_stay_as_they_are(office: Runtime) -> None:
    first = given_interview(office, given_prospect(office), by="kim")
    given_scores(office, first, by="kim", curiosity=4)
    given_scores(office, first, by="kim", curiosity=2, drive=3)
    with Session(office.database) as session:
        assert [(row.competency, row.score) for row in session.exec(select(ScoreRow))] == [
            ("curiosity", 4)
        ]


def test_nothing_is_kept_of_somebody_who_was_erased_while_the_form_was_open(
    office: Runtime,
) -> None:
    dana = given_prospect(office)
    interview = given_interview(office, dana, by="kim")
    forget_prospect(office, by=MARIA, prospect=dana)
    words = {"drive": "Dana told of her mother"}
    save_draft(office, by=KIM, interview=interview, entered={"evidence_drive": words["drive"]})
    with pytest.raises(NotAllowed, match="erased meanwhile"):
        score_interview(
            office, by=KIM, interview=interview, entry=Entry(scores={"drive": 5}, evidence=words)
        )
    with Session(office.database) as session:
        assert session.exec(select(ScoreRow)).all() == []
        assert session.exec(select(DraftRow)).all() == []


def test_what_the_scorecard_lost_since_the_form_was_opened_is_left_out(office: Runtime) -> None:
    interview = given_interview(office, given_prospect(office), by="kim")
    found = score_interview(
        office, by=KIM, interview=interview, entry=Entry(scores={"long_gone": 4})
    )
    assert "Score at least one competency." in found.values()
    given_scores(office, interview, by="kim", long_gone=4, drive=3)
    with Session(office.database) as session:
        assert [row.competency for row in session.exec(select(ScoreRow))] == ["drive"]


def test_a_score_after_reading_those_of_others_does_not_count_as_independent(
    office: Runtime, clock: SandboxClock
) -> None:
    dana = given_prospect(office)
    first = given_interview(office, dana, by="kim")
    given_scores(office, first, by="kim", curiosity=4)
    clock.wind(timedelta(hours=1))
    late = given_interview(office, dana, by="maria")
    given_scores(office, late, by="maria", curiosity=4)
    assert interview_of(office, first).is_independent is True
    assert interview_of(office, late).is_independent is False


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({}, "score_coachability"),
        ({"score_curiosity": "5"}, "evidence_curiosity"),
        ({"score_curiosity": "1", "evidence_curiosity": "  "}, "evidence_curiosity"),
        ({"evidence_drive": "Ran the numbers"}, "score_drive"),
    ],
)
def test_mistakes_in_a_scorecard_stand_at_their_field_and_nothing_is_lost(
    office: Runtime,
    office_bot: App,
    slack: SlackWorld,
    entered: dict[str, str],
    field: str,
) -> None:
    _ = office_bot
    given_interview(office, given_prospect(office), by="kim")
    message = answers(slack, "/interview", person="kim")
    slack.sandbox.press("kim", message, "interview.score")
    wait_until(lambda: slack.sandbox.modal_of("kim"))
    assert list(slack.sandbox.submit_view("kim", entered).errors) == [field]
    with Session(office.database) as session:
        assert list(session.exec(select(ScoreRow))) == []


def test_a_scorecard_that_was_begun_comes_back(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_interview(office, given_prospect(office), by="kim")
    message = answers(slack, "/interview", person="kim")
    slack.sandbox.press("kim", message, "interview.score")
    wait_until(lambda: slack.sandbox.modal_of("kim"))
    slack.sandbox.submit_view("kim", {"evidence_drive": "Knew every number"})
    slack.sandbox.close_view("kim")
    slack.sandbox.press("kim", message, "interview.score")
    again = wait_until(lambda: slack.sandbox.modal_of("kim"))
    assert "Knew every number" in str(again.content)
    whole = {"score_drive": "3", "evidence_drive": "Knew every number"}
    assert slack.sandbox.submit_view("kim", whole).is_acknowledged
    with Session(office.database) as session:
        assert list(session.exec(select(DraftRow))) == []


def test_an_interview_to_come_shows_what_to_ask_and_takes_no_scores(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    ahead = given_interview(office, given_prospect(office), on=date(2026, 11, 27))
    message = answers(slack, "/interview", person="kim")
    slack.sandbox.press("kim", message, "interview.score")
    form = wait_until(lambda: slack.sandbox.modal_of("kim"))
    assert "What to ask" in str(form.content)
    assert "submit" not in form.content
    mistakes = score_interview(
        office, by=KIM, interview=ahead, entry=Entry(scores={"curiosity": 3})
    )
    assert mistakes == {
        "score_coachability": "The interview is still to come; score it afterwards."
    }


def test_the_interviewer_is_told_once_and_without_a_name(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_interview(office, given_prospect(office), on=TODAY + timedelta(days=2))
    deliver(office, slack.messenger)
    [told] = wait_until(lambda: slack.sandbox.direct_messages_to("kim"))
    assert "Maria asks you to meet a prospect on Thu 26 Nov" in told.text
    assert "Dana" not in str(told.blocks)
    slack.sandbox.press("kim", told, "interview.score")
    assert "Dana Ortiz" in str(wait_until(lambda: slack.sandbox.modal_of("kim")).content)


def test_a_role_that_lost_its_scorecard_breaks_nothing(office: Runtime) -> None:
    given_interview(office, given_prospect(office), by="kim")
    assert "No interview waits for you" in asked(replace(office, scorecards={}), "/interview")
