"""Print what docs/why/noise.md speaks of, measured now: ``python -m tests.simulation.report``.

``--falls`` prints the stored comparison alone; ``--replayed N`` instead sends N organisations, in
which nobody struggles and half the deals are untidy, through ``import`` and ``replay``.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.simulation import comparison
from tests.simulation.bar import Bar
from tests.simulation.bars import GROUPS
from tests.simulation.generator import Nuisances, make_organisation
from tests.simulation.replayed import replayed

HEADER = "| What | Asked | Measured | On |\n|---|---|---:|---|"
UNTIDY, SEED = 0.5, 101


def gates() -> Iterator[str]:
    yield HEADER
    for group in GROUPS.values():
        yield from map(Bar.row, group())


def half_years(count: int) -> Iterator[str]:
    """False warnings a rep and half-year, all rules counted, through the whole program."""
    given = Nuisances(
        reps=12, teams=3, weeks=40, means=(15.0, 6.0, 1.5), struggling=0.0, shock_share=1.0
    )
    for seed in range(SEED, SEED + count):
        made_up = make_organisation(np.random.default_rng(seed), given)
        with TemporaryDirectory() as folder:
            found = replayed(made_up, Path(folder), seed=seed, untidy=UNTIDY)
        yield f"seed {seed}: {found.false_warnings():.2f} false warnings a rep and half-year"


def report(words: list[str]) -> Iterator[str]:
    if "--replayed" in words:
        yield from half_years(int(words[words.index("--replayed") + 1]))
        return
    if "--falls" not in words:
        yield from gates()
        yield ""
    yield comparison.table()


if __name__ == "__main__":
    for line in report(sys.argv[1:]):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
