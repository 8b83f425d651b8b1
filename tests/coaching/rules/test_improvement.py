from dataclasses import replace

from bot.coaching.doubts import Doubt
from bot.coaching.example import CALLS_FELL, KIM, LATE_FELL, MEETINGS_ROSE
from bot.coaching.rep_view import NoticedChange
from bot.coaching.rules.improvement import RULE
from bot.domain.ids import MetricKey
from bot.domain.nudge import Proposal, Tone


def said_about(*changes: NoticedChange, is_present: bool = True) -> list[Proposal]:
    return list(RULE.notice(replace(KIM, changes=changes, is_present=is_present)))


def test_a_rise_is_praised_with_what_was_seen_and_what_was_usual() -> None:
    [proposal] = said_about(MEETINGS_ROSE)
    assert proposal.tone is Tone.POSITIVE
    assert proposal.metric == "meetings_held"
    assert str(proposal.view["told"]).startswith("up to 27 in 3 weeks")


def test_less_of_what_is_better_low_is_praised_as_less() -> None:
    [proposal] = said_about(LATE_FELL)
    told = str(proposal.view["told"])
    assert told.startswith("down to 1% (1 of 80) in 2 weeks")
    assert told.endswith("where about 8% was usual")


def test_a_fall_is_no_reason_for_praise() -> None:
    assert said_about(CALLS_FELL) == []


def test_praise_whose_records_are_in_doubt_waits_and_says_why() -> None:
    [proposal] = said_about(MEETINGS_ROSE, replace(MEETINGS_ROSE, kind="trust"))
    assert proposal.doubt == "more was logged, and what usually follows from it did not"
    assert proposal.because["In doubt"] == proposal.doubt


def test_what_is_not_in_doubt_is_praised_beside_what_is() -> None:
    doubt = Doubt(
        metric=MetricKey("burst_logging_share"),
        count=30,
        of=40,
        waiting=frozenset({MEETINGS_ROSE.metric}),
    )
    view = replace(KIM, changes=(MEETINGS_ROSE, LATE_FELL), doubts=(doubt,))
    praised, waiting = RULE.notice(view)
    assert (praised.metric, praised.doubt) == (LATE_FELL.metric, None)
    assert (waiting.metric, waiting.doubt) == (MEETINGS_ROSE.metric, doubt.words)


def test_who_is_away_is_left_alone() -> None:
    assert said_about(MEETINGS_ROSE, is_present=False) == []
