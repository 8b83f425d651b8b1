"""Changes of one metric never contradict each other, and nothing that falls is praised."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.changes import fallen, of_one_mind
from bot.coaching.example import CALLS_FELL, KIM, MEETINGS_HELD, MEETINGS_ROSE, by_metric, gap_of
from bot.coaching.rep_view import NoticedChange
from bot.coaching.rules import improvement, kudos

ROSE = replace(CALLS_FELL, kind="improvement", direction="up")
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        pytest.param((CALLS_FELL, replace(ROSE, week=ROSE.week - WEEK)), "sudden", id="fell-last"),
        pytest.param((CALLS_FELL, replace(ROSE, week=ROSE.week + WEEK)), "improvement", id="rose"),
        pytest.param((ROSE, CALLS_FELL), "sudden", id="as-new"),
        pytest.param(
            (replace(CALLS_FELL, tier="noted"), replace(ROSE, week=ROSE.week - WEEK)),
            "improvement",
            id="what-is-only-noted-does-not-count",
        ),
    ],
)
def test_only_the_newest_way_of_a_metric_is_told(
    changes: tuple[NoticedChange, ...], kept: str
) -> None:
    [told] = [each for each in of_one_mind(changes) if each.tier != "noted"]
    assert told.kind == kept


def test_doubts_and_other_metrics_stay() -> None:
    doubt = replace(CALLS_FELL, kind="trust")
    changes = (CALLS_FELL, doubt, MEETINGS_ROSE)
    assert of_one_mind(changes) == changes
    assert fallen(replace(KIM, changes=changes)) == {CALLS_FELL.metric}


def test_what_fell_is_not_praised_for_standing_high() -> None:
    view = replace(KIM, gaps=by_metric(gap_of(40)), changes=())
    assert list(kudos.RULE.notice(view))
    fell = replace(CALLS_FELL, metric=MEETINGS_HELD.key)
    assert list(kudos.RULE.notice(replace(view, changes=(fell,)))) == []
    rose_before = replace(ROSE, metric=MEETINGS_HELD.key, week=ROSE.week - WEEK)
    told = replace(view, changes=of_one_mind((fell, rose_before)))
    assert list(improvement.RULE.notice(told)) == []
