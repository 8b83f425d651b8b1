"""Ours, two usual rules and the best that is possible, by the size of the fall.

``python -m tests.simulation.comparison`` measures anew (some minutes) and writes comparison.json;
``make update`` takes the table of docs/why/noise.md from there. A test weighs the first
organisations again and holds the file to what it finds.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from statistics import fmean, median

import numpy as np

from bot.coaching.evidence.cusum import smallest_drop
from bot.coaching.evidence.signals import weigh_panel
from tests.simulation.generator import (
    FACTORS,
    WEEKLY_MEANS,
    Flags,
    MadeUpOrganisation,
    Nuisances,
    make_organisation,
)
from tests.simulation.rivals import EFFORT_NOISE, Rival, fine_weeks, limit_of_the_possible, rivals
from tests.simulation.scorer import panel_of, warned

FILE = Path(__file__).parent / "comparison.json"
ORGANISATIONS, FINE_ORGANISATIONS = 200, 40
SEED, FINE_SEED = 20_001, 30_001
WITHIN = 8
FIXED, OWN, OURS, LIMIT = NAMES = ("fixed threshold", "own eight weeks", "ours", "limit")
#: A fall of which even the limit finds less than this cannot be told from noise.
CAN_BE_TOLD = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One planted fall, and in which of its weeks each way noticed it; None: in none."""

    organisation: int
    mean: float
    factor: float
    weeks: dict[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One size of fall: recall within eight weeks, and median weeks until noticed."""

    mean: float
    factor: float
    falls: int
    recall: dict[str, float]
    delay: dict[str, float]

    @property
    def can_be_told(self) -> bool:
        return self.recall[LIMIT] >= CAN_BE_TOLD


def organisation(number: int) -> MadeUpOrganisation:
    return make_organisation(np.random.default_rng(SEED + number))


def fine_organisations(count: int = FINE_ORGANISATIONS) -> list[MadeUpOrganisation]:
    """All that may go on in an organisation except that somebody struggles."""
    given = Nuisances(struggling=0.0)
    return [make_organisation(np.random.default_rng(FINE_SEED + at), given) for at in range(count)]


def ours(made_up: MadeUpOrganisation) -> Flags:
    panel = panel_of(made_up)
    return warned(weigh_panel(panel)[0], panel)


@cache
def calibrated_rivals() -> tuple[tuple[Rival, Rival], dict[float, Rival]]:
    fine = fine_organisations()
    return rivals(fine), limit_of_the_possible(fine)


def falls_found(number: int) -> list[Found]:
    """Each planted fall of one organisation as all four ways saw it."""
    (fixed, own), limits = calibrated_rivals()
    made_up = organisation(number)
    said = {FIXED: fixed.warnings(made_up), OWN: own.warnings(made_up), OURS: ours(made_up)}
    result = []
    for struggle in made_up.struggles:
        limit = limits[struggle.factor].warnings(made_up)
        weeks = slice(struggle.first, struggle.last + 1)
        seen = {
            name: flags[struggle.metric, struggle.rep, weeks]
            for name, flags in {**said, LIMIT: limit}.items()
        }
        result.append(
            Found(
                organisation=number,
                mean=WEEKLY_MEANS[struggle.metric],
                factor=struggle.factor,
                weeks={
                    name: int(flags.argmax()) + 1 if flags.any() else None
                    for name, flags in seen.items()
                },
            )
        )
    return result


def false_rates(fine: Sequence[MadeUpOrganisation]) -> dict[str, float]:
    """Warnings a rep, metric and week where nothing is wrong."""
    (fixed, own), limits = calibrated_rivals()
    ways = {FIXED: fixed.warnings, OWN: own.warnings, OURS: ours, LIMIT: limits[0.6].warnings}
    rates = {}
    for name, warnings in ways.items():
        judged = [(warnings(made_up), fine_weeks(made_up)) for made_up in fine]
        false = sum(int((said & weeks).sum()) for said, weeks in judged)
        rates[name] = false / sum(int(weeks.sum()) for _, weeks in judged)
    return rates


def lines(found: Iterable[Found]) -> list[Line]:
    by_size: dict[tuple[float, float], list[Found]] = {}
    for one in found:
        by_size.setdefault((one.mean, one.factor), []).append(one)
    return [
        Line(
            mean=mean,
            factor=factor,
            falls=len(by_size[mean, factor]),
            recall={
                name: fmean((one.weeks[name] or inf) <= WITHIN for one in by_size[mean, factor])
                for name in NAMES
            },
            delay={
                name: median(one.weeks[name] or inf for one in by_size[mean, factor])
                for name in NAMES
            },
        )
        for mean in sorted(WEEKLY_MEANS)
        for factor in FACTORS
        if (mean, factor) in by_size
    ]


def recall_of_all(found: Sequence[Found]) -> dict[str, float]:
    return {name: fmean((one.weeks[name] or inf) <= WITHIN for one in found) for name in NAMES}


def stored() -> tuple[list[Found], dict[str, float]]:
    plain = json.loads(FILE.read_text(encoding="utf-8"))
    names = plain["ways"]
    return [
        Found(
            organisation=row[0],
            mean=row[1],
            factor=row[2],
            weeks=dict(zip(names, row[3:], strict=True)),
        )
        for row in plain["falls"]
    ], plain["false"]


def written(found: Iterable[Found], false: dict[str, float]) -> str:
    rows = [
        json.dumps([one.organisation, one.mean, one.factor, *(one.weeks[name] for name in NAMES)])
        for one in found
    ]
    head = f'"ways": {json.dumps(NAMES)},\n"false": {json.dumps(false)},\n'
    return "{\n" + head + '"falls": [\n' + ",\n".join(rows) + "\n]\n}\n"


def table() -> str:
    """The table of the docs."""
    found, false = stored()
    everything = recall_of_all(found)
    head = "| A week | Left over | Falls | Fixed threshold | Own eight weeks | Ours | Limit |"
    rule = "|---:|---:|---:|---:|---:|---:|---:|"
    rows = [
        f"| {line.mean:.0f} | {line.factor:.0%} | {line.falls} | "
        + " | ".join(_cell(line.recall[name], line.delay[name]) for name in NAMES)
        + " |"
        for line in lines(found)
    ]
    of_all = " | ".join(f"**{everything[name]:.0%}**" for name in NAMES)
    rates = " | ".join(f"{false[name]:.2%}" for name in NAMES)
    last = [
        f"| all | all | {len(found)} | {of_all} |",
        f"| false warnings a rep, metric and week | | | {rates} |",
    ]
    return "\n".join([head, rule, *rows, *last])


def smallest_drops() -> str:
    """What can be noticed within four weeks, by how much there is to count."""
    head = "| Facts a week | Smallest drop noticed | With effort that varies |\n|---:|---:|---:|"
    rows = [
        f"| {mean:g} | {_drop(smallest_drop(mean, 1.0))} | "
        f"{_drop(smallest_drop(mean, 1 + EFFORT_NOISE * mean))} |"
        for mean in (1, 2, 3, 5, 8, 12, 20, 50)
    ]
    return "\n".join([head, *rows])


def _drop(drop: float | None) -> str:
    return "too few to tell" if drop is None else f"{drop:.0%}"


def _cell(recall: float, delay: float) -> str:
    return f"{recall:.0%}, {'never' if delay == inf else f'{delay:.0f} wk'}"


def measure() -> None:
    found = [one for number in range(ORGANISATIONS) for one in falls_found(number)]
    false = {name: round(rate, 5) for name, rate in false_rates(fine_organisations()).items()}
    FILE.write_text(written(found, false), encoding="utf-8")


if __name__ == "__main__":
    measure()
