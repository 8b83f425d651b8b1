"""/ooo: days off by command, for oneself and for those one answers for."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, col, select

from bot.domain.errors import CoachingError, NotAllowed, UnclearWords, UnknownPerson
from bot.domain.ids import SlackUserId
from bot.runtime import Runtime
from bot.storage.people import LeaveRow
from bot.surfaces.command import Question, load_commands
from bot.surfaces.command import answer as answer_command
from tests.slack_world import CRM_IDS, SlackWorld, given_people
from tests.surfaces.test_commands import typed

DEC = [date(2026, 12, day) for day in range(1, 32)]


def said(runtime: Runtime, line: str, *, person: str = "kim") -> str:
    """The answer to a line, names written as Slack sends them."""
    for name in CRM_IDS:
        line = line.replace(f"@{name}", f"<@U0{name.upper()}|{name}>")
    question = Question(
        asker=SlackUserId(f"U0{person.upper()}"), words=tuple(line.split()), channel=""
    )
    reply = answer_command(load_commands()["/ooo"], question, runtime)
    assert not reply.is_shared
    return f"{reply.message.text} {reply.message.blocks}"


def on_record(runtime: Runtime, person: str = "kim") -> list[tuple[date, date, str]]:
    row = LeaveRow
    with Session(runtime.database) as session:
        wanted = select(row).where(col(row.person_id) == CRM_IDS[person])
        found = session.exec(wanted.order_by(col(row.first_day)))
        return [(each.first_day, each.last_day, each.source) for each in found]


@pytest.mark.usefixtures("bot")
def test_days_off_are_entered_and_shown_in_slack(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    text = typed(slack, "/ooo 24 dec - 2 jan")
    assert "Noted: Thu 24 Dec to Sat 2 Jan off" in text
    assert "7 working days" in text
    assert on_record(runtime) == [(date(2026, 12, 24), date(2027, 1, 2), "command")]
    assert "entered here" in typed(slack, "/ooo list")


def test_what_is_entered_twice_stands_once(runtime: Runtime) -> None:
    given_people(runtime)
    said(runtime, "7 dec - 11 dec")
    assert "on record already" in said(runtime, "8 dec")
    assert len(on_record(runtime)) == 1


def test_a_day_taken_back_leaves_the_days_around_it(runtime: Runtime) -> None:
    given_people(runtime)
    said(runtime, "7 dec - 11 dec")
    assert "Taken back: Wed 9 Dec" in said(runtime, "cancel 9 dec")
    assert on_record(runtime) == [(DEC[6], DEC[7], "command"), (DEC[9], DEC[10], "command")]
    assert "Nothing was on record" in said(runtime, "cancel 9 dec")


def test_what_the_calendar_says_is_changed_in_the_calendar(runtime: Runtime) -> None:
    given_people(runtime)
    with Session(runtime.database) as session:
        entry = LeaveRow(
            person_id=CRM_IDS["kim"], first_day=DEC[6], last_day=DEC[6], source="calendar"
        )
        session.add(entry)
        session.commit()
    assert "change it there" in said(runtime, "cancel 7 dec")
    assert "from the calendar" in said(runtime, "list")


def test_a_manager_enters_days_for_their_own_report_who_sees_by_whom(runtime: Runtime) -> None:
    given_people(runtime)
    assert "Kim" in said(runtime, "@kim 7 dec", person="maria")
    assert on_record(runtime) == [(DEC[6], DEC[6], "command")]
    assert on_record(runtime, "maria") == []
    assert "by Maria Lopez" in said(runtime, "list")
    said(runtime, "cancel 7 dec @kim", person="maria")
    assert on_record(runtime) == []


@pytest.mark.parametrize("line", ["@sam 7 dec", "list @sam", "cancel 7 dec @sam", "@maria 7 dec"])
def test_nobody_sees_or_enters_the_days_of_a_colleague(runtime: Runtime, line: str) -> None:
    given_people(runtime)
    with pytest.raises(NotAllowed):
        said(runtime, line, person="kim")
    assert on_record(runtime, "sam") == []


def test_an_admin_enters_days_for_everybody(runtime: Runtime) -> None:
    given_people(runtime)
    admins = frozenset({"sam@acme.example"})
    powerful = replace(runtime, organisation=replace(runtime.organisation, admins=admins))
    said(powerful, "@maria 7 dec", person="sam")
    assert on_record(runtime, "maria") == [(DEC[6], DEC[6], "command")]


@pytest.mark.parametrize("line", ["someday", "cancel", "@nobody 7 dec", "@kim @sam 7 dec", "7 foo"])
def test_odd_words_are_answered_with_a_hint_and_leave_no_trace(runtime: Runtime, line: str) -> None:
    given_people(runtime)
    with pytest.raises(UnclearWords) as refused:
        said(runtime, line, person="maria")
    assert isinstance(refused.value, CoachingError)
    assert refused.value.hint
    assert on_record(runtime) == []


def test_without_words_it_shows_what_is_on_record(runtime: Runtime) -> None:
    given_people(runtime)
    assert "None on record" in said(runtime, "")
    said(runtime, "today")
    assert "1 working day" in said(runtime, "")


def test_somebody_whom_the_crm_does_not_know_has_no_days(runtime: Runtime) -> None:
    given_people(runtime)
    with pytest.raises(UnknownPerson, match="do not know them"):
        said(runtime, "<@U0STRANGER|stranger> 7 dec", person="maria")
