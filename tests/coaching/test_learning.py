from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bot.coaching.evidence.achievers import pooled, sustained
from bot.coaching.evidence.leading import FALSE_CHANCE, find_leading
from bot.coaching.learning import STABLE, Grade, Learned, learn
from bot.coaching.role_quarters import RoleQuarters
from tests.simulation.role_worlds import SEEMING, TRUE, RoleWorld, make_role

SMALL = RoleWorld(reps=16, quarters=8, teams=2)


def world(seed: int, given: RoleWorld = SMALL) -> RoleQuarters:
    return make_role(np.random.default_rng(seed), given)


def called(worlds: int, given: RoleWorld) -> tuple[Counter[str], Counter[str]]:
    """How often each metric is worth watching, and how often it is stable."""
    watched, stable = Counter[str](), Counter[str]()
    for seed in range(worlds):
        quarters = world(seed, given)
        found = find_leading(quarters, np.random.default_rng(seed))
        for at, metric in enumerate(quarters.metrics):
            watched[metric.key] += bool(found.adjusted[at] <= FALSE_CHANCE)
            stable[metric.key] += bool(found.stability[at] > STABLE)
    return watched, stable


def test_planted_leading_metrics_are_found_and_those_that_only_seem_so_are_not() -> None:
    worlds = 40
    watched, stable = called(worlds, RoleWorld())
    assert all(stable[name] / worlds >= 0.9 for name in TRUE[:2])
    assert stable[TRUE[2]] / worlds >= 0.4
    assert watched[TRUE[2]] / worlds >= 0.4
    assert sum(stable[name] for name in SEEMING) / worlds <= 0.1
    assert sum(watched[name] for name in SEEMING) / worlds <= 0.1


def test_where_nothing_leads_nothing_is_learned() -> None:
    learned = [learn(world(seed, replace(SMALL, effect=0))) for seed in range(30)]
    assert sum(each.grade is not Grade.NONE for each in learned) <= 2
    assert sum(len(each.proposed) for each in learned) <= 1


@pytest.fixture(scope="module")
def strong() -> tuple[RoleQuarters, Learned]:
    quarters = world(3, RoleWorld(reps=40, quarters=10))
    return quarters, learn(quarters)


def test_a_range_is_proposed_with_intervals_where_evidence_is_strong(
    strong: tuple[RoleQuarters, Learned],
) -> None:
    quarters, learned = strong
    assert (learned.grade, learned.refusal) == (Grade.STRONG, "")
    assert (learned.reps, learned.quarters) == (40, 10)
    assert learned.skill > 0.05
    assert {each.metric for each in learned.proposed} <= set(TRUE)
    assert learned.proposed
    for each in learned.proposed:
        assert each.range is not None
        at = [metric.key for metric in quarters.metrics].index(each.metric)
        usual = np.nanmedian(quarters.values[at])
        assert usual < each.range.low.estimate <= each.range.high.estimate
        for end in (each.range.low, each.range.high):
            assert end.low <= end.estimate <= end.high
            assert end.width > 0


def test_the_same_quarters_teach_the_same(strong: tuple[RoleQuarters, Learned]) -> None:
    quarters, learned = strong
    assert learn(quarters) == learned


def test_where_lower_is_better_the_range_lies_below_the_middle() -> None:
    quarters = world(3, RoleWorld(reps=40, quarters=10, noise=0.15))
    values = quarters.values.copy()
    values[0] = 20_000 / (values[0] + 1)
    metrics = (replace(quarters.metrics[0], is_higher_better=False), *quarters.metrics[1:])
    learned = learn(replace(quarters, values=values, metrics=metrics))
    first = learned.metrics[0]
    assert first.grade is Grade.STRONG
    assert first.range is not None
    assert first.range.high.estimate < np.nanmedian(values[0])


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        pytest.param(
            RoleWorld(reps=7, quarters=6, teams=1),
            "8 reps are needed and 7 have a quarter and the next one",
            id="few-reps",
        ),
        pytest.param(
            RoleWorld(reps=12, quarters=2, teams=1),
            "3 quarters are needed and 2 are known",
            id="few-quarters",
        ),
        pytest.param(
            RoleWorld(reps=2, quarters=1, teams=1),
            "8 reps are needed and 0 have a quarter and the next one; "
            "3 quarters are needed and 0 are known",
            id="few-of-both",
        ),
    ],
)
def test_few_reps_or_quarters_are_refused_with_what_is_missing(
    given: RoleWorld, missing: str
) -> None:
    learned = learn(world(1, given))
    assert (learned.grade, learned.refusal, learned.metrics) == (Grade.NONE, missing, ())


def test_a_metric_that_nobody_knows_is_left_out_by_name() -> None:
    quarters = world(3)
    values = quarters.values.copy()
    values[0] = np.nan
    values[1] = 5.0
    learned = learn(replace(quarters, values=values))
    for metric in learned.metrics[:2]:
        assert metric.remark == "too little is known of it, or it never moves"
        assert metric.grade is Grade.NONE


def test_a_rep_who_left_and_one_who_came_count_for_the_quarters_they_were_there() -> None:
    quarters = world(3)
    outcome, values = quarters.outcome.copy(), quarters.values.copy()
    outcome[0, 4:], values[:, 0, 4:] = np.nan, np.nan
    outcome[1, :5], values[:, 1, :5] = np.nan, np.nan
    assert learn(replace(quarters, outcome=outcome, values=values)).reps == 16
    outcome[1, :7], values[:, 1, :7] = np.nan, np.nan
    assert learn(replace(quarters, outcome=outcome, values=values)).reps == 15


def test_one_great_quarter_makes_no_sustained_achiever() -> None:
    steady = [10.0] * 4
    outcome = np.array([[9.0, 30, 9, 9], [12, 12, 12, 9], steady, steady, steady, [0, 0, 0, 0]])
    assert list(sustained(outcome)) == [False, True, False, False, False, False]
    outcome[1, 2:] = np.nan
    assert not sustained(outcome)[1]


def test_a_rep_is_drawn_to_the_role_as_far_as_the_quarters_vary() -> None:
    quiet = np.array([[10.0, 10.1], [20.0, 20.1], [30.0, 30.1]])
    assert pooled(quiet) == pytest.approx([10.05, 20.05, 30.05], abs=0.01)
    loud = np.array([[0.0, 20.0], [14.0, 34.0], [40.0, 60.0]])
    assert 10 < pooled(loud)[0] < 24 < pooled(loud)[2] < 50
    deaf = np.array([[0.0, 20.0], [1.0, 21.0], [2.0, 22.0]])
    assert pooled(deaf) == pytest.approx([11, 11, 11])


def test_quarters_that_do_not_fit_are_refused() -> None:
    quarters = world(1)
    with pytest.raises(ValueError, match="do not fit"):
        replace(quarters, quarters=(date(2026, 1, 1),))
