from dataclasses import replace

import pytest

from bot.coaching.example import KIM, MEETINGS_HELD, by_metric, gap_of
from bot.coaching.rep_view import RepView
from bot.coaching.rules.kudos import RULE
from bot.domain.gap import Gap
from bot.domain.ids import MetricKey
from bot.domain.metric import Valence
from bot.domain.nudge import Proposal, Tone

SHORT, ON_TARGET, BEYOND = gap_of(9, weeks_ago=4), gap_of(17), gap_of(30)
LATE_LOGGING = replace(
    MEETINGS_HELD, key=MetricKey("late_logging_share"), valence=Valence.LOWER, title="Late logging"
)


def said_about(*gaps: Gap, before: tuple[Gap, ...] = ()) -> list[Proposal]:
    return list(RULE.notice(kim(*gaps, before=before)))


def kim(*gaps: Gap, before: tuple[Gap, ...] = ()) -> RepView:
    return replace(KIM, gaps=by_metric(*gaps), gaps_before=by_metric(*before))


@pytest.mark.parametrize("now", [ON_TARGET, BEYOND], ids=["on-target", "beyond"])
def test_a_metric_that_left_the_short_side_is_praised_with_where_it_came_from(now: Gap) -> None:
    [proposal] = said_about(now, before=(SHORT,))
    assert (proposal.subject, proposal.metric) == ("meetings_held", "meetings_held")
    assert proposal.tone is Tone.POSITIVE
    assert proposal.view["before"] == {"value": 9, "weeks": 4}
    assert (
        proposal.because["Before"] == "9 over the last 4 weeks (13 January \N{EN DASH} 9 February)"
    )


def test_a_metric_far_beyond_on_many_facts_is_praised_without_a_past() -> None:
    [proposal] = said_about(BEYOND, before=(BEYOND,))
    assert proposal.view["before"] is None
    assert "Before" not in proposal.because


def test_improvement_is_praised_before_standing_out_and_only_one_is_praised() -> None:
    calls = replace(MEETINGS_HELD, key=MetricKey("calls_completed"))
    beyond = gap_of(30, metric=calls, leverage=0.9)
    [proposal] = said_about(beyond, ON_TARGET, before=(SHORT,))
    assert proposal.subject == "meetings_held"


def test_what_matters_more_is_praised_first() -> None:
    calls = replace(MEETINGS_HELD, key=MetricKey("calls_completed"))
    small = gap_of(30, metric=calls, leverage=0.01)
    [proposal] = said_about(small, BEYOND)
    assert proposal.subject == "meetings_held"


@pytest.mark.parametrize(("facts", "speaks"), [(11, False), (12, True)])
def test_standing_out_takes_three_times_the_fewest_facts(facts: int, speaks: bool) -> None:  # noqa: FBT001 -- a case of the table
    four_facts = replace(MEETINGS_HELD, min_facts=4)
    assert bool(said_about(gap_of(30, metric=four_facts, facts=facts))) is speaks


def test_praise_waits_while_the_paired_metric_shows_gaming() -> None:
    guarded = replace(MEETINGS_HELD, guard=LATE_LOGGING.key)
    praised = gap_of(30, metric=guarded)
    clean = gap_of(0.1, metric=LATE_LOGGING, low=0.0, high=0.15)
    gamed = gap_of(0.6, metric=LATE_LOGGING, low=0.0, high=0.15)
    improved = gap_of(17, metric=guarded)
    for worthy, before in ((praised, ()), (improved, (SHORT,))):
        [praise] = said_about(worthy, clean, before=before)
        assert praise.doubt is None
        [waiting] = said_about(worthy, gamed, before=before)
        assert waiting.doubt == "Late logging, which should go with it, is short"


def test_a_high_number_whose_paired_metric_nobody_looks_at_is_not_praised() -> None:
    guarded = replace(MEETINGS_HELD, guard=LATE_LOGGING.key)
    unknown = gap_of(0.1, metric=LATE_LOGGING, low=0.0, high=0.15, facts=0)
    assert said_about(gap_of(30, metric=guarded)) == []
    assert said_about(gap_of(30, metric=guarded), unknown) == []
    assert len(said_about(gap_of(17, metric=guarded), before=(SHORT,))) == 1


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(KIM, id="no-metrics"),
        pytest.param(kim(gap_of(30, leverage=0.0)), id="only-watched"),
        pytest.param(kim(ON_TARGET), id="on-target-without-a-past"),
        pytest.param(kim(ON_TARGET, before=(ON_TARGET,)), id="on-target-as-before"),
        pytest.param(kim(SHORT, before=(SHORT,)), id="still-short"),
        pytest.param(kim(gap_of(17, facts=0), before=(SHORT,)), id="not-enough-data"),
        pytest.param(kim(ON_TARGET, before=(gap_of(None),)), id="nothing-known-before"),
        pytest.param(replace(kim(ON_TARGET, before=(SHORT,)), is_present=False), id="rep-away"),
    ],
)
def test_the_rule_is_silent(view: RepView) -> None:
    assert list(RULE.notice(view)) == []
