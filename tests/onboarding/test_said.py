"""What a new hire and their manager are told, through the judge, the outbox and the digest."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.coaching.policy import Policy
from bot.domain.nudge import HoldReason
from bot.flows.coach import coach
from bot.flows.digest import digest
from bot.storage.database import transaction
from bot.storage.decisions import DecisionRow
from bot.storage.people import LeaveRow
from tests.office import texts_in
from tests.onboarding.new_hires import LEE, TODAY, NewHires, working_days_before

DAY = timedelta(days=1)
PROGRAMME = ("programme_week", "milestone_due", "milestone_reached")


@pytest.fixture
def hires(sqlite: Engine) -> NewHires:
    return NewHires(sqlite, is_coached=True)


def decided(hires: NewHires) -> dict[str, tuple[str, str | None]]:
    """(verdict, reason) of what was decided about Lee, by rule; the last one of each."""
    row = DecisionRow
    with Session(hires.database) as session:
        found = session.exec(select(row).where(col(row.to_id) == LEE).order_by(col(row.id)))
        return {each.rule: (each.verdict, each.reason) for each in found}


def test_the_first_days_belong_to_the_programme_and_no_lot_withholds_it(hires: NewHires) -> None:
    hires.begins(LEE, "Lee", working_days_before(TODAY, 4))
    policy = Policy(holdout_share=0.99)
    coach(replace(hires.pull(), policy=policy))
    said = decided(hires)
    assert said["programme_week"][0] in {"send", "defer"}
    # Due today, and enough was said for one day.
    assert said["milestone_due"] == ("hold", str(HoldReason.DAILY_CAP))
    others = {rule: reason for rule, (_, reason) in said.items() if rule not in PROGRAMME}
    assert set(others.values()) <= {str(HoldReason.SETTLING_IN)}


def test_the_week_is_said_once_a_week(hires: NewHires) -> None:
    hires.begins(LEE, "Lee", working_days_before(TODAY, 4))
    coach(hires.pull())
    coach(hires.pull(TODAY + DAY))
    assert decided(hires)["programme_week"][1] in {
        str(HoldReason.COOLING_DOWN),
        str(HoldReason.ONE_AT_A_TIME),
    }


def test_who_is_on_leave_hears_nothing(hires: NewHires) -> None:
    hires.begins(LEE, "Lee", working_days_before(TODAY, 4))
    with transaction(hires.database) as session:
        session.add(LeaveRow(person_id=LEE, first_day=TODAY, last_day=TODAY, source="csv"))
    coach(hires.pull())
    assert not set(decided(hires)) & set(PROGRAMME)


def test_a_milestone_that_the_crm_shows_is_celebrated_in_private(hires: NewHires) -> None:
    hires.begins(LEE, "Lee", working_days_before(TODAY, 24))
    hires.meets(LEE, TODAY - 3 * DAY)
    # A Wednesday: no note of the week takes its place.
    wednesday = TODAY + 2 * DAY
    coach(hires.pull(wednesday))
    assert decided(hires)["milestone_reached"][0] in {"send", "defer"}
    lines = digest(hires.at(wednesday), None, is_dry=True).lines
    by_audience = {line.audience: "\n".join(texts_in(list(line.message.blocks))) for line in lines}
    assert "Lee" not in by_audience["channel"]


def test_the_digest_says_who_is_behind_on_what_and_whom_to_thank(hires: NewHires) -> None:
    hires.begins(LEE, "Lee", working_days_before(TODAY, 30))
    hires.begins("005000000000022AAA", "Noa", working_days_before(TODAY, 24))
    hires.meets("005000000000022AAA", TODAY - 4 * DAY)
    hires.pull()
    lines = digest(hires.at(), None, is_dry=True).lines
    [manager] = [line.message for line in lines if line.audience == "manager"]
    words = "\n".join(texts_in(list(manager.blocks)))
    assert "*On a programme:* 1 of 2 on track" in words
    assert "Lee is 6 working days behind on “First discovery call”" in words
    assert "Noa, “First discovery call” on working day" in words
    [channel] = [line.message for line in lines if line.audience == "channel"]
    assert "programme" not in str(channel.blocks)


def test_what_waits_for_the_manager_comes_with_its_button(hires: NewHires) -> None:
    began = working_days_before(TODAY, 17)
    hires.begins(LEE, "Lee", began)
    hires.pull(began)
    lines = digest(hires.at(), None, is_dry=True).lines
    [manager] = [line.message for line in lines if line.audience == "manager"]
    assert "Yours to sign off: *Pitch certified*, Lee" in str(manager.blocks)
    assert "milestone.reached" in str(manager.blocks)


def test_a_day_counts_from_the_first_one(hires: NewHires) -> None:
    hires.begins(LEE, "Lee", TODAY)
    hires.pull()
    assert hires.progress()[LEE].day == 1
    assert hires.progress(date(2026, 3, 15))[LEE].day == 5
