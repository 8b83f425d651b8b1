from dataclasses import replace

from bot.coaching.manager_rules.hire_behind import RULE
from bot.coaching.manager_view import HireBehind


def behind(name: str, days: int) -> HireBehind:
    return HireBehind(first_name=name, milestone="Pitch", working_days=days, is_managers=False)


def test_all_who_are_behind_are_one_nudge_and_the_furthest_comes_first() -> None:
    view = replace(RULE.example, hires_behind=(behind("Omar", 4), behind("Lena", 6)))
    [said] = RULE.notice(view)
    assert str(said.view["hires"]).index("Lena") < str(said.view["hires"]).index("Omar")
    assert said.view["count"] == 2


def test_two_days_are_no_delay_that_a_manager_hears_of() -> None:
    assert not list(RULE.notice(replace(RULE.example, hires_behind=(behind("Lena", 2),))))


def test_a_manager_who_is_away_is_left_alone() -> None:
    assert not list(RULE.notice(replace(RULE.example, is_present=False)))
