"""Weekly counts that nobody here made (Maven Analytics), and drops planted in them by thinning."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.coaching.evidence.panel import PanelMetric, WeeklyPanel
from bot.domain.ids import MetricKey, RepId

ROOT = Path(__file__).resolve().parents[2]
EXPORT = ROOT.parent / "shared" / "data" / "maven" / "export"
#: Before, deals had no time yet to close; after, the edge of the data thins the counts out.
FIRST_WEEK, LAST_WEEK = date(2017, 3, 6), date(2017, 12, 18)
LAST_ENGAGED_WEEK = date(2017, 10, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    name: str
    reps: tuple[str, ...]
    weeks: tuple[date, ...]
    #: (reps, weeks)
    counts: npt.NDArray[np.int64]


def maven_series() -> tuple[Series, ...]:
    """Deals closed, won and engaged a week by each active agent."""
    with (EXPORT / "Opportunity.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    closed = [(row["OwnerId"], row["CloseDate"]) for row in rows if row["IsClosed"] == "1"]
    won = [(row["OwnerId"], row["CloseDate"]) for row in rows if row["IsWon"] == "1"]
    # Prospecting records are undated in the source.
    engaged = [
        (row["OwnerId"], row["CreatedDate"][:10])
        for row in rows
        if row["StageName"] != "Prospecting"
    ]
    first_engaged = date(2016, 12, 26)
    return (
        _series("closed", closed, FIRST_WEEK, LAST_WEEK),
        _series("won", won, FIRST_WEEK, LAST_WEEK),
        _series("engaged", engaged, first_engaged, LAST_ENGAGED_WEEK),
    )


def _series(name: str, facts: list[tuple[str, str]], first: date, last: date) -> Series:
    weeks = tuple(first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    reps = tuple(sorted({owner for owner, _ in facts}))
    seen = Counter((owner, (date.fromisoformat(day) - first).days // 7) for owner, day in facts)
    counts = np.asarray([[seen[owner, week] for week in range(len(weeks))] for owner in reps])
    return Series(name=name, reps=reps, weeks=weeks, counts=counts)


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
