"""Weekly counts that nobody here made: strangers.csv, and drops planted in them by thinning.

Deals closed, won and engaged a week by 30 agents in 2017, counted from Maven Analytics' "CRM Sales
Opportunities" (public domain), without the weeks at the edges of the data. Thinning a count by
``factor`` gives the count of somebody who did that share of what was done (Poisson or not).
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.coaching.evidence.panel import PanelMetric, WeeklyPanel
from bot.domain.ids import MetricKey, RepId

FILE = Path(__file__).parent / "strangers.csv"
PLANTED_A_ROUND, DROP_WEEKS, FIRST_DROP = 3, 10, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    name: str
    reps: tuple[str, ...]
    weeks: tuple[date, ...]
    #: (reps, weeks)
    counts: npt.NDArray[np.int64]


def strangers_series() -> tuple[Series, ...]:
    rows = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["series"]].append(row)
    return tuple(_series(name, of_series) for name, of_series in rows.items())


def _series(name: str, rows: list[dict[str, str]]) -> Series:
    counts = np.asarray([[int(count) for count in row["counts"].split()] for row in rows])
    first = date.fromisoformat(rows[0]["first_week"])
    return Series(
        name=name,
        reps=tuple(row["agent"] for row in rows),
        weeks=tuple(first + timedelta(weeks=at) for at in range(counts.shape[1])),
        counts=counts,
    )


def panel_of_series(series: Series, counts: npt.NDArray[np.int64] | None = None) -> WeeklyPanel:
    shape = series.counts.shape
    return WeeklyPanel(
        metrics=(PanelMetric(key=MetricKey(series.name)),),
        reps=tuple(RepId(rep) for rep in series.reps),
        teams=(None,) * shape[0],
        weeks=series.weeks,
        counts=(series.counts if counts is None else counts)[None].astype(float),
        working_share=np.ones(shape),
        ramp_share=np.ones(shape),
    )


def thinned(
    series: Series, *, factor: float, rounds: int, seed: int
) -> Iterator[tuple[WeeklyPanel, list[tuple[int, int]]]]:
    """Panels with three drops each, and where (rep, first week) they were planted."""
    rng = np.random.default_rng(seed)
    reps, weeks = series.counts.shape
    for _ in range(rounds):
        counts = series.counts.copy()
        chosen = rng.choice(reps, PLANTED_A_ROUND, replace=False)
        places = [(int(rep), int(rng.integers(FIRST_DROP, weeks - 8))) for rep in chosen]
        for rep, first in places:
            dropped = slice(first, first + DROP_WEEKS)
            counts[rep, dropped] = rng.binomial(counts[rep, dropped], factor)
        yield panel_of_series(series, counts), places
