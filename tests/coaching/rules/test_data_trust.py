from dataclasses import replace

from bot.coaching.doubts import KINDS, Doubt
from bot.coaching.example import CALLS_DOUBTED, CALLS_FELL, KIM
from bot.coaching.rep_view import NoticedChange
from bot.coaching.rules import change_noticed
from bot.coaching.rules.data_trust import RULE
from bot.domain.nudge import Proposal, Tone
from bot.render.environment import Renderer
from tests.coaching.test_rules import MOST_WORDS, words_of_prose


def said_about(*changes: NoticedChange, is_present: bool = True) -> list[Proposal]:
    return list(RULE.notice(replace(KIM, changes=changes, is_present=is_present)))


def test_a_rise_that_leads_to_nothing_is_a_question_to_the_rep() -> None:
    [proposal] = said_about(CALLS_DOUBTED)
    assert proposal.tone is Tone.NEUTRAL
    assert proposal.to == proposal.about == KIM.rep
    assert proposal.view["leads_to"] == "Conversations"
    assert (proposal.view["yielded"], proposal.view["hoped"]) == (9, 31)


def test_a_log_in_doubt_goes_before_a_warning_that_rests_on_it() -> None:
    [doubt] = said_about(CALLS_DOUBTED)
    [warning] = change_noticed.RULE.notice(replace(KIM, changes=(CALLS_FELL,)))
    assert doubt.priority > warning.priority


def test_a_fall_is_no_doubt_about_records() -> None:
    assert said_about(CALLS_FELL) == []


def test_who_is_away_is_left_alone() -> None:
    assert said_about(CALLS_DOUBTED, is_present=False) == []


def test_doubtful_records_are_asked_about_with_their_number_and_a_step() -> None:
    for kind in KINDS:
        doubt = Doubt(metric=kind.metric, count=1234, of=5678)
        [proposal] = RULE.notice(replace(KIM, doubts=(doubt,)))
        assert (proposal.tone, proposal.subject) == (Tone.NEUTRAL, kind.metric)
        message = Renderer().render(RULE.template, {**proposal.view, "nudge": "17"})
        words = str(message.blocks)
        assert f"1234 of 5678 {kind.words}" in words
        assert kind.next_step in words
        assert words_of_prose(message) <= MOST_WORDS


def test_one_question_about_records_at_a_time() -> None:
    doubts = [Doubt(metric=kind.metric, count=30, of=40) for kind in KINDS]
    assert len(list(RULE.notice(replace(KIM, doubts=tuple(doubts))))) == 1
    [proposal] = RULE.notice(replace(KIM, doubts=tuple(doubts), changes=(CALLS_DOUBTED,)))
    assert proposal.subject == CALLS_DOUBTED.metric
