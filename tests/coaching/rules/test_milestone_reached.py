from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import KIM
from bot.coaching.programme_example import kim_on_day
from bot.coaching.rules.milestone_reached import RULE
from bot.domain.nudge import Tone
from bot.domain.progress import Standing


def test_a_milestone_of_this_week_is_worth_a_word() -> None:
    [proposal] = RULE.notice(kim_on_day(25, call=Standing.REACHED))
    assert proposal.subject == "first_discovery_call"
    assert proposal.tone is Tone.POSITIVE
    assert proposal.to == proposal.about


def test_older_news_is_no_news_and_what_a_person_signed_was_answered_then() -> None:
    view = kim_on_day(25, call=Standing.REACHED)
    assert list(RULE.notice(replace(view, today=view.today + timedelta(days=8)))) == []
    # The pitch is reached as well, yet the manager who signed it has said so.
    assert len(list(RULE.notice(view))) == 1
    assert list(RULE.notice(KIM)) == []
