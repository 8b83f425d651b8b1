from dataclasses import replace

from bot.coaching.manager_example import MARIA
from bot.coaching.manager_rules.scorecard_missing import RULE
from bot.coaching.manager_view import HiringFacts

[MISSING] = RULE.example.hiring.missing if RULE.example.hiring else ()


def test_ones_own_missing_scorecard_comes_first_and_the_rest_is_counted() -> None:
    own = replace(MISSING, interview=9, is_own=True)
    facts = HiringFacts(missing=(MISSING, replace(MISSING, interview=8), own))
    [proposal] = RULE.notice(replace(MARIA, hiring=facts))
    assert proposal.subject == "interview:9"
    assert (proposal.view["count"], proposal.view["is_own"]) == (3, True)
    assert len(proposal.view["missing"]) == 2  # type: ignore[arg-type]  # a list of lines


def test_nothing_is_said_where_all_are_in_or_nobody_hires() -> None:
    assert list(RULE.notice(MARIA)) == []
    assert list(RULE.notice(replace(MARIA, hiring=None))) == []


def test_no_prospect_is_named_in_what_is_stored() -> None:
    [proposal] = RULE.notice(RULE.example)
    line = {"interviewer": "Kim Berg", "role": "Account executive", "held_on": "2026-03-05"}
    assert proposal.view["missing"] == [line]
