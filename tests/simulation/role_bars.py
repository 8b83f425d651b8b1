"""How often a role that has nothing to teach is told something, and what is found elsewhere."""

from collections.abc import Iterator

import numpy as np

from bot.coaching.evidence.leading import find_leading
from bot.coaching.learning import Grade, grade_of
from tests.simulation.bar import Bar
from tests.simulation.role_worlds import TRUE, RoleWorld, make_role

SEED = 61_000
SIZES = {
    "16 reps, 8 quarters": RoleWorld(reps=16, quarters=8, teams=4),
    "16 reps in 2 teams whose quarters are alike": RoleWorld(
        reps=16, quarters=8, teams=2, memory=0.6, team_shock=0.3
    ),
    "8 reps, 8 quarters": RoleWorld(reps=8, quarters=8, teams=2),
    "24 reps, 4 quarters": RoleWorld(reps=24, quarters=4, teams=3),
}
EMPTY_WORLDS, FULL_WORLDS = 100, 20


def calls(given: RoleWorld, *, seed: int) -> list[str]:
    """The metrics that one made-up role is told to watch, or more."""
    quarters = make_role(np.random.default_rng(seed), given)
    leading = find_leading(quarters, np.random.default_rng(seed))
    return [
        str(metric.key)
        for at, metric in enumerate(quarters.metrics)
        if grade_of(leading, at) is not Grade.NONE
    ]


def role_bars() -> Iterator[Bar]:
    told = {
        name: sum(bool(calls(empty(given), seed=SEED + at)) for at in range(EMPTY_WORLDS))
        for name, given in SIZES.items()
    }
    yield Bar(
        what="Roles in which nothing leads that are told of any metric",
        measured=sum(told.values()) / (EMPTY_WORLDS * len(SIZES)),
        at_most=0.05,
        rests_on="; ".join(f"{name}: {many} of {EMPTY_WORLDS}" for name, many in told.items()),
    )
    found = [calls(RoleWorld(), seed=SEED + at) for at in range(FULL_WORLDS)]
    yield Bar(
        what="Metrics that lead, found with 40 reps and 12 quarters",
        measured=sum(name in TRUE for each in found for name in each) / (3 * FULL_WORLDS),
        at_least=0.75,
        rests_on=f"{3 * FULL_WORLDS} in {FULL_WORLDS} roles",
    )


def empty(given: RoleWorld) -> RoleWorld:
    return RoleWorld(
        reps=given.reps,
        quarters=given.quarters,
        teams=given.teams,
        effect=0.0,
        memory=given.memory,
        team_shock=given.team_shock,
    )
