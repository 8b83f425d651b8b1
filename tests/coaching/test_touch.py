"""Little to those who do well, one simple thing at a time to those who find their feet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.coaching.example import ACME, KIM
from bot.coaching.judge import History, judge
from bot.coaching.opportunities import batch
from bot.coaching.policy import Policy
from bot.coaching.rep_view import Touch
from bot.coaching.touch import FEWEST_PEERS, touches
from bot.domain.ids import RecordId, RepId, RuleKey
from bot.domain.nudge import Hold, HoldReason, Proposal, Send, Tone, Verdict

TUESDAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
HABIT = Proposal(
    rule=RuleKey("focus_of_the_week"),
    to=RepId("kim"),
    about=RepId("kim"),
    subject="habit",
    priority=0.6,
    tone=Tone.NEUTRAL,
)
PRAISE = replace(HABIT, rule=RuleKey("kudos"), subject="praise", tone=Tone.POSITIVE)
BIG_DEAL = replace(
    HABIT,
    rule=RuleKey("past_due_close_date"),
    subject="big",
    tone=Tone.WARNING,
    records=(RecordId("006"),),
    priority=0.25,
)
SMALL_DEAL = replace(BIG_DEAL, subject="small", priority=0.24)
LEAD = replace(HABIT, subject="lead", is_urgent=True)
LIGHT = History(zone=ZoneInfo("UTC"), today=TUESDAY, touch=Touch.LIGHT)
SIMPLE = replace(LIGHT, touch=Touch.SIMPLE)
ROOMY = Policy(nudges_per_day=5, nudges_per_week=5)


def verdict(
    *proposals: Proposal,
    history: History,
    policy: Policy = ROOMY,
) -> dict[str, Verdict]:
    found = judge(
        proposals, policy=policy, history=history, cooldown_days={}, now=NOON, draw=lambda _: 0.9
    )
    return {each.proposal.subject: each.verdict for each in found}


@pytest.mark.parametrize("proposal", [PRAISE, BIG_DEAL, LEAD], ids=lambda each: each.subject)
def test_who_does_well_hears_praise_big_deals_and_what_is_urgent(proposal: Proposal) -> None:
    assert verdict(proposal, history=LIGHT) == {proposal.subject: Send()}


@pytest.mark.parametrize("proposal", [HABIT, SMALL_DEAL], ids=lambda each: each.subject)
def test_who_does_well_is_spared_the_rest_and_the_reason_is_kept(proposal: Proposal) -> None:
    assert verdict(proposal, history=LIGHT) == {proposal.subject: Hold(HoldReason.LIGHT_TOUCH)}
    usual = replace(LIGHT, touch=Touch.USUAL)
    assert verdict(proposal, history=usual) == {proposal.subject: Send()}


def test_who_does_well_hears_one_thing_a_week() -> None:
    found = verdict(PRAISE, BIG_DEAL, history=LIGHT)
    assert found == {"praise": Send(), "big": Hold(HoldReason.WEEKLY_CAP)}
    told = replace(LIGHT, sent_this_week=1)
    assert verdict(PRAISE, history=told) == {"praise": Hold(HoldReason.WEEKLY_CAP)}


def test_who_finds_their_feet_hears_one_thing_at_a_time() -> None:
    found = verdict(HABIT, BIG_DEAL, LEAD, history=SIMPLE)
    assert found == {"habit": Send(), "big": Hold(HoldReason.ONE_AT_A_TIME), "lead": Send()}


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(1, Hold(HoldReason.ONE_AT_A_TIME)), (2, Hold(HoldReason.ONE_AT_A_TIME)), (3, Send())],
)
def test_the_next_waits_while_the_last_is_open(days_ago: int, expected: Verdict) -> None:
    history = replace(SIMPLE, open_since=TUESDAY - timedelta(days=days_ago))
    assert verdict(HABIT, history=history) == {"habit": expected}
    assert verdict(LEAD, history=history) == {"lead": Send()}
    assert verdict(HABIT, history=replace(history, touch=Touch.USUAL)) == {"habit": Send()}


def test_who_finds_their_feet_hears_fewer_a_week() -> None:
    told = replace(SIMPLE, sent_this_week=2)
    assert verdict(HABIT, history=told) == {"habit": Hold(HoldReason.WEEKLY_CAP)}
    assert verdict(HABIT, history=replace(told, touch=Touch.USUAL)) == {"habit": Send()}


def test_a_light_touch_never_allows_more_than_the_usual_cap() -> None:
    silent = Policy(nudges_per_week=0)
    for history in (LIGHT, SIMPLE):
        assert verdict(PRAISE, history=history, policy=silent) == {
            "praise": Hold(HoldReason.WEEKLY_CAP)
        }


def test_the_simplest_form_names_one_deal() -> None:
    deals = [ACME, replace(ACME, id=RecordId("2")), replace(ACME, id=RecordId("3"))]
    usual, simple = batch(KIM, deals), batch(replace(KIM, touch=Touch.SIMPLE), deals)
    assert (len(list(usual["deals"])), usual["more"]) == (3, 0)  # type: ignore[call-overload]  # a list
    assert (len(list(simple["deals"])), simple["more"]) == (1, 2)  # type: ignore[call-overload]  # a list
    assert simple["count"] == 3


def outcomes(*values: float | None) -> dict[RepId, float | None]:
    return {RepId(str(n)): value for n, value in enumerate(values)}


def test_the_quarters_of_a_role_are_told_apart() -> None:
    found = touches(outcomes(10, 20, 30, 40, 50, 60, 70, 80, None))
    assert [str(found[RepId(str(n))]) for n in range(9)] == [
        "simple",
        "simple",
        "usual",
        "usual",
        "usual",
        "usual",
        "light",
        "light",
        "usual",
    ]


def test_equals_are_treated_alike_and_few_peers_as_usual() -> None:
    assert set(touches(outcomes(*[5.0] * 9)).values()) == {Touch.USUAL}
    few = outcomes(*range(FEWEST_PEERS - 1))
    assert set(touches(few).values()) == {Touch.USUAL}
