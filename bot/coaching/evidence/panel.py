"""What the statistics look at: metrics by reps by weeks, with what could be expected of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from bot.coaching.evidence.arrays import Floats
from bot.domain.ids import MetricKey, RepId, RoleKey, TeamId
from bot.domain.metric import Valence

WEEK = timedelta(days=7)


class FactKind(StrEnum):
    #: Facts of a week; what is expected grows with the share of the week that was worked.
    COUNT = "count"
    #: Facts of so many trials; what is expected grows with the trials.
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMetric:
    key: MetricKey
    kind: FactKind = FactKind.COUNT
    valence: Valence = Valence.HIGHER
    #: The metric that should follow from this one (calls → meetings); a rise of this one without
    #: the other is no improvement.
    leads_to: MetricKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyPanel:
    """Consecutive weeks, oldest first. Shapes: M metrics, R reps, W weeks."""

    metrics: tuple[PanelMetric, ...]
    reps: tuple[RepId, ...]
    #: The team of each rep; None for somebody without a manager.
    teams: tuple[TeamId | None, ...]
    #: The Monday of each week.
    weeks: tuple[date, ...]
    #: (M, R, W): facts counted, or the successes of a share.
    counts: Floats
    #: (R, W), 0..1: the share of a usual week that the rep was to work, known leave, holidays,
    #: part time and days before joining taken off. 0 says nothing about the rep's week.
    working_share: Floats
    #: (R, W), 0..1: the share of a full rep that is fair in that week of the ramp.
    ramp_share: Floats
    #: (M, R, W): trials of a share; ignored for counts.
    trials: Floats | None = None
    #: (M, R): the range's edges, for a full week (counts) or as a share; NaN where none is set.
    target_low: Floats | None = None
    target_high: Floats | None = None
    #: The role of each rep, whose rates theirs are drawn towards; empty: all have the same.
    roles: tuple[RoleKey, ...] = ()

    def __post_init__(self) -> None:
        metrics, reps, weeks = len(self.metrics), len(self.reps), len(self.weeks)
        expected = {
            "counts": (self.counts, (metrics, reps, weeks)),
            "working_share": (self.working_share, (reps, weeks)),
            "ramp_share": (self.ramp_share, (reps, weeks)),
            "trials": (self.trials, (metrics, reps, weeks)),
            "target_low": (self.target_low, (metrics, reps)),
            "target_high": (self.target_high, (metrics, reps)),
        }
        for name, (values, shape) in expected.items():
            if values is not None and values.shape != shape:
                raise ValueError(f"{name} has the shape {values.shape}, not {shape}")
        if len(self.teams) != reps or len(set(self.reps)) != reps:
            raise ValueError("each rep stands once in a panel and has one team")
        if self.roles and len(self.roles) != reps:
            raise ValueError("each rep of a panel has one role")
        if any(
            later - week != WEEK for week, later in zip(self.weeks, self.weeks[1:], strict=False)
        ):
            raise ValueError("the weeks of a panel follow one another")
        if self.trials is None and any(metric.kind is FactKind.SHARE for metric in self.metrics):
            raise ValueError("a share needs its trials")

    def each_week(self) -> Iterator["PanelWeek"]:
        exposures = self._exposures()
        edges = [
            np.full(self.counts.shape[:2], np.nan) if edge is None else edge
            for edge in (self.target_low, self.target_high)
        ]
        for at, week in enumerate(self.weeks):
            known = exposures[:, :, at] > 0
            yield PanelWeek(
                metrics=self.metrics,
                reps=self.reps,
                teams=self.teams,
                roles=self.roles,
                week=week,
                counts=np.where(known, self.counts[:, :, at], 0.0),
                exposures=exposures[:, :, at],
                target_low=edges[0],
                target_high=edges[1],
            )

    def _exposures(self) -> Floats:
        whole = np.clip(self.working_share, 0, 1) * np.clip(self.ramp_share, 0, 1)
        exposures = np.broadcast_to(whole, self.counts.shape).copy()
        for at, metric in enumerate(self.metrics):
            if metric.kind is FactKind.SHARE and self.trials is not None:
                exposures[at] = np.maximum(self.trials[at], 0)
        return exposures


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelWeek:
    """One column of a panel. Exposures are full weeks, or trials; 0 says nothing."""

    metrics: tuple[PanelMetric, ...]
    reps: tuple[RepId, ...]
    teams: tuple[TeamId | None, ...]
    week: date
    counts: Floats
    exposures: Floats
    target_low: Floats = field(repr=False)
    target_high: Floats = field(repr=False)
    roles: tuple[RoleKey, ...] = ()

    @property
    def keys(self) -> tuple[MetricKey, ...]:
        return tuple(metric.key for metric in self.metrics)

    def is_share(self) -> tuple[bool, ...]:
        return tuple(metric.kind is FactKind.SHARE for metric in self.metrics)
