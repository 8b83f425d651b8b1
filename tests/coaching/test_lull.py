from dataclasses import replace

from bot.coaching.example import KIM
from bot.coaching.lull import Lull, find_lull, is_silent_together
from bot.coaching.rep_view import RepView

USUAL = (5, 4, 5, 4, 5, 5, 4, 5, 4, 5)
AT_A_CONFERENCE = (1, 2, 0, 1, 1, 5, 4, 5, 4, 5)
SILENT = (0, 0, 0, 0, 0, 5, 4, 5, 4, 5)


def team(*members: tuple[int, ...]) -> list[RepView]:
    return [replace(KIM, activities_by_working_day=days) for days in members]


def test_a_team_that_did_far_less_than_the_week_before_is_in_a_lull() -> None:
    assert find_lull(team(*[AT_A_CONFERENCE] * 4)) == Lull(lately=20, before=92)


def test_a_usual_week_is_no_lull() -> None:
    assert find_lull(team(*[USUAL] * 4)) is None


def test_one_silent_member_makes_no_lull_of_the_team() -> None:
    assert find_lull(team(SILENT, USUAL, USUAL, USUAL)) is None
    assert not is_silent_together(team(SILENT, USUAL, USUAL, USUAL))


def test_half_a_team_without_a_word_is_silent_together() -> None:
    assert is_silent_together(team(SILENT, SILENT, USUAL, USUAL))


def test_who_is_away_counts_for_neither() -> None:
    away = [replace(view, is_present=False) for view in team(*[AT_A_CONFERENCE] * 4)]
    assert find_lull(away) is None
    assert not is_silent_together(away)


def test_too_little_before_tells_nothing() -> None:
    few = (0, 0, 0, 0, 0, 1, 1, 1, 1, 1)
    assert find_lull(team(few, few)) is None
