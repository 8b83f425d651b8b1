from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.example import KIM, MEETINGS_HELD, MONDAY, by_metric, gap_of
from bot.coaching.leverage import HeldFocus
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rules.focus_of_the_week import RULE
from bot.domain.ids import MetricKey
from bot.domain.metric import Unit
from bot.domain.nudge import Proposal, Tone

CALLS = replace(MEETINGS_HELD, key=MetricKey("calls_completed"), title="Calls completed")
SHORT_MEETINGS = gap_of(7, leverage=0.06)
SHORT_CALLS = gap_of(7, metric=CALLS, leverage=0.02)
ON_TARGET = gap_of(15)


def said_about(view: RepView) -> list[Proposal]:
    return list(RULE.notice(view))


def test_the_gap_that_promises_most_is_the_only_focus() -> None:
    view = replace(KIM, gaps=by_metric(SHORT_CALLS, SHORT_MEETINGS))
    [proposal] = said_about(view)
    assert (proposal.subject, proposal.metric) == ("meetings_held", "meetings_held")
    assert proposal.tone is Tone.NEUTRAL
    assert proposal.because == {
        "Meetings held": "7 over the last 4 weeks (10 February \N{EN DASH} 9 March)",
        "Target range": "14 to 24",
        "Facts behind it": "12",
        "If it moved to the middle": "about 6% of the amount won (likely 1% to 12%)",
        "Your focus since": "2026-03-09",
        "Rule": "of the metrics short of target beyond doubt, the one that promises most; "
        "it stays for 4 weeks unless it is reached or clearly overtaken",
    }


def test_a_wide_gap_with_little_leverage_may_promise_more_than_a_narrow_one_with_much() -> None:
    narrow = gap_of(13, leverage=0.03)
    wide = gap_of(1, metric=CALLS, leverage=0.02)
    [proposal] = said_about(replace(KIM, gaps=by_metric(narrow, wide)))
    assert proposal.subject == "calls_completed"


def focused_on(metric: MetricKey, weeks_ago: int) -> HeldFocus:
    return HeldFocus(metric=metric, since=MONDAY - timedelta(weeks=weeks_ago))


@pytest.mark.parametrize(
    ("weeks_ago", "subject", "week"),
    [(1, "calls_completed", 2), (3, "calls_completed", 4), (4, "meetings_held", 1)],
)
def test_a_focus_stays_for_four_weeks(weeks_ago: int, subject: str, week: int) -> None:
    view = replace(
        KIM,
        gaps=by_metric(gap_of(7, metric=CALLS, leverage=0.05), SHORT_MEETINGS),
        focus=focused_on(CALLS.key, weeks_ago),
    )
    [proposal] = said_about(view)
    assert (proposal.subject, proposal.view["week"]) == (subject, week)


def test_what_promises_twice_as_much_takes_the_focus_over() -> None:
    view = replace(KIM, gaps=by_metric(SHORT_CALLS, SHORT_MEETINGS), focus=focused_on(CALLS.key, 1))
    [proposal] = said_about(view)
    assert (proposal.subject, proposal.view["week"]) == ("meetings_held", 1)


def test_a_focus_that_was_reached_makes_room_for_the_next() -> None:
    reached = gap_of(15, metric=CALLS, leverage=0.05)
    view = replace(KIM, gaps=by_metric(reached, SHORT_MEETINGS), focus=focused_on(CALLS.key, 1))
    [proposal] = said_about(view)
    assert proposal.subject == "meetings_held"


def test_while_chance_may_explain_how_the_focus_stands_nothing_is_said() -> None:
    unsure = replace(gap_of(13, metric=CALLS, leverage=0.05), is_earned=False)
    view = replace(KIM, gaps=by_metric(unsure, SHORT_MEETINGS), focus=focused_on(CALLS.key, 1))
    assert said_about(view) == []
    assert said_about(replace(view, focus=None)) != []


def test_equal_promises_are_settled_by_name() -> None:
    twin = gap_of(7, metric=CALLS, leverage=0.06)
    for gaps in (by_metric(SHORT_MEETINGS, twin), by_metric(twin, SHORT_MEETINGS)):
        [proposal] = said_about(replace(KIM, gaps=gaps))
        assert proposal.subject == "calls_completed"


def test_the_next_step_is_the_plays_first_sentence() -> None:
    play = "# Discovery calls\n\n  Book two first conversations.  \n\n## What good looks like\n"
    view = replace(KIM, gaps=by_metric(SHORT_MEETINGS), plays={MEETINGS_HELD.key: play})
    [proposal] = said_about(view)
    assert proposal.view["next_step"] == "Book two first conversations."


def test_without_a_play_or_a_past_neither_is_claimed() -> None:
    [proposal] = said_about(replace(KIM, gaps=by_metric(SHORT_MEETINGS)))
    assert (proposal.view["next_step"], proposal.view["before"]) == (None, None)


def test_a_past_without_data_is_not_told() -> None:
    view = replace(KIM, gaps=by_metric(SHORT_MEETINGS), gaps_before=by_metric(gap_of(None)))
    [proposal] = said_about(view)
    assert proposal.view["before"] is None


def test_nothing_counted_at_all_is_a_gap_like_any_other() -> None:
    counted = replace(MEETINGS_HELD, min_facts=0)
    [proposal] = said_about(replace(KIM, gaps=by_metric(gap_of(0, metric=counted, facts=0))))
    assert proposal.priority > 0.3


def test_the_reps_own_past_is_told() -> None:
    view = replace(
        KIM, gaps=by_metric(SHORT_MEETINGS), gaps_before=by_metric(gap_of(11, weeks_ago=4))
    )
    [proposal] = said_about(view)
    assert proposal.view["before"] == {"value": 11, "weeks": 4}


@pytest.mark.parametrize(("facts", "is_confident"), [(2, False), (3, True)])
def test_few_facts_make_the_promise_a_maybe(facts: int, is_confident: bool) -> None:  # noqa: FBT001 -- a case of the table
    [proposal] = said_about(replace(KIM, gaps=by_metric(gap_of(7, facts=facts))))
    assert proposal.view["is_confident"] is is_confident


@pytest.mark.parametrize(
    ("deals", "unit", "currency"),
    [
        pytest.param(KIM.opportunities, "money", "USD", id="the-currency-of-the-deals"),
        pytest.param((), "count", "", id="rather-no-currency-than-a-wrong-one"),
    ],
)
def test_money_is_written_in_the_currency_of_the_reps_deals(
    deals: tuple[OpenOpportunity, ...], unit: str, currency: str
) -> None:
    money = replace(MEETINGS_HELD, unit=Unit.MONEY)
    view = replace(KIM, gaps=by_metric(gap_of(7, metric=money)), opportunities=deals)
    [proposal] = said_about(view)
    told = proposal.view["metric"]
    assert isinstance(told, dict)
    assert (told["unit"], told["currency"]) == (unit, currency)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(KIM, id="no-metrics"),
        pytest.param(replace(KIM, gaps=by_metric(ON_TARGET)), id="on-target"),
        pytest.param(replace(KIM, gaps=by_metric(gap_of(30))), id="beyond-target"),
        pytest.param(replace(KIM, gaps=by_metric(gap_of(7, facts=0))), id="not-enough-data"),
        pytest.param(replace(KIM, gaps=by_metric(gap_of(7, leverage=0.0))), id="promises-nothing"),
        pytest.param(
            replace(KIM, gaps=by_metric(replace(SHORT_MEETINGS, is_earned=False))), id="by-chance"
        ),
        pytest.param(replace(KIM, gaps=by_metric(SHORT_MEETINGS), is_present=False), id="rep-away"),
        *(
            pytest.param(
                replace(KIM, gaps=by_metric(SHORT_MEETINGS), today=MONDAY + timedelta(days=n)),
                id=(MONDAY + timedelta(days=n)).strftime("%A").lower(),
            )
            for n in range(1, 7)
        ),
    ],
)
def test_the_rule_is_silent(view: RepView) -> None:
    assert said_about(view) == []


def test_whoever_begins_the_week_on_a_tuesday_hears_of_it_then() -> None:
    part_timer = replace(KIM, gaps=by_metric(SHORT_MEETINGS), works=frozenset({1, 2, 3}))
    assert list(RULE.notice(replace(part_timer, today=MONDAY))) == []
    assert len(list(RULE.notice(replace(part_timer, today=MONDAY + timedelta(days=1))))) == 1
