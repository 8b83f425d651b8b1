from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.example import ACME, MONDAY, kim_with
from bot.coaching.rep_view import OpenOpportunity
from bot.coaching.rules.no_next_step import RULE
from bot.domain.ids import RecordId
from bot.domain.nudge import Proposal

ADRIFT = replace(ACME, next_activity_on=None)
YESTERDAY = MONDAY - timedelta(days=1)


def said_about(*deals: OpenOpportunity) -> list[Proposal]:
    return list(RULE.notice(kim_with(*deals)))


def test_deals_with_nothing_planned_become_one_nudge() -> None:
    [proposal] = said_about(ACME, ADRIFT, replace(ADRIFT, next_activity_on=YESTERDAY))
    assert proposal.subject == "pipeline"
    assert proposal.because["Open deals without a dated next step"] == "2 of 3"


def test_written_words_without_a_date_are_no_dated_step() -> None:
    assert len(said_about(replace(ADRIFT, next_step="Call back some time"))) == 1


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param(replace(ADRIFT, next_activity_on=MONDAY), id="planned-for-today"),
        pytest.param(replace(ADRIFT, created_on=MONDAY), id="created-today"),
        pytest.param(replace(ADRIFT, snoozed_until=MONDAY), id="snoozed"),
    ],
)
def test_the_rule_is_silent_about_a_deal(deal: OpenOpportunity) -> None:
    assert said_about(deal) == []


def test_the_grace_is_over_on_the_second_day() -> None:
    assert len(said_about(replace(ADRIFT, created_on=YESTERDAY))) == 1


def test_a_rep_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(kim_with(ADRIFT), is_present=False))) == []


def test_a_deal_touched_yesterday_is_less_adrift_than_one_left_alone() -> None:
    deal = next(deal for deal in RULE.example.opportunities if deal.next_activity_on is None)
    fresh, idle = (
        next(iter(RULE.notice(kim_with(replace(deal, working_days_untouched=days)))))
        for days in (0, 9)
    )
    assert fresh.priority < idle.priority / 5


def test_the_riskiest_deal_is_named_first() -> None:
    deal = next(deal for deal in RULE.example.opportunities if deal.next_activity_on is None)
    idle = replace(deal, id=RecordId("006000000000003AAA"), working_days_untouched=9)
    [proposal] = RULE.notice(kim_with(deal, idle))
    assert proposal.records[0] == idle.id
