from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.changes import NEWS_FOR_DAYS
from bot.coaching.example import CALLS_DOUBTED, CALLS_FELL, KIM, LATE_ROSE, MEETINGS_ROSE, MONDAY
from bot.coaching.rep_view import NoticedChange
from bot.coaching.rules.change_noticed import RULE
from bot.domain.ids import MetricKey
from bot.domain.nudge import Proposal, Tone


def said_about(*changes: NoticedChange, is_present: bool = True) -> list[Proposal]:
    return list(RULE.notice(replace(KIM, changes=changes, is_present=is_present)))


def test_a_fall_is_said_with_what_was_seen_and_what_was_usual() -> None:
    [proposal] = said_about(CALLS_FELL)
    assert (proposal.subject, proposal.metric) == ("calls_completed", "calls_completed")
    assert proposal.tone is Tone.WARNING
    assert proposal.view["told"] == (
        "down to 11 in 2 weeks (16 February \N{EN DASH} 1 March), where about 34 was usual"
    )
    assert proposal.window == CALLS_FELL.window
    assert proposal.because["Calls completed"] == "11 in 2 weeks"


def test_a_metric_of_which_less_is_better_is_said_to_have_risen() -> None:
    [proposal] = said_about(LATE_ROSE)
    assert str(proposal.view["told"]).startswith("up to 15% (12 of 80) in 2 weeks")
    assert proposal.view["is_early"] is False
    assert proposal.because["Logged late"] == "15% (12 of 80) in 2 weeks"


def test_a_share_is_told_as_a_share_of_its_trials() -> None:
    fell = replace(CALLS_FELL, title="Connect rate", observed=15, expected=33, trials=297)
    [proposal] = said_about(fell)
    assert str(proposal.view["told"]).startswith("down to 5% (15 of 297) in 2 weeks")
    assert str(proposal.view["told"]).endswith("where about 11% was usual")


def test_a_lasting_level_is_held_against_the_range_and_not_the_past() -> None:
    low = replace(CALLS_FELL, kind="level", is_against_range=True, observed=30, expected=64)
    [proposal] = said_about(low)
    assert str(proposal.view["told"]).startswith("30 in 2 weeks")
    assert str(proposal.view["told"]).endswith("where 64 or more is the aim")
    [proposal] = said_about(replace(low, direction="up", observed=90))
    assert str(proposal.view["told"]).endswith("where 64 or less is the aim")


def test_no_probability_is_said_to_be_certain() -> None:
    [proposal] = said_about(replace(CALLS_FELL, posterior=0.99997))
    assert proposal.because["Probability that it is no chance"] == "more than 99%"


def test_while_records_are_in_doubt_a_share_that_they_dilute_is_no_warning() -> None:
    rate = replace(CALLS_FELL, metric=MetricKey("conversation_rate"), trials=297)
    assert said_about(CALLS_DOUBTED, rate) == []
    assert said_about(CALLS_DOUBTED, CALLS_FELL) == []
    meetings = replace(CALLS_FELL, metric=MetricKey("meetings_held"))
    assert len(said_about(CALLS_DOUBTED, meetings)) == 1


@pytest.mark.parametrize("kind", ["sudden", "drift", "level"])
def test_sudden_slow_and_steady_falls_are_all_said(kind: str) -> None:
    assert len(said_about(replace(CALLS_FELL, kind=kind))) == 1


@pytest.mark.parametrize("kind", ["improvement", "trust"])
def test_what_is_no_fall_is_left_to_other_rules(kind: str) -> None:
    assert said_about(replace(MEETINGS_ROSE, kind=kind)) == []


def test_of_two_falls_the_one_that_matters_more_is_the_only_one_said() -> None:
    other = replace(CALLS_FELL, metric=MetricKey("meetings_held"), leverage=0.2)
    [proposal] = said_about(CALLS_FELL, other)
    assert proposal.subject == "meetings_held"


def test_what_was_only_noted_interrupts_nobody() -> None:
    assert said_about(replace(CALLS_FELL, tier="noted")) == []


@pytest.mark.parametrize(("days", "speaks"), [(NEWS_FOR_DAYS, True), (NEWS_FOR_DAYS + 1, False)])
def test_old_news_is_not_said(days: int, speaks: bool) -> None:  # noqa: FBT001 -- a case of the table
    week = MONDAY - timedelta(days=days)
    assert bool(said_about(replace(CALLS_FELL, week=week))) is speaks


def test_who_is_away_is_left_alone() -> None:
    assert said_about(CALLS_FELL, is_present=False) == []


def test_who_has_not_changed_is_left_alone() -> None:
    assert said_about() == []
