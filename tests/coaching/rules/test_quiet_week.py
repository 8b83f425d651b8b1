from dataclasses import replace

import pytest

from bot.coaching.example import KIM
from bot.coaching.rules.quiet_week import RULE
from bot.domain.nudge import Proposal, Tone


def said_about(*activities_newest_first: int) -> list[Proposal]:
    return list(RULE.notice(replace(KIM, activities_by_working_day=activities_newest_first)))


def test_three_silent_days_of_an_active_rep_are_asked_about() -> None:
    [proposal] = said_about(0, 0, 0, 4, 5, 3, 6, 4, 5, 4)
    assert (proposal.view["silent_days"], proposal.view["usual"]) == (3, 4.4)
    assert proposal.tone is Tone.NEUTRAL
    assert proposal.because["Usual activities a working day"] == "4.4"


def test_the_whole_silence_is_counted_and_does_not_lower_what_is_usual() -> None:
    [proposal] = said_about(0, 0, 0, 0, 0, 4, 4, 4, 4, 4)
    assert (proposal.view["silent_days"], proposal.view["usual"]) == (5, 4.0)


@pytest.mark.parametrize(
    "activities",
    [
        pytest.param((), id="nothing-known"),
        pytest.param((0, 0, 5, 4, 5, 6, 4, 5, 4, 5), id="two-silent-days"),
        pytest.param((1, 0, 0, 0, 5, 6, 4, 5, 4, 5), id="active-yesterday"),
        pytest.param((0,) * 10, id="never-active"),
        pytest.param((0, 0, 0, 5, 5), id="too-few-days-to-know-what-is-usual"),
        pytest.param((0, 0, 0, 1, 0, 1, 1, 1, 1, 1), id="silence-is-not-odd-at-this-pace"),
    ],
)
def test_the_rule_is_silent(activities: tuple[int, ...]) -> None:
    assert said_about(*activities) == []


def test_at_one_activity_a_day_three_silent_days_are_just_odd_enough() -> None:
    assert len(said_about(0, 0, 0, 1, 1, 1, 1, 1, 1, 1)) == 1


def test_a_rep_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(RULE.example, is_present=False))) == []
