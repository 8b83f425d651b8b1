"""Memories survive being written down, and reps who come and go."""

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest

from bot.coaching.evidence.panel import WeeklyPanel
from bot.coaching.evidence.signals import WeekOutcome, weigh_panel
from bot.coaching.evidence.state import VERSION, EvidenceState
from bot.coaching.evidence.weekly import weigh_week
from bot.domain.ids import MetricKey, RepId
from tests.simulation.generator import Nuisances, made_up_organisations
from tests.simulation.scorer import panel_of

SMALL = Nuisances(reps=10, teams=2, weeks=24, struggling=0.5, gaming=0.2, shock_share=1.0)


def small_panel(seed: int = 3) -> WeeklyPanel:
    return panel_of(next(made_up_organisations(1, seed=seed, given=SMALL)))


def of_reps(panel: WeeklyPanel, order: list[int], *, weeks: slice = slice(None)) -> WeeklyPanel:
    return replace(
        panel,
        reps=tuple(panel.reps[rep] for rep in order),
        teams=tuple(panel.teams[rep] for rep in order),
        weeks=panel.weeks[weeks],
        counts=panel.counts[:, order, weeks],
        working_share=panel.working_share[order, weeks],
        ramp_share=panel.ramp_share[order, weeks],
    )


@pytest.mark.parametrize("seed", [3, 4])
def test_a_state_survives_json_to_the_last_bit(seed: int) -> None:
    _, state = weigh_panel(small_panel(seed))
    text = state.to_json()
    again = EvidenceState.from_json(text)
    assert again.to_json() == text
    for name in ("counts", "exposures", "factors", "level_silence", "absent"):
        assert getattr(again, name).tobytes() == getattr(state, name).tobytes()
    for field in fields(state.charts):
        before, after = getattr(state.charts, field.name), getattr(again.charts, field.name)
        assert (before.tobytes(), before.dtype) == (after.tobytes(), after.dtype)
    assert (again.week, again.silence, again.reps) == (state.week, state.silence, state.reps)


def test_a_state_of_another_version_is_refused() -> None:
    text = EvidenceState.new([MetricKey("calls")], [RepId("kim")]).to_json()
    with pytest.raises(ValueError, match="version 99"):
        EvidenceState.from_json(text.replace(f'"version":{VERSION}', '"version":99'))


def test_week_by_week_through_json_is_the_same_as_all_at_once() -> None:
    panel = small_panel()
    whole, end = weigh_panel(panel)
    everyone = list(range(10))
    state: EvidenceState | None = None
    outcomes: list[WeekOutcome] = []
    for at in range(len(panel.weeks)):
        step, state = weigh_panel(of_reps(panel, everyone, weeks=slice(at, at + 1)), state)
        state = EvidenceState.from_json(state.to_json())
        outcomes += step
    assert tuple(outcomes) == whole
    assert state is not None
    assert state.to_json() == end.to_json()
    assert any(outcome.signals for outcome in whole)


def test_weeks_that_were_seen_are_not_weighed_again() -> None:
    panel = small_panel()
    _, state = weigh_panel(panel)
    assert weigh_panel(panel, state) == ((), state)
    *_, newest = panel.each_week()
    with pytest.raises(ValueError, match="seen already"):
        weigh_week(newest, state)
    with pytest.raises(ValueError, match="seen already"):
        weigh_week(replace(newest, week=newest.week - timedelta(weeks=3)), state)


def test_the_order_of_reps_does_not_matter() -> None:
    panel = small_panel()
    turned = of_reps(panel, [7, 3, 9, 0, 2, 1, 8, 6, 5, 4])
    straight = {
        (signal.rep, signal.metric, signal.week, signal.kind)
        for outcome in weigh_panel(panel)[0]
        for signal in outcome.signals
    }
    assert straight == {
        (signal.rep, signal.metric, signal.week, signal.kind)
        for outcome in weigh_panel(turned)[0]
        for signal in outcome.signals
    }


def test_memories_follow_the_rep_when_others_leave_and_join() -> None:
    panel = small_panel()
    _, state = weigh_panel(of_reps(panel, list(range(8)), weeks=slice(0, 16)))
    moved = state.aligned(state.metrics, [RepId("new"), panel.reps[5], panel.reps[2]])
    assert moved.counts[:, 1].tolist() == state.counts[:, 5].tolist()
    assert moved.charts.height[:, :, 2].tolist() == state.charts.height[:, :, 2].tolist()
    assert moved.absent[1] == state.absent[5]
    assert not moved.counts[:, 0].any()
    assert not moved.charts.height[:, :, 0].any()
    assert (moved.week, moved.dispersion) == (state.week, moved.dispersion)
    assert moved.dispersion.squares.tolist() == state.dispersion.squares.tolist()


def test_a_metric_that_is_new_begins_with_nothing_and_the_others_keep_theirs() -> None:
    _, state = weigh_panel(small_panel())
    calls, _, opportunities = state.metrics
    moved = state.aligned([MetricKey("emails"), opportunities, calls], state.reps)
    assert moved.counts[1].tolist() == state.counts[2].tolist()
    assert moved.factors[2].tobytes() == state.factors[0].tobytes()
    assert moved.dispersion.rep_weeks.tolist() == [
        0,
        state.dispersion.rep_weeks[2],
        state.dispersion.rep_weeks[0],
    ]
    assert np.isnan(moved.factors[0]).all()


def test_who_joins_is_not_judged_before_there_is_something_to_judge_by() -> None:
    panel = small_panel()
    _, state = weigh_panel(of_reps(panel, list(range(1, 10)), weeks=slice(0, 20)))
    outcomes, _ = weigh_panel(of_reps(panel, list(range(10)), weeks=slice(20, 24)), state)
    joined = panel.reps[0]
    early = [signal for outcome in outcomes for signal in outcome.signals if signal.rep == joined]
    assert early == []
