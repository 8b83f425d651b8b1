from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import KIM, MONDAY
from bot.coaching.programme_example import kim_on_day
from bot.coaching.rules.programme_week import RULE
from bot.domain.progress import Standing


def test_a_monday_says_what_is_done_what_is_due_and_one_thing_to_do() -> None:
    [proposal] = RULE.notice(kim_on_day(23))
    assert proposal.view["done"] == 1
    assert proposal.view["due"] == ["First discovery call"]
    assert proposal.view["next"] == "First discovery call"
    assert proposal.is_of_programme


def test_what_is_due_next_week_waits_for_its_own_monday() -> None:
    [proposal] = RULE.notice(kim_on_day(14))
    assert proposal.view["due"] == []


def test_a_week_that_begins_with_a_holiday_has_its_note_on_the_second_day_and_but_one() -> None:
    monday = kim_on_day(23)
    [one] = RULE.notice(monday)
    [other] = RULE.notice(replace(monday, today=MONDAY + timedelta(days=1)))
    assert one.dedupe_key == other.dedupe_key
    assert list(RULE.notice(replace(monday, today=MONDAY + timedelta(days=2)))) == []


def test_nobody_else_has_such_weeks() -> None:
    assert list(RULE.notice(KIM)) == []
    assert list(RULE.notice(replace(kim_on_day(23), is_present=False))) == []
    # Long over, whatever is still open.
    assert list(RULE.notice(kim_on_day(106, call=Standing.BEHIND))) == []
