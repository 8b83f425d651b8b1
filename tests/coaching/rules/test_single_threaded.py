from dataclasses import replace

import pytest

from bot.coaching.example import ACME, MONDAY, kim_with
from bot.coaching.rep_view import OpenOpportunity, RoleNorms
from bot.coaching.rules.single_threaded import RULE
from bot.domain.nudge import Proposal

ALONE = replace(ACME, contacts_engaged=1)


def said_about(*deals: OpenOpportunity) -> list[Proposal]:
    return list(RULE.notice(kim_with(*deals)))


@pytest.mark.parametrize("engaged", [0, 1])
def test_a_big_late_deal_with_at_most_one_engaged_contact_is_noticed(engaged: int) -> None:
    [proposal] = said_about(replace(ALONE, contacts_engaged=engaged))
    assert (proposal.subject, proposal.records) == (ACME.id, (ACME.id,))
    assert proposal.because["Contacts met or talked to within 90 days"] == str(engaged)
    assert proposal.because["Amount"] == "48,000 USD"


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param(replace(ALONE, contacts_engaged=2), id="two-engaged"),
        pytest.param(replace(ALONE, stage_progress=0.49), id="early-stage"),
        pytest.param(replace(ALONE, amount_cents=44_999_99), id="below-the-upper-quarter"),
        pytest.param(replace(ALONE, amount_cents=None), id="amount-not-filled-in"),
        pytest.param(replace(ALONE, snoozed_until=MONDAY), id="snoozed"),
        pytest.param(replace(ALONE, is_person=True), id="a-person-and-no-company"),
    ],
)
def test_the_rule_is_silent_about_a_deal(deal: OpenOpportunity) -> None:
    assert said_about(deal) == []


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param(replace(ALONE, stage_progress=0.5), id="halfway"),
        pytest.param(replace(ALONE, amount_cents=45_000_00), id="exactly-the-upper-quarter"),
    ],
)
def test_the_rule_speaks_from_the_boundary_on(deal: OpenOpportunity) -> None:
    assert len(said_about(deal)) == 1


def test_contacts_with_a_role_but_no_conversation_do_not_count() -> None:
    assert len(said_about(replace(ALONE, contact_roles=6))) == 1


def test_without_norms_a_missing_amount_is_said_as_such() -> None:
    view = replace(kim_with(replace(ALONE, amount_cents=None)), norms=RoleNorms())
    [proposal] = RULE.notice(view)
    assert proposal.because["Amount"] == "not filled in"


def test_a_rep_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(kim_with(ALONE), is_present=False))) == []
