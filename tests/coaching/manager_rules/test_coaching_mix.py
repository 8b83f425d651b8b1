from dataclasses import replace

from bot.coaching.manager_example import MARIA, report
from bot.coaching.manager_rules.coaching_mix import RULE
from bot.coaching.rep_view import Touch


def test_what_an_even_hand_would_deal_is_no_news() -> None:
    # Two of four reps at the ends have six of ten 1:1s: more than half, and mere chance.
    view = replace(
        MARIA,
        reports=(
            report(1, "Kim", talks=2),
            report(2, "Sam", talks=2),
            report(3, "Bo", talks=3, touch=Touch.LIGHT),
            report(4, "Dana", talks=3, touch=Touch.SIMPLE),
        ),
    )
    assert list(RULE.notice(view)) == []


def test_few_talks_say_nothing() -> None:
    few = tuple(replace(each, talks=each.talks // 4) for each in RULE.example.reports)
    assert list(RULE.notice(replace(RULE.example, reports=few))) == []


def test_the_share_of_either_end_is_told_in_counts() -> None:
    [proposal] = RULE.notice(RULE.example)
    assert (proposal.view["at_ends"], proposal.view["talks"]) == (15, 18)
