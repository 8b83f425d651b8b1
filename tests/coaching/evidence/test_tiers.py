"""The more metrics are watched, the stronger a signal must be before it interrupts a person."""

from datetime import date, timedelta

import numpy as np
import pytest

from bot.coaching.evidence.cusum import ESCALATION_BUDGET, SOFT_BUDGET
from bot.coaching.evidence.panel import PanelMetric, WeeklyPanel
from bot.coaching.evidence.signals import weigh_panel
from bot.coaching.evidence.tiers import REP_BUDGET, Tier, alarm_rates, false_shares, tier_of
from bot.domain.ids import MetricKey, RepId


def tier(rate: float, *, watched: int, share: float = 1.0) -> Tier:
    return tier_of(rate=rate, false_share=share, watched=watched, escalates=share < 1)


@pytest.mark.parametrize(
    ("rate", "watched", "expected"),
    [
        (SOFT_BUDGET, 3, Tier.SOFT),
        (SOFT_BUDGET, 4, Tier.NOTED),
        (0.003, 10, Tier.SOFT),
        (0.0031, 10, Tier.NOTED),
    ],
)
def test_metrics_share_a_reps_budget(rate: float, watched: int, expected: Tier) -> None:
    assert tier(rate, watched=watched) is expected


def test_the_budget_is_less_than_one_false_warning_in_half_a_year() -> None:
    assert REP_BUDGET * 26 < 1
    assert pytest.approx(SOFT_BUDGET) == REP_BUDGET / 3


def test_what_was_noted_is_said_when_there_is_more_of_it() -> None:
    """Eight metrics that are one: the chart of the fallen one goes on after it was noted."""
    rng = np.random.default_rng(2)
    reps, weeks, metrics = 20, 40, 8
    mean = np.full((metrics, reps, weeks), 8.0)
    mean[0, 0, 20:] = 4.5
    panel = WeeklyPanel(
        metrics=tuple(PanelMetric(key=MetricKey(f"m{at}")) for at in range(metrics)),
        reps=tuple(RepId(f"rep{at:02}") for at in range(reps)),
        teams=(None,) * reps,
        weeks=tuple(date(2025, 1, 6) + timedelta(weeks=at) for at in range(weeks)),
        counts=rng.poisson(mean).astype(float),
        working_share=np.ones((reps, weeks)),
        ramp_share=np.ones((reps, weeks)),
    )
    told = [
        signal.tier
        for outcome in weigh_panel(panel)[0][20:]
        for signal in outcome.signals
        if (signal.rep, signal.metric) == ("rep00", "m0")
    ]
    assert told[0] is Tier.NOTED
    assert told[1] in {Tier.SOFT, Tier.ESCALATE}


def test_managers_hear_only_of_what_stands_out_among_everything_of_the_week() -> None:
    assert tier(1e-4, watched=8, share=0.4) is Tier.ESCALATE
    assert tier(1e-4, watched=8, share=0.6) is Tier.SOFT


def test_rates_meet_the_budgets_at_the_limits_and_fall_between_and_beyond() -> None:
    soft, escalation = np.full(4, 3.0), np.full(4, 5.0)
    rates = alarm_rates(np.asarray([3.0, 4.0, 5.0, 7.0]), soft, escalation)
    assert rates[0] == pytest.approx(SOFT_BUDGET)
    assert rates[2] == pytest.approx(ESCALATION_BUDGET)
    assert rates[1] == pytest.approx(np.sqrt(SOFT_BUDGET * ESCALATION_BUDGET))
    assert rates[3] == pytest.approx(ESCALATION_BUDGET**2 / SOFT_BUDGET)


def test_charts_without_a_limit_count_for_nothing() -> None:
    soft = np.asarray([3.0, np.inf, 3.0])
    rates = alarm_rates(np.asarray([4.0, 9.0, 0.0]), soft, soft + 2)
    assert rates[1] == 1
    shares = false_shares(rates, soft)
    assert shares[1] == 1
    assert shares[0] == pytest.approx(min(1, 2 * rates[0]))
