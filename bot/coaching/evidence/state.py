"""What is remembered from week to week, so that a new week costs only itself.

It survives as JSON without losing a bit; new reps, leavers and another order are no matter.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats, Whole
from bot.coaching.evidence.cusum import DESIGNS, Charts
from bot.coaching.evidence.expectation import WEEKS_REMEMBERED, Dispersion
from bot.domain.ids import MetricKey, RepId, RoleKey

VERSION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceState:
    """Metrics (M) by reps (R); the last axis of a history is weeks, the newest last."""

    metrics: tuple[MetricKey, ...]
    reps: tuple[RepId, ...]
    #: The newest week that was seen.
    week: date | None
    #: (M, R, weeks remembered): facts; and exposure times the factor of the others.
    counts: Floats
    exposures: Floats
    #: (M, weeks remembered): the factor of all, NaN where unknown.
    factors: Floats
    dispersion: Dispersion
    #: (designs, M, R).
    charts: Charts
    #: (M, R): weeks in which nothing more is said about a level.
    level_silence: Whole
    #: (R,): whether the week before was taken for leave that nobody entered.
    absent: Flags
    #: "metric", "metric|team" or "metric|rep" → weeks in which no such finding is repeated.
    silence: dict[str, int]
    #: The roles that the reps held in that week; empty: all the same.
    roles: tuple[RoleKey, ...] = ()

    @classmethod
    def new(cls, metrics: Sequence[MetricKey], reps: Sequence[RepId]) -> "EvidenceState":
        shape = (len(metrics), len(reps))
        return cls(
            metrics=tuple(metrics),
            reps=tuple(reps),
            week=None,
            counts=np.zeros((*shape, WEEKS_REMEMBERED)),
            exposures=np.zeros((*shape, WEEKS_REMEMBERED)),
            factors=np.full((shape[0], WEEKS_REMEMBERED), np.nan),
            dispersion=Dispersion.unknown(shape[0]),
            charts=Charts.at_rest((len(DESIGNS), *shape)),
            level_silence=np.zeros(shape, dtype=np.int64),
            absent=np.zeros(shape[1], dtype=bool),
            silence={},
        )

    def aligned(self, metrics: Sequence[MetricKey], reps: Sequence[RepId]) -> "EvidenceState":
        """The same memories in another order; whoever is new starts with none."""
        if self.metrics == tuple(metrics) and self.reps == tuple(reps):
            return self
        m_from, m_to = _places(self.metrics, metrics)
        r_from, r_to = _places(self.reps, reps)
        blank = EvidenceState.new(metrics, reps)

        def by_both(old: Floats, new: Floats) -> Floats:
            new[np.ix_(m_to, r_to)] = old[np.ix_(m_from, r_from)]
            return new

        def by_metric(old: Floats, new: Floats) -> Floats:
            new[m_to] = old[m_from]
            return new

        for name in (field.name for field in fields(Charts)):
            chart, old = getattr(blank.charts, name), getattr(self.charts, name)
            for design in range(len(DESIGNS)):
                by_both(old[design], chart[design])
        for name in (field.name for field in fields(Dispersion)):
            by_metric(getattr(self.dispersion, name), getattr(blank.dispersion, name))
        by_both(self.level_silence, blank.level_silence)  # type: ignore[arg-type] # whole numbers
        blank.absent[r_to] = self.absent[r_from]
        return replace(
            blank,
            week=self.week,
            counts=by_both(self.counts, blank.counts),
            exposures=by_both(self.exposures, blank.exposures),
            factors=by_metric(self.factors, blank.factors),
            silence=dict(self.silence),
        )

    def to_json(self) -> str:
        plain: dict[str, object] = {
            "version": VERSION,
            "metrics": list(self.metrics),
            "reps": list(self.reps),
            "week": None if self.week is None else self.week.isoformat(),
            "counts": self.counts.tolist(),
            "exposures": self.exposures.tolist(),
            "factors": [[None if np.isnan(x) else x for x in row] for row in self.factors.tolist()],
            "dispersion": _lists(self.dispersion),
            "charts": _lists(self.charts),
            "level_silence": self.level_silence.tolist(),
            "absent": self.absent.tolist(),
            "silence": self.silence,
            "roles": list(self.roles),
        }
        return json.dumps(plain, allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "EvidenceState":
        """Raises ValueError when another version wrote it: replay the weeks instead."""
        plain = json.loads(text)
        if plain.get("version") != VERSION:
            raise ValueError(f"evidence of version {plain.get('version')}, not {VERSION}")
        blank = cls.new(plain["metrics"], plain["reps"])
        return replace(
            blank,
            week=None if plain["week"] is None else date.fromisoformat(plain["week"]),
            counts=_floats(plain["counts"], blank.counts),
            exposures=_floats(plain["exposures"], blank.exposures),
            factors=_floats(plain["factors"], blank.factors),
            dispersion=Dispersion(
                **{name: np.asarray(row, float) for name, row in plain["dispersion"].items()}
            ),
            charts=Charts(
                **{
                    name: np.asarray(rows, getattr(blank.charts, name).dtype).reshape(
                        blank.charts.height.shape
                    )
                    for name, rows in plain["charts"].items()
                }
            ),
            level_silence=np.asarray(plain["level_silence"], np.int64).reshape(
                blank.level_silence.shape
            ),
            absent=np.asarray(plain["absent"], bool),
            silence={str(key): int(weeks) for key, weeks in plain["silence"].items()},
            roles=tuple(plain["roles"]),
        )


def _lists(values: Dispersion | Charts) -> dict[str, object]:
    return {field.name: getattr(values, field.name).tolist() for field in fields(values)}


def _floats(rows: object, like: Floats) -> Floats:
    return np.asarray(rows, dtype=float).reshape(like.shape)


def _places(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    at = {key: place for place, key in enumerate(old)}
    both = [(at[key], place) for place, key in enumerate(new) if key in at]
    return [here for here, _ in both], [there for _, there in both]
