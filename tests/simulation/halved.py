"""Eight facts a week that halve, by how much history there is when they do: ours and the limit.

``python -m tests.simulation.report --halved N`` measures N organisations, in which falls may begin
from week 8 on. Docs/why/noise.md says what came of it.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.simulation.comparison import WITHIN, fine_organisations, ours
from tests.simulation.generator import Nuisances, make_organisation
from tests.simulation.rivals import limit_of_the_possible

SEED = 1_000_000
MEETINGS, HALF = 1, 0.5
#: Weeks that went before the fall, and where the next row begins.
STARTS = {"8 to 12": (8, 13), "13 to 19": (13, 20), "20 to 29": (20, 30), "30 on": (30, 52)}

#: The week a fall began in, whether ours noticed it within eight weeks, and whether the limit did.
Fall = tuple[int, bool, bool]


def falls(count: int) -> Iterator[Fall]:
    limit = limit_of_the_possible(fine_organisations())[HALF]
    world = Nuisances(struggle_factors=(0.6, HALF, 0.5))
    for number in range(count):
        made_up = make_organisation(np.random.default_rng(SEED + number), world)
        said, could = ours(made_up), limit.warnings(made_up)
        for fall in made_up.struggles:
            if fall.metric == MEETINGS:
                weeks = (MEETINGS, fall.rep, slice(fall.first, fall.first + WITHIN))
                yield fall.first, bool(said[weeks].any()), bool(could[weeks].any())


def rows(found: Sequence[Fall]) -> Iterator[str]:
    yield "| Began in week | Falls | Ours | Limit |\n|---|---:|---:|---:|"
    for words, (first, end) in {**STARTS, "any": (0, 52)}.items():
        seen = [fall for fall in found if first <= fall[0] < end]
        if seen:
            mine, could = (sum(fall[way] for fall in seen) / len(seen) for way in (1, 2))
            yield f"| {words} | {len(seen)} | {mine:.1%} | {could:.1%} |"
