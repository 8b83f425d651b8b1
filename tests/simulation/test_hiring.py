"""Over many made-up companies: what was planted is found, what was not is left alone."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom

from bot.hiring.hires import Outcome
from bot.hiring.process import ProcessAnalysis, Relation, analyse
from tests.simulation.hiring import FAST, HABITS, PLANTED, SHARP, Plan, drawn

WORLDS = 40
DRAWS = 399
#: So many worlds with a false finding would one search in a thousand show at a rate of 5 %.
MOST_FALSE = int(binom.ppf(0.999, WORLDS, 0.05))


def found(plan: Plan, *, worlds: int = WORLDS) -> list[ProcessAnalysis]:
    return [analyse(*drawn(plan, seed), seed=seed, draws=DRAWS) for seed in range(worlds)]


def share(made: list[ProcessAnalysis], holds: Callable[[ProcessAnalysis], bool]) -> float:
    return float(np.mean([holds(each) for each in made]))


def tells(relations: tuple[Relation, ...], key: str) -> bool:
    """Whether it goes with an earlier first deal, more than chance explains."""
    return any(
        each.is_found and each.size.estimate > 0
        for each in relations
        if each.key == key and each.outcome is Outcome.FIRST_DEAL
    )


@pytest.fixture(scope="module")
def by_competency() -> list[ProcessAnalysis]:
    return found(Plan(hires=40, competency=0.6))


def test_a_planted_competency_is_found(by_competency: list[ProcessAnalysis]) -> None:
    assert share(by_competency, lambda made: tells(made.competencies, PLANTED)) >= 0.8


def test_irrelevant_competencies_are_left_alone(by_competency: list[ProcessAnalysis]) -> None:
    false = [
        any(each.is_found for each in made.competencies if each.key != PLANTED)
        for made in by_competency
    ]
    assert sum(false) <= MOST_FALSE


def test_where_nothing_matters_nothing_is_found() -> None:
    worlds = found(Plan(hires=24))
    for family in ("competencies", "sources", "interviewers"):
        assert (
            sum(any(each.is_found for each in getattr(made, family)) for made in worlds)
            <= MOST_FALSE
        ), family


def test_a_planted_source_and_an_interviewer_who_sees_it_are_found() -> None:
    made = found(Plan(hires=50, source=0.9, general=0.7, only_one_sees=True), worlds=20)
    assert share(made, lambda each: tells(each.sources, FAST)) >= 0.7
    assert share(made, lambda each: tells(each.interviewers, SHARP)) >= 0.6
    blind = [who for who in HABITS if who != SHARP]
    assert share(made, lambda each: any(tells(each.interviewers, who) for who in blind)) <= 0.2


def test_lenient_and_severe_interviewers_are_told_by_about_what_was_planted() -> None:
    for made in found(Plan(hires=24), worlds=10):
        for who, habit in HABITS.items():
            assert made.leniencies[who].points.estimate == pytest.approx(habit, abs=0.3)


def test_of_too_few_hires_nothing_is_concluded() -> None:
    [made] = found(Plan(hires=6, competency=2.0), worlds=1)
    assert (made.competencies, made.sources, made.interviewers) == ((), (), ())


def test_the_hired_alone_show_less_than_there_is() -> None:
    """Only the best of many are hired; the caveat says about how much that hides."""
    made = found(Plan(hires=40, competency=0.6, met=3), worlds=10)
    sizes = [each for one in made for each in one.competencies if each.key == PLANTED]
    first = [each for each in sizes if each.outcome is Outcome.FIRST_DEAL]
    assert np.mean([each.spread_share or 1 for each in first]) < 0.95
    among_all = [each.among_all for each in first if each.among_all is not None]
    assert np.mean(among_all) > np.mean([each.size.estimate for each in first])
