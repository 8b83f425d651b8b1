"""Draws from named, seeded streams, so that one more draw here never changes a story there."""

import math
from random import Random


def stream(seed: int, *names: str) -> Random:
    """An independent generator for this seed and these names; the same on every machine."""
    return Random("/".join((str(seed), *names)))


def poisson(rng: Random, mean: float) -> int:
    """A Poisson draw by Knuth's product of uniforms; meant for means below about 50."""
    floor = math.exp(-mean)
    count, product = 0, rng.random()
    while product > floor:
        count += 1
        product *= rng.random()
    return count


def steady(rng: Random, mean: float) -> int:
    """The mean, rounded up or down by chance: as little luck as whole numbers allow."""
    return math.floor(mean + rng.random())


def spread(rng: Random, median: float, sigma: float) -> float:
    """A log-normal draw around ``median``."""
    return rng.lognormvariate(math.log(median), sigma)
