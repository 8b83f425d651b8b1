"""/nudges: why it was said, what was not said, and quiet hours of one's own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt import App
from sqlmodel import Session, col, select

from bot.domain.errors import UnclearWords
from bot.domain.nudge import HoldReason
from bot.flows.coach import coach
from bot.runtime import Runtime
from bot.storage.decisions import DecisionRow
from bot.storage.people import QuietHoursRow
from integrations.sandbox.clock import SandboxClock
from tests.office import answers, asked
from tests.slack_world import CRM_IDS, SlackWorld, given_nudge


@pytest.mark.parametrize("words", ["why", "why did you say that", "Why did you say that?"])
def test_why_explains_the_last_thing_that_was_said(
    office: Runtime, office_bot: App, slack: SlackWorld, words: str
) -> None:
    _ = office_bot
    given_nudge(office, rule="no_activity")
    given_nudge(office)
    text = str(answers(slack, f"/nudges {words}", person="kim").blocks)
    assert "close date in the past" in text
    assert "Decided Tue 24 Nov, 09:12" in text


def test_why_with_nothing_said_is_no_riddle(office: Runtime) -> None:
    assert "I have said nothing to you" in asked(office, "/nudges why")


@pytest.mark.parametrize("words", ["held", "what have you not told me?"])
def test_what_was_not_told_is_told_with_its_words_but_for_what_is_measured(
    office: Runtime, words: str
) -> None:
    given_nudge(office, rule="no_activity", held=HoldReason.DAILY_CAP)
    given_nudge(office, rule="past_due_close_date", held=HoldReason.HOLDOUT)
    text = asked(office, f"/nudges {words}")
    assert "enough was said today" in text
    assert "been quiet for" in text
    assert "withheld on purpose" in text
    assert "close date in the past" not in text
    assert "been quiet for" not in asked(office, f"/nudges {words}", by="sam")


def deferred_until(runtime: Runtime, person: str) -> set[datetime | None]:
    row = DecisionRow
    with Session(runtime.database) as session:
        wanted = select(row).where(col(row.to_id) == CRM_IDS[person], col(row.verdict) != "hold")
        return {each.defer_until for each in session.exec(wanted)}


def test_ones_own_quiet_hours_are_kept(office: Runtime, clock: SandboxClock) -> None:
    assert "nothing from 16:00 to 10:00" in asked(office, "/nudges quiet 4pm to 10am")
    assert "as you asked" in asked(office, "/nudges")
    coach(office)
    assert deferred_until(office, "kim") == {datetime(2026, 11, 24, 9, 0, tzinfo=UTC)}
    assert "team's again" in asked(office, "/nudges quiet off")
    clock.wind(timedelta(days=8))
    coach(office)
    assert None in deferred_until(office, "kim")


@pytest.mark.parametrize(
    ("words", "asked_back"),
    [
        ("/nudges pause", "Until which day?"),
        ("/nudges off", "Until which day?"),
        ("/nudges mute", "Which kind?"),
        ("/ooo cancel", "Which days?"),
    ],
)
def test_what_was_left_out_is_asked_for(office: Runtime, words: str, asked_back: str) -> None:
    with pytest.raises(UnclearWords, match=re.escape(asked_back)) as refused:
        asked(office, words)
    assert refused.value.hint


def test_off_and_on_are_understood_too(office: Runtime) -> None:
    assert "paused until the end of Fri 27 Nov" in asked(office, "/nudges off friday")
    assert "Nudges are on." in asked(office, "/nudges on")


@pytest.mark.parametrize(
    "words", ["", "now", "9:00-17:00", "25:00-9:00", "13pm to 9am", "17-16:30"]
)
def test_hours_that_cannot_be_meant_are_refused_with_an_example(
    office: Runtime, words: str
) -> None:
    with pytest.raises(UnclearWords) as refused:
        asked(office, f"/nudges quiet {words}")
    assert "17:00-9:30" in refused.value.hint
    with Session(office.database) as session:
        assert session.exec(select(QuietHoursRow)).all() == []
