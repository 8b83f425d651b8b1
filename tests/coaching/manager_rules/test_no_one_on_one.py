from dataclasses import replace

from bot.coaching.manager_example import MARIA, report
from bot.coaching.manager_rules.no_one_on_one import RULE


def test_who_waits_longest_is_named_first() -> None:
    [proposal] = RULE.notice(RULE.example)
    assert [each["first_name"] for each in proposal.view["waiting"]] == ["Ines", "Dana"]  # type: ignore[attr-defined]  # as the rule writes it


def test_ten_working_days_are_still_in_time() -> None:
    view = replace(MARIA, reports=(report(1, "Kim", days=10),))
    assert list(RULE.notice(view)) == []
    view = replace(MARIA, reports=(report(1, "Kim", days=11),))
    [proposal] = RULE.notice(view)
    assert proposal.view["count"] == 1


def test_whoever_is_away_today_is_left_out() -> None:
    view = replace(MARIA, reports=(report(1, "Kim", days=30, is_present=False),))
    assert list(RULE.notice(view)) == []


def test_more_than_three_are_counted_and_not_named() -> None:
    view = replace(MARIA, reports=tuple(report(n, f"Rep{n}", days=20 + n) for n in range(1, 6)))
    [proposal] = RULE.notice(view)
    assert proposal.view["count"] == 5
    assert len(proposal.view["waiting"]) == 3  # type: ignore[arg-type]  # a list
