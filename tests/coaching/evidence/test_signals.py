"""Falls of every shape are found, what all share is nobody's fault, praise is earned."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.common_cause import Cause
from bot.coaching.evidence.panel import FactKind, PanelMetric, WeeklyPanel
from bot.coaching.evidence.signals import Direction, Kind, Signal, WeekOutcome, weigh_panel
from bot.coaching.evidence.tiers import Tier
from bot.domain.ids import MetricKey, RepId, TeamId
from bot.domain.metric import Valence

MONDAY = date(2025, 1, 6)
WEEKS, REPS, TEAM = 40, 24, 6
CALLS, MEETINGS = MetricKey("calls"), MetricKey("meetings")
KIM = RepId("rep00")


def panel(factors: Floats | None = None, *, seed: int = 1, **changed: object) -> WeeklyPanel:
    """Four teams of six, 40 calls and 8 meetings a week; ``factors`` are (metrics, reps, weeks)."""
    means = np.asarray([40.0, 8.0])[:, None, None] * np.ones((2, REPS, WEEKS))
    counts = np.random.default_rng(seed).poisson(means * (1 if factors is None else factors))
    whole = WeeklyPanel(
        metrics=(PanelMetric(key=CALLS, leads_to=MEETINGS), PanelMetric(key=MEETINGS)),
        reps=tuple(RepId(f"rep{rep:02}") for rep in range(REPS)),
        teams=tuple(TeamId(f"team{rep // TEAM}") for rep in range(REPS)),
        weeks=tuple(MONDAY + timedelta(weeks=week) for week in range(WEEKS)),
        counts=counts.astype(float),
        working_share=np.ones((REPS, WEEKS)),
        ramp_share=np.ones((REPS, WEEKS)),
    )
    return replace(whole, **changed)  # type: ignore[arg-type] # a table of cases


def nothing() -> Floats:
    return np.ones((2, REPS, WEEKS))


def signals(outcomes: tuple[WeekOutcome, ...], first: int = 0) -> list[Signal]:
    since = MONDAY + timedelta(weeks=first)
    return [signal for outcome in outcomes for signal in outcome.signals if outcome.week >= since]


def falls(outcomes: tuple[WeekOutcome, ...], first: int = 0) -> list[Signal]:
    return [one for one in signals(outcomes, first) if one.kind is not Kind.IMPROVEMENT]


def weeks_after(signal: Signal, first: int) -> int:
    return (signal.week - MONDAY).days // 7 - first


def test_a_sudden_fall_is_found_at_once_and_escalated_as_it_lasts() -> None:
    factors = nothing()
    factors[0, 0, 20:30] = 0.4
    found = [one for one in falls(weigh_panel(panel(factors))[0], 20) if one.rep == KIM]
    first = found[0]
    assert (first.metric, first.kind, first.direction) == (CALLS, Kind.SUDDEN, Direction.DOWN)
    assert weeks_after(first, 20) <= 1
    assert Tier.ESCALATE in {one.tier for one in found}
    assert first.estimate.holds(0.4)
    assert first.posterior > 0.95


def test_a_slow_drift_is_found_as_a_drift() -> None:
    factors = nothing()
    factors[1, 0, 18:34] = np.linspace(0.95, 0.4, 16)
    factors[1, 0, 34:] = 0.4
    found = [one for one in falls(weigh_panel(panel(factors))[0], 18) if one.rep == KIM]
    assert {one.metric for one in found} == {MEETINGS}
    assert Kind.DRIFT in {one.kind for one in found}


def test_a_steady_low_level_is_found_by_its_range_though_nothing_changed() -> None:
    factors = nothing()
    factors[1, 0] = 0.45
    edges = np.asarray([np.full(REPS, np.nan), np.full(REPS, 8.0)])
    with_range = weigh_panel(panel(factors, target_low=edges))[0]
    found = [one for one in falls(with_range, 20) if one.rep == KIM]
    kinds = [one.kind for one in found if one.metric == MEETINGS]
    assert kinds.count(Kind.LEVEL) >= 3
    levels = [one for one in falls(with_range) if one.kind is Kind.LEVEL]
    assert sum(one.rep == KIM for one in levels) > len(levels) / 2
    said = [one.week for one in levels if one.rep == KIM]
    gaps = [later - week for week, later in pairwise(said)]
    assert min(gaps) >= timedelta(weeks=4)
    without = [one.kind for one in falls(weigh_panel(panel(factors))[0], 20) if one.rep == KIM]
    assert Kind.LEVEL not in without
    assert len(without) <= 1


def test_a_fall_of_everybody_is_the_leaders_and_nobody_elses() -> None:
    factors = nothing()
    factors[:, :, 24:26] = 0.4
    blamed = 0
    for seed in range(5):
        outcomes = weigh_panel(panel(factors, seed=seed))[0]
        blamed += len(falls(outcomes[24:26]))
        told = [one for one in outcomes[24].findings + outcomes[25].findings if one.team is None]
        # Once for each metric, though it lasted two weeks.
        assert [(one.metric, one.cause) for one in told] == [
            (CALLS, Cause.COMMON),
            (MEETINGS, Cause.COMMON),
        ]
        assert 0.35 < told[0].ratio.estimate < 0.45
    assert blamed <= 0.01 * 5 * 2 * 2 * REPS


def test_data_that_may_be_missing_is_said_to_be_and_teaches_nothing() -> None:
    factors = nothing()
    factors[0, :, 24] = 0.05
    outcomes = weigh_panel(panel(factors))[0]
    assert [(one.metric, one.cause) for one in outcomes[24].findings] == [
        (CALLS, Cause.MAYBE_INCOMPLETE)
    ]
    assert [one for one in falls(outcomes[24:26]) if one.metric == CALLS] == []


def test_a_team_that_fell_is_named_to_its_manager_and_its_reps_are_not_blamed() -> None:
    factors = nothing()
    factors[0, :TEAM, 22:28] = 0.5
    outcomes = weigh_panel(panel(factors))[0]
    told = [finding for outcome in outcomes for finding in outcome.findings]
    assert {(one.metric, one.team, one.cause) for one in told} == {
        (CALLS, TeamId("team0"), Cause.TEAM)
    }
    members = {RepId(f"rep{rep:02}") for rep in range(TEAM)}
    assert len([one for one in falls(outcomes[22:26]) if one.rep in members]) <= 1


def test_weeks_before_the_first_record_teach_nothing() -> None:
    factors = nothing()
    factors[:, :, :20] = 0
    factors[:, 0, :26] = 0
    outcomes = weigh_panel(panel(factors, target_low=np.full((2, REPS), 5.0)))[0]
    assert signals(outcomes[:24]) == []
    assert len(signals(outcomes[:30])) <= 4
    assert [one for outcome in outcomes for one in outcome.findings] == []
    assert len(falls(outcomes)) <= 0.0125 * 2 * REPS * (WEEKS - 20)


def test_known_leave_says_nothing_about_a_rep_and_unknown_leave_next_to_nothing() -> None:
    factors = nothing()
    factors[:, 0, 20:22] = 0
    working = np.ones((REPS, WEEKS))
    working[0, 20:22] = 0
    known = weigh_panel(panel(factors, working_share=working))[0]
    assert [one for one in falls(known[20:24]) if one.rep == KIM] == []
    factors = nothing()
    factors[:, 0, 20] = 0
    unknown = weigh_panel(panel(factors))[0]
    assert KIM in unknown[20].absent
    assert [one for one in falls(unknown[20:22]) if one.rep == KIM] == []


def test_praise_is_earned_by_a_rise_that_leads_on() -> None:
    factors = nothing()
    factors[:, 0, 20:] = 1.7
    good = [one for one in signals(weigh_panel(panel(factors))[0], 20) if one.rep == KIM]
    assert {one.metric for one in good if one.is_good} == {CALLS, MEETINGS}
    assert all(one.direction is Direction.UP for one in good if one.is_good)


def test_junk_activity_is_doubted_and_not_praised() -> None:
    factors = nothing()
    factors[0, 0, 20:30] = 2.4
    outcomes = weigh_panel(panel(factors))[0]
    flags = [flag for outcome in outcomes for flag in outcome.trust_flags]
    assert {(flag.rep, flag.metric, flag.leads_to) for flag in flags} == {(KIM, CALLS, MEETINGS)}
    praise = [one for one in signals(outcomes, 20) if one.rep == KIM and one.is_good]
    assert [one.metric for one in praise if one.metric == CALLS] == []


def test_where_less_is_better_a_rise_is_a_warning() -> None:
    factors = nothing()
    factors[1, 0, 20:] = 2.0
    metrics = (PanelMetric(key=CALLS), PanelMetric(key=MEETINGS, valence=Valence.LOWER))
    found = falls(weigh_panel(panel(factors, metrics=metrics))[0], 20)
    assert KIM in {one.rep for one in found if one.direction is Direction.UP}


def test_a_share_is_held_against_its_trials() -> None:
    rng = np.random.default_rng(6)
    trials = rng.poisson(12, (1, REPS, WEEKS)).astype(float)
    share = np.full((1, REPS, WEEKS), 0.5)
    share[0, 0, 20:] = 0.2
    whole = replace(
        panel(),
        metrics=(PanelMetric(key=MetricKey("win_rate"), kind=FactKind.SHARE),),
        counts=rng.binomial(trials.astype(int), share).astype(float),
        trials=trials,
    )
    found = falls(weigh_panel(whole)[0], 20)
    assert KIM in {one.rep for one in found}
    assert sum(one.rep != KIM for one in found) <= 3


def test_where_nothing_is_wrong_hardly_anything_is_said() -> None:
    said = [one for seed in range(8) for one in falls(weigh_panel(panel(seed=100 + seed))[0])]
    rep_weeks = 8 * 2 * REPS * WEEKS
    assert len(said) <= 0.01 * rep_weeks
    assert sum(one.tier is Tier.ESCALATE for one in said) <= 0.002 * rep_weeks


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("counts", np.zeros((2, REPS, WEEKS - 1))),
        ("working_share", np.ones((REPS - 1, WEEKS))),
        ("reps", (KIM,) * REPS),
        ("weeks", (MONDAY,) * WEEKS),
        ("metrics", (PanelMetric(key=CALLS, kind=FactKind.SHARE), PanelMetric(key=MEETINGS))),
    ],
)
def test_a_panel_that_does_not_fit_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"shape|once|follow|trials"):
        panel(**{name: value})  # type: ignore[arg-type] # a table of cases
