from dataclasses import replace

from bot.coaching.manager_rules.praise_missing import RULE
from bot.coaching.manager_view import Said


def test_one_word_of_praise_is_balance_enough() -> None:
    assert list(RULE.notice(replace(RULE.example, said=Said(praise=1, warnings=9)))) == []


def test_two_warnings_are_no_pattern() -> None:
    assert list(RULE.notice(replace(RULE.example, said=Said(warnings=2)))) == []
