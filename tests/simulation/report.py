"""Print what docs/why/noise.md speaks of, measured now: ``python -m tests.simulation.report``.

``--falls`` leaves the gates out and prints the stored comparison alone.
"""

import sys
from collections.abc import Iterator

from tests.simulation import comparison
from tests.simulation.bars import GROUPS, Bar

HEADER = "| What | Asked | Measured | On |\n|---|---|---:|---|"


def rows() -> Iterator[str]:
    yield HEADER
    for group in GROUPS.values():
        yield from map(Bar.row, group())


if __name__ == "__main__":
    if "--falls" not in sys.argv:
        for row in rows():
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
    sys.stdout.write(f"\n{comparison.table()}\n")
