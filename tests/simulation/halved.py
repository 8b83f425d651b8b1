"""Eight facts a week that halve, by how much history there is when they do: ours and the limit.

``python -m tests.simulation.halved`` measures anew (some minutes) and writes halved.json, from
which ``make update`` takes the table of docs/why/noise.md; a test weighs the first ones again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from tests.simulation.comparison import WITHIN, calibrated_rivals, ours
from tests.simulation.generator import Nuisances, make_organisation

FILE = Path(__file__).parent / "halved.json"
ORGANISATIONS, SEED = 600, 1_000_000
MEETINGS, HALF = 1, 0.5
#: A fall may begin in any week from the eighth on.
WORLD = Nuisances(struggle_factors=(0.6, HALF, HALF))
#: Weeks that went before the fall, and where the next row begins.
STARTS = {"8 to 12": (8, 13), "13 to 19": (13, 20), "20 to 29": (20, 30), "30 on": (30, 52)}


@dataclass(frozen=True, slots=True)
class Fall:
    organisation: int
    #: The week it began in.
    first: int
    #: Whether ours noticed it within eight weeks, and whether the limit did.
    ours: bool
    limit: bool


def falls_of(number: int) -> list[Fall]:
    made_up = make_organisation(np.random.default_rng(SEED + number), WORLD)
    said, could = ours(made_up), calibrated_rivals()[1][HALF].warnings(made_up)
    found = []
    for fall in made_up.struggles:
        if fall.metric == MEETINGS:
            weeks = (MEETINGS, fall.rep, slice(fall.first, fall.first + WITHIN))
            found.append(
                Fall(number, fall.first, bool(said[weeks].any()), bool(could[weeks].any()))
            )
    return found


def stored() -> list[Fall]:
    return [Fall(*row) for row in json.loads(FILE.read_text(encoding="utf-8"))]


def written(found: Iterable[Fall]) -> str:
    return "[\n" + ",\n".join(json.dumps(astuple(fall)) for fall in found) + "\n]\n"


def recall(found: Sequence[Fall]) -> tuple[float, float]:
    """Of ours and of the limit."""
    return fmean(fall.ours for fall in found), fmean(fall.limit for fall in found)


def table() -> str:
    return "\n".join(_rows(stored()))


def _rows(found: Sequence[Fall]) -> Iterator[str]:
    yield "| Weeks known when it halved | Falls | Ours | Limit |\n|---|---:|---:|---:|"
    for words, (first, end) in {**STARTS, "any": (0, 52)}.items():
        seen = [fall for fall in found if first <= fall.first < end]
        mine, could = recall(seen)
        yield f"| {words} | {len(seen)} | {mine:.1%} | {could:.1%} |"


def measure() -> None:
    found = [fall for number in range(ORGANISATIONS) for fall in falls_of(number)]
    FILE.write_text(written(found), encoding="utf-8")


if __name__ == "__main__":
    measure()
