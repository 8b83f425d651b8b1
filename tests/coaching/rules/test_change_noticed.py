from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.changes import NEWS_FOR_DAYS
from bot.coaching.example import CALLS_FELL, KIM, MEETINGS_ROSE, MONDAY
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
    assert (proposal.view["seen"], proposal.view["usual"], proposal.view["weeks"]) == (11, 34, 2)
    assert proposal.because["Calls completed"] == "11 in 2 weeks"


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
