import pytest

from bot.coaching.example import KIM
from bot.coaching.programme_example import kim_on_day
from bot.coaching.rules.milestone_due import RULE
from bot.domain.progress import Standing


@pytest.mark.parametrize(
    ("day", "standing", "left"),
    [(22, Standing.OPEN, 3), (25, Standing.DUE, 0), (28, Standing.BEHIND, -3)],
)
def test_three_days_before_on_the_day_and_three_after(
    day: int, standing: Standing, left: int
) -> None:
    [proposal] = RULE.notice(kim_on_day(day, call=standing))
    assert proposal.view["left"] == left
    assert proposal.view["milestone"] == "First discovery call"


@pytest.mark.parametrize("day", [20, 23, 24, 26, 27, 29, 40])
def test_on_other_days_nothing_is_said(day: int) -> None:
    assert list(RULE.notice(kim_on_day(day))) == []


def test_what_is_reached_or_waits_for_something_else_is_left_alone() -> None:
    assert list(RULE.notice(kim_on_day(25, call=Standing.REACHED))) == []
    assert list(RULE.notice(kim_on_day(82))) == []
    assert list(RULE.notice(KIM)) == []
