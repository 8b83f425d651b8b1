from dataclasses import replace

import pytest

from bot.coaching.example import ACME, MONDAY, kim_with
from bot.coaching.rep_view import OpenOpportunity, RoleNorms
from bot.coaching.rules.stuck_in_stage import RULE
from bot.domain.ids import RecordId
from bot.domain.nudge import Proposal

STUCK = replace(ACME, days_in_stage=15)


def said_about(*deals: OpenOpportunity, p80: float = 14.0) -> list[Proposal]:
    norms = RoleNorms(amount_median_cents=30_000_00, days_in_stage_p80={"Proposal": p80})
    return list(RULE.notice(replace(kim_with(*deals), norms=norms)))


def test_every_stuck_deal_is_a_subject_of_its_own() -> None:
    other = replace(STUCK, id=RecordId("other"), amount_cents=1_000_00)
    assert [proposal.subject for proposal in said_about(other, ACME, STUCK)] == [ACME.id, "other"]


def test_the_view_says_how_long_and_what_is_usual() -> None:
    [proposal] = said_about(STUCK)
    assert (proposal.view["days"], proposal.view["usual_days"]) == (15, 14)
    assert proposal.records == (ACME.id,)


def test_the_longer_it_stands_the_sooner_it_is_said_until_twice_the_usual() -> None:
    days = (15, 20, 28, 90)
    found = [said_about(replace(STUCK, days_in_stage=each))[0].priority for each in days]
    assert found[0] < found[1] < found[2] == found[3]


@pytest.mark.parametrize(
    ("days", "p80", "speaks"),
    [
        pytest.param(14, 14.0, False, id="as-long-as-four-of-five"),
        pytest.param(15, 14.0, True, id="a-day-longer"),
        pytest.param(7, 2.0, False, id="within-a-week-nobody-is-stuck"),
        pytest.param(8, 2.0, True, id="more-than-a-week-in-a-fast-role"),
    ],
)
def test_it_takes_longer_than_usual_and_than_a_week(days: int, p80: float, speaks: bool) -> None:  # noqa: FBT001 -- a case of the table
    assert bool(said_about(replace(STUCK, days_in_stage=days), p80=p80)) is speaks


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param(replace(STUCK, stage="Pilot"), id="nothing-known-about-the-stage"),
        pytest.param(replace(STUCK, snoozed_until=MONDAY), id="snoozed"),
    ],
)
def test_the_rule_is_silent_about_a_deal(deal: OpenOpportunity) -> None:
    assert said_about(deal) == []


def test_a_rep_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(kim_with(STUCK), is_present=False))) == []
