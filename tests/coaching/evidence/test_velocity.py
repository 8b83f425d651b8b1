"""A product of four numbers is as uncertain as all of them together."""

import random
from collections import Counter
from statistics import median

import numpy as np
import pytest

from bot.coaching.evidence.intervals import Interval
from bot.coaching.evidence.velocity import Rests, velocity_interval

CLOSED = Counter(
    {
        (frozenset({"Demo", "Offer"}), True): 14,
        (frozenset({"Demo", "Offer"}), False): 16,
        (frozenset({"Demo"}), False): 30,
    }
)
CYCLES = [12, 15, 20, 21, 30, 34, 41, 41, 60, 75, 90, 120, 30, 28]
VALUES = [100.0, 250.0, 40.0, 600.0, 90.0, 310.0, 75.0, 20.0]
STAGES = ["Demo", "Offer", "Demo", "Offer", "Demo", "Demo", "Offer", "Demo"]


def interval(
    values: list[float] = VALUES,
    closed: Counter[tuple[frozenset[str], bool]] = CLOSED,
    cycles: list[int] = CYCLES,
) -> Interval:
    rests = Rests(closed=closed, cycles=np.asarray(cycles, dtype=float))
    stages = STAGES[: len(values)]
    found = velocity_interval(values, stages, rests, rng=np.random.default_rng(1))
    assert found is not None
    return found


def share(deals: list[tuple[frozenset[str], bool]], stage: str) -> float:
    won = [is_won for stages, is_won in deals if stage in stages]
    return sum(won) / len(won)


def drawn_one_by_one(draws: int) -> list[float]:
    """The same with nothing but random.choices."""
    chance = random.Random(2)  # noqa: S311 - a sample, no secret
    closed, told = list(CLOSED.elements()), []
    before = {stage: share(closed, stage) for stage in set(STAGES)}
    for _ in range(draws):
        again = chance.choices(closed, k=len(closed))
        now = {stage: share(again, stage) for stage in before}
        deals = chance.choices(list(zip(VALUES, STAGES, strict=True)), k=len(VALUES))
        money = sum(value * now[stage] / before[stage] for value, stage in deals)
        told.append(money * median(CYCLES) / median(chance.choices(CYCLES, k=len(CYCLES))))
    return sorted(told)


def test_it_is_what_drawing_one_by_one_gives() -> None:
    draws = 3000
    plain, found = drawn_one_by_one(draws), interval()
    assert found.estimate == sum(VALUES)
    assert found.low == pytest.approx(plain[draws // 40], rel=0.08)
    assert found.high == pytest.approx(plain[-draws // 40], rel=0.08)


def test_what_is_the_same_in_every_draw_leaves_nothing_open() -> None:
    sure = Counter({(frozenset({"Demo", "Offer"}), True): 30})
    told = interval([100.0] * 8, sure, [30] * 14)
    assert (told.low, told.estimate, told.high) == pytest.approx((800, 800, 800))


@pytest.mark.parametrize("part", ["deals", "shares", "cycles"])
def test_each_of_the_numbers_adds_to_what_is_open(part: str) -> None:
    sure = Counter({(frozenset({"Demo", "Offer"}), True): 30})
    told = interval(
        VALUES if part == "deals" else [100.0] * 8,
        CLOSED if part == "shares" else sure,
        CYCLES if part == "cycles" else [30] * 14,
    )
    assert told.low < 0.9 * told.estimate < 1.1 * told.estimate < told.high


def test_a_cycle_of_no_days_is_one_day() -> None:
    sure = Counter({(frozenset({"Demo", "Offer"}), True): 30})
    assert interval([100.0] * 8, sure, [0, 0, 0, 1, 1]).width == 0


def test_too_little_to_draw_from_says_nothing() -> None:
    rests = Rests(closed=CLOSED, cycles=np.asarray([10.0]))
    for values, given in (
        ([5.0], rests),
        ([5.0, 6.0], Rests(closed=Counter(), cycles=rests.cycles)),
        ([5.0, 6.0], Rests(closed=CLOSED, cycles=np.asarray([]))),
    ):
        stages = STAGES[: len(values)]
        assert velocity_interval(values, stages, given, rng=np.random.default_rng(1)) is None
