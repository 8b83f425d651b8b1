"""Effects are found where they are, and not where chance or the calm after a storm is."""

import csv
import dataclasses
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.coaching import holdout
from bot.coaching.holdout import (
    FEWEST_OF_EACH,
    Decision,
    Effect,
    Verdict,
    decisions_needed,
    mixture_radius,
    nudge_effect,
    reps_needed,
    smallest_effect,
)

REFERENCE = Path(__file__).parent / "evidence" / "reference" / "mrt_sample_size_liao.csv"


def experiment(
    seed: int, *, effect: float = 0.0, reps: int = 40, weeks: int = 12, probability: float = 0.5
) -> list[Decision]:
    """Eight facts a week; reps differ, effort lasts, and a nudge adds ``effect`` of the mean."""
    rng = np.random.default_rng(seed)
    base, effort = 8 * rng.gamma(16, 1 / 16, reps), rng.normal(size=reps)
    decisions = []
    for _ in range(weeks):
        effort = 0.3 * effort + np.sqrt(1 - 0.3**2) * rng.normal(size=reps)
        sent = rng.random(reps) < probability
        counts = rng.poisson(base * np.exp(0.15 * effort) * (1 + effect * sent))
        decisions += [
            Decision(
                rep=str(rep),
                was_sent=bool(sent[rep]),
                probability=probability,
                outcome=float(counts[rep]),
            )
            for rep in range(reps)
        ]
    return decisions


def effect_of(decisions: list[Decision]) -> Effect:
    found = nudge_effect(decisions)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("planted", "probability"), [(0.0, 0.5), (0.1, 0.5), (-0.2, 0.8), (0.3, 0.8)]
)
def test_a_planted_effect_is_recovered_and_covered(planted: float, probability: float) -> None:
    found = [
        effect_of(experiment(5000 + seed, effect=planted, probability=probability))
        for seed in range(300)
    ]
    truth = 8 * planted
    assert np.mean([one.planned.estimate for one in found]) == pytest.approx(truth, abs=0.08)
    assert np.mean([one.planned.holds(truth) for one in found]) == pytest.approx(0.95, abs=0.04)
    assert np.mean([one.always.holds(truth) for one in found]) >= 0.97


def test_power_is_that_of_a_trial_of_each_decision() -> None:
    tenth = [effect_of(experiment(seed, effect=0.1)) for seed in range(150)]
    assert np.mean([not one.planned.holds(0) for one in tenth]) >= 0.68
    fifth = [effect_of(experiment(seed, effect=0.2)) for seed in range(60)]
    assert np.mean([one.verdict is Verdict.HELPFUL for one in fifth]) >= 0.8
    worse = effect_of(experiment(1, effect=-0.4))
    assert worse.verdict is Verdict.HARMFUL
    assert worse.relative is not None
    assert worse.relative.holds(-0.4)


def looked_at_weekly(seed: int, *, weeks: int = 26) -> tuple[bool, bool]:
    """Whether a nudge without effect was ever called one: by our verdict, by a plain interval."""
    decisions = experiment(seed, weeks=weeks)
    claimed = fooled = False
    for week in range(2, weeks + 1):
        effect = nudge_effect(decisions[: 40 * week])
        if effect is not None:
            claimed = claimed or effect.verdict is not Verdict.UNKNOWN
            fooled = fooled or not effect.planned.holds(0)
    return claimed, fooled


def test_looking_every_week_does_not_make_something_of_nothing() -> None:
    looks = [looked_at_weekly(1000 + seed) for seed in range(120)]
    assert np.mean([claimed for claimed, _ in looks]) <= 0.05
    # A plain interval is fooled four times as often as it says.
    assert np.mean([fooled for _, fooled in looks]) >= 0.12


def test_the_calm_after_a_storm_is_no_effect() -> None:
    """Nudges go out after poor weeks only and do nothing; the week after is better all the same."""
    rng = np.random.default_rng(6)
    before: list[float] = []
    decisions = []
    for rep in range(60):
        weeks = rng.poisson(2.0, 40).astype(float)
        for week, after in pairwise(weeks):
            if week < 0.8 * 2:
                sent = bool(rng.random() < 0.5)
                decisions.append(
                    Decision(rep=str(rep), was_sent=sent, probability=0.5, outcome=after)
                )
                before += [week] * sent
    found = effect_of(decisions)
    after_sent = np.mean([one.outcome for one in decisions if one.was_sent])
    assert after_sent > 2 * np.mean(before)
    assert found.planned.holds(0)
    assert found.verdict is Verdict.UNKNOWN


def test_nothing_in_it_compares_before_with_after() -> None:
    words = {field.name for field in dataclasses.fields(Effect)}
    assert words == {"decisions", "sent", "reps", "without", "planned", "always"}
    assert {field.name for field in dataclasses.fields(Decision)} == {
        "rep",
        "was_sent",
        "probability",
        "outcome",
    }
    assert [name for name in vars(holdout) if "lift" in name or "before" in name] == []


def test_probabilities_that_change_over_time_do_not_bias_it() -> None:
    """The bot sends more in good weeks; a comparison of means would call that an effect."""
    rng = np.random.default_rng(9)
    estimates, naive = [], []
    for _ in range(100):
        decisions = []
        for rep in range(30):
            for week in range(20):
                good = week % 2 == 0
                probability = 0.8 if good else 0.3
                outcome = float(rng.poisson(12 if good else 6))
                decisions.append(
                    Decision(
                        rep=str(rep),
                        was_sent=bool(rng.random() < probability),
                        probability=probability,
                        outcome=outcome,
                    )
                )
        estimates.append(effect_of(decisions).planned.estimate)
        sent = np.mean([one.outcome for one in decisions if one.was_sent])
        naive.append(sent - np.mean([one.outcome for one in decisions if not one.was_sent]))
    assert np.mean(naive) > 2
    assert np.mean(estimates) == pytest.approx(0, abs=0.1)


def test_too_few_decisions_or_reps_give_no_number_at_all() -> None:
    decisions = experiment(1)
    withheld = [one for one in decisions if not one.was_sent]
    sent = [one for one in decisions if one.was_sent]
    assert nudge_effect([]) is None
    assert nudge_effect(sent + withheld[: FEWEST_OF_EACH - 1]) is None
    assert nudge_effect(withheld + sent[: FEWEST_OF_EACH - 1]) is None
    assert nudge_effect([one for one in decisions if one.rep in {"1", "2"}]) is None


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_a_decision_without_chance_teaches_nothing(probability: float) -> None:
    with pytest.raises(ValueError, match="chance had no part"):
        Decision(rep="kim", was_sent=True, probability=probability, outcome=1)


def test_the_interval_for_looking_always_is_wider_and_narrows_with_decisions() -> None:
    assert mixture_radius(1, 500, alpha=0.05) > 1.96 / np.sqrt(500)
    radii = [mixture_radius(1, count, alpha=0.05) for count in (50, 200, 800, 3200)]
    assert radii == sorted(radii, reverse=True)
    # Written out by hand from the formula of the normal mixture.
    assert mixture_radius(2, 100, alpha=0.05, tuned_for=100) == pytest.approx(0.6074, abs=5e-4)


def trials() -> list[dict[str, float]]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", trials(), ids=str)
def test_reps_of_a_trial_agree_with_the_code_that_its_authors_published(
    row: dict[str, float],
) -> None:
    found = reps_needed(
        row["beta"],
        occasions=int(row["days"] * row["occ"]),
        availability=row["tau"],
        probability=row["prob"],
    )
    assert found == row["N"]


def test_what_so_many_decisions_can_show_and_how_many_an_effect_needs_are_inverse() -> None:
    needed = decisions_needed(0.8, spread=3.0)
    assert needed == 442
    assert smallest_effect(needed, spread=3.0) == pytest.approx(0.8, rel=0.002)
    assert smallest_effect(needed * 4, spread=3.0) == pytest.approx(0.4, rel=0.002)
    with pytest.raises(ValueError, match="nothing happens"):
        decisions_needed(0, spread=1)
