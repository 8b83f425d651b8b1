from dataclasses import replace

from bot.coaching.example import ACME, MONDAY, kim_with
from bot.coaching.rep_view import OpenOpportunity
from bot.coaching.rules.serial_pushes import RULE
from bot.domain.ids import RecordId
from bot.domain.nudge import Proposal


def said_about(*deals: OpenOpportunity) -> list[Proposal]:
    return list(RULE.notice(kim_with(*deals)))


def test_three_pushes_are_a_pattern_and_two_are_not() -> None:
    assert said_about(replace(ACME, pushes=2)) == []
    [proposal] = said_about(replace(ACME, pushes=3))
    assert (proposal.subject, proposal.records) == (ACME.id, (ACME.id,))
    assert proposal.because["Times the close date moved to a later month"] == "3"


def test_every_pushed_deal_is_a_subject_of_its_own() -> None:
    other = replace(ACME, id=RecordId("other"), pushes=4, amount_cents=1_000_00)
    found = said_about(other, replace(ACME, pushes=3))
    assert [proposal.subject for proposal in found] == [ACME.id, "other"]


def test_more_pushes_are_said_sooner() -> None:
    [few], [many] = said_about(replace(ACME, pushes=3)), said_about(replace(ACME, pushes=6))
    assert many.priority > few.priority


def test_a_snoozed_deal_is_left_out() -> None:
    assert said_about(replace(ACME, pushes=5, snoozed_until=MONDAY)) == []


def test_a_rep_who_is_away_is_left_alone() -> None:
    view = replace(kim_with(replace(ACME, pushes=5)), is_present=False)
    assert list(RULE.notice(view)) == []
