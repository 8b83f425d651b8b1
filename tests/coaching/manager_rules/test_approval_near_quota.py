from dataclasses import replace

from bot.coaching.manager_rules.approval_near_quota import RULE
from bot.domain.ids import RecordId


def test_two_are_named_the_rest_is_counted_and_a_new_one_is_news() -> None:
    [first] = RULE.example.approvals
    more = tuple(replace(first, record=RecordId(f"00600000000000{number}AAA")) for number in (2, 3))
    [one] = RULE.notice(RULE.example)
    [three] = RULE.notice(replace(RULE.example, approvals=(first, *more)))
    assert (three.view["count"], len(three.records)) == (3, 2)
    assert one.subject != three.subject


def test_it_says_what_is_missing_and_not_why_it_was_asked_for() -> None:
    [proposal] = RULE.notice(RULE.example)
    assert proposal.because["Missing to the quota"] == "12,000 USD"
    assert proposal.because["Asked for on"] == "2026-03-08"
