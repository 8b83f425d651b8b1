from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.example import MEETINGS_HELD, MONDAY, by_metric, gap_of
from bot.coaching.leverage import (
    HeldFocus,
    choose_focus,
    expected_gain,
    gain_in_words,
    held_focus,
)
from bot.domain.ids import MetricKey
from bot.domain.metric import Valence

CALLS, MEETINGS = MetricKey("calls_completed"), MEETINGS_HELD.key
FEWER = replace(MEETINGS_HELD, valence=Valence.LOWER)


def test_the_whole_way_promises_the_playbooks_leverage_and_half_of_it_half() -> None:
    # From 7, half of the low edge, to 19, the middle.
    whole, half = (
        expected_gain(replace(gap_of(value), likely=(value, value, value))) for value in (7, 13)
    )
    assert whole.estimate == pytest.approx(0.06, rel=0.01)
    assert half.estimate == pytest.approx(0.03, rel=0.01)
    assert half.low < half.estimate < half.high


def test_an_expert_is_right_to_within_a_factor_of_three_and_the_interval_says_so() -> None:
    gain = expected_gain(replace(gap_of(7), likely=(7, 7, 7)))
    assert gain.high / gain.low == pytest.approx(9, rel=0.15)


def test_a_reading_that_is_little_known_makes_the_interval_wider() -> None:
    known = expected_gain(replace(gap_of(10), likely=(9.9, 10, 10.1)))
    unknown = expected_gain(replace(gap_of(10), likely=(4, 10, 16)))
    assert unknown.width > known.width
    few, many = (expected_gain(gap_of(10, facts=facts)) for facts in (2, 200))
    assert few.width > many.width


def test_a_reading_is_drawn_to_the_role_before_it_promises_anything() -> None:
    assert (
        expected_gain(replace(gap_of(7), likely=(9, 11, 13))).estimate
        < expected_gain(replace(gap_of(7), likely=(5, 7, 9))).estimate
    )


@pytest.mark.parametrize(("value", "share"), [(48.0, 1.0), (90.0, 1.0), (36.0, 17 / 29)])
def test_where_less_is_better_the_way_leads_down(value: float, share: float) -> None:
    # From 48, twice the high edge, to 19, the middle.
    gap = gap_of(value, metric=FEWER, leverage=0.05)
    gain = expected_gain(replace(gap, likely=(value, value, value)))
    assert gain.estimate == pytest.approx(0.05 * share, rel=0.02)


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(gap_of(15), id="on-target"),
        pytest.param(gap_of(30), id="beyond"),
        pytest.param(gap_of(None), id="no-data"),
        pytest.param(gap_of(7, leverage=0.0), id="no-leverage"),
        pytest.param(replace(gap_of(7), is_earned=False), id="by-chance"),
    ],
)
def test_nothing_is_gained_where_nothing_is_short_beyond_doubt(gap: object) -> None:
    assert expected_gain(gap).high == 0  # type: ignore[arg-type]  # every case is a Gap
    assert choose_focus(by_metric(gap), held=None, today=MONDAY) is None  # type: ignore[arg-type]


def test_a_held_focus_whose_metric_left_the_playbook_is_let_go() -> None:
    held = HeldFocus(metric=CALLS, since=MONDAY - timedelta(days=7))
    focus = choose_focus(by_metric(gap_of(7)), held=held, today=MONDAY)
    assert focus is not None
    assert (focus.gap.metric.key, focus.since) == (MEETINGS, MONDAY)


@pytest.mark.parametrize(
    ("said", "metric", "since"),
    [
        pytest.param([(CALLS, 14), (CALLS, 7)], CALLS, 14, id="told-again"),
        pytest.param([(CALLS, 7), (CALLS, 14)], CALLS, 14, id="in-any-order"),
        pytest.param([(CALLS, 14), (MEETINGS, 7)], MEETINGS, 7, id="overtaken"),
        pytest.param([(CALLS, 35), (CALLS, 28), (CALLS, 7)], CALLS, 7, id="a-second-time"),
    ],
)
def test_a_focus_begins_when_it_is_first_said(
    said: list[tuple[MetricKey, int]], metric: MetricKey, since: int
) -> None:
    days = [(each, MONDAY - timedelta(days=ago)) for each, ago in said]
    assert held_focus(days) == HeldFocus(metric=metric, since=MONDAY - timedelta(days=since))
    assert held_focus([]) is None


def test_the_gain_is_told_with_its_interval() -> None:
    gain = expected_gain(replace(gap_of(7), likely=(7, 7, 7)))
    assert gain_in_words(gain).startswith("about 6% of the amount won (likely 1% to 12%")


def test_weeks_of_a_focus_are_counted_from_one() -> None:
    held = HeldFocus(metric=CALLS, since=date(2026, 3, 2))
    assert [held.week(date(2026, 3, day)) for day in (2, 8, 9, 16)] == [1, 1, 2, 3]
    assert held.holds_on(date(2026, 3, 29))
    assert not held.holds_on(date(2026, 3, 30))
