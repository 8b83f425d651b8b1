from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_rules.commitment_due import RULE


def test_due_today_is_due_and_tomorrow_is_not() -> None:
    [promise] = RULE.example.promises
    today = replace(promise, due_on=MONDAY)
    [proposal] = RULE.notice(replace(RULE.example, promises=(today,)))
    assert proposal.view["count"] == 1
    tomorrow = replace(promise, due_on=MONDAY + timedelta(days=1))
    assert list(RULE.notice(replace(RULE.example, promises=(tomorrow,)))) == []


def test_a_newly_due_one_is_another_subject() -> None:
    [promise] = RULE.example.promises
    newer = replace(promise, due_on=MONDAY)
    [one] = RULE.notice(RULE.example)
    [two] = RULE.notice(replace(RULE.example, promises=(promise, newer)))
    assert one.subject != two.subject
