from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.example import ACME, MONDAY, kim_with
from bot.coaching.rep_view import OpenOpportunity
from bot.coaching.rules.past_due_close_date import RULE
from bot.domain.ids import RecordId
from bot.domain.nudge import Proposal, Tone

LATE = replace(ACME, closes_on=date(2026, 2, 27))


def said_about(*deals: OpenOpportunity) -> list[Proposal]:
    return list(RULE.notice(kim_with(*deals)))


def test_all_late_deals_become_one_nudge_that_names_the_three_with_most_at_stake() -> None:
    deals = [
        replace(LATE, id=RecordId(f"deal {n}"), name=f"Deal {n}", amount_cents=n * 10_000_00)
        for n in range(1, 6)
    ]
    [proposal] = said_about(ACME, *deals)
    assert proposal.subject == "pipeline"
    assert proposal.tone is Tone.NEUTRAL
    assert proposal.records == ("deal 5", "deal 4", "deal 3")
    assert [deal["name"] for deal in proposal.view["deals"]] == ["Deal 5", "Deal 4", "Deal 3"]  # type: ignore[attr-defined]  # the rule's own view
    assert (proposal.view["count"], proposal.view["more"]) == (5, 2)


def test_the_numbers_behind_it_are_how_many_and_since_when() -> None:
    [proposal] = said_about(LATE, replace(LATE, closes_on=date(2026, 1, 30)))
    assert proposal.because["Open deals with a past close date"] == "2"
    assert proposal.because["Oldest close date"] == "Fri 30 Jan 2026"


def test_more_money_at_stake_is_said_first() -> None:
    [small], [big] = said_about(replace(LATE, amount_cents=1_000_00)), said_about(LATE)
    assert big.priority > small.priority


def test_a_deal_that_closes_today_is_not_late() -> None:
    assert said_about(replace(LATE, closes_on=MONDAY)) == []
    assert said_about(replace(LATE, closes_on=MONDAY - timedelta(days=1))) != []


@pytest.mark.parametrize(
    ("until", "speaks"),
    [
        pytest.param(MONDAY, False, id="snoozed-until-today"),
        pytest.param(MONDAY - timedelta(days=1), True, id="snooze-is-over"),
    ],
)
def test_a_snoozed_deal_is_left_out(until: date, speaks: bool) -> None:  # noqa: FBT001 -- a case of the table
    assert bool(said_about(replace(LATE, snoozed_until=until))) is speaks


def test_a_rep_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(kim_with(LATE), is_present=False))) == []
