from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.example import ACME, MONDAY, kim_with
from bot.coaching.rep_view import OpenOpportunity, RoleNorms
from bot.coaching.rules.no_activity import RULE
from bot.domain.ids import RecordId
from bot.domain.nudge import Proposal

QUIET = replace(ACME, working_days_untouched=10, next_activity_on=None)


def said_about(*deals: OpenOpportunity, norms: RoleNorms | None = None) -> list[Proposal]:
    view = kim_with(*deals)
    return list(RULE.notice(replace(view, norms=norms or view.norms)))


def test_quiet_deals_are_batched_and_three_are_named() -> None:
    deals = [replace(QUIET, id=RecordId(f"deal {n}")) for n in range(4)]
    [proposal] = said_about(*deals)
    assert len(proposal.records) == 3
    assert (proposal.subject, proposal.view["count"], proposal.view["more"]) == ("pipeline", 4, 1)


def test_the_numbers_behind_it_name_the_longest_silence() -> None:
    [proposal] = said_about(QUIET, replace(QUIET, working_days_untouched=31))
    assert proposal.because["Longest without activity"] == "31 working days"


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param(replace(QUIET, working_days_untouched=9), id="touched-nine-days-ago"),
        pytest.param(replace(QUIET, next_activity_on=MONDAY), id="something-planned-for-today"),
        pytest.param(replace(QUIET, stage_progress=0.49), id="early-stage"),
        pytest.param(replace(QUIET, amount_cents=29_999_99), id="below-the-median-amount"),
        pytest.param(replace(QUIET, amount_cents=None), id="amount-not-filled-in"),
        pytest.param(replace(QUIET, snoozed_until=MONDAY), id="snoozed"),
    ],
)
def test_the_rule_is_silent_about_a_deal(deal: OpenOpportunity) -> None:
    assert said_about(deal) == []


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param(replace(QUIET, stage_progress=0.5), id="halfway"),
        pytest.param(replace(QUIET, amount_cents=30_000_00), id="exactly-the-median-amount"),
        pytest.param(
            replace(QUIET, next_activity_on=MONDAY - timedelta(days=1)), id="overdue-is-no-plan"
        ),
    ],
)
def test_the_rule_speaks_from_the_boundary_on(deal: OpenOpportunity) -> None:
    assert len(said_about(deal)) == 1


def test_without_norms_the_amount_rules_nothing_out() -> None:
    assert len(said_about(replace(QUIET, amount_cents=None), norms=RoleNorms())) == 1


def test_a_rep_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(kim_with(QUIET), is_present=False))) == []


def test_the_longer_a_deal_is_quiet_the_sooner_it_is_said() -> None:
    deal = RULE.example.opportunities[0]
    short, long = (
        next(iter(RULE.notice(kim_with(replace(deal, working_days_untouched=days)))))
        for days in (10, 30)
    )
    assert long.priority > short.priority
