"""A reading held against a target range."""

from enum import StrEnum
from typing import assert_never

from bot.domain.light import light
from bot.domain.metric import Metric, Reading, Valence
from bot.domain.success_model import TargetRange


class Band(StrEnum):
    SHORT = "short of target"
    ON_TARGET = "on target"
    BEYOND = "beyond target"
    NO_DATA = "not enough data"


@light(frozen=True, slots=True, kw_only=True)
class Gap:
    metric: Metric
    reading: Reading
    target: TargetRange
    band: Band
    #: How far outside the range, as a share of its near edge; 0 inside it.
    distance: float
    #: Whether noise control believes the band; a gap that chance explains is shown, never said.
    is_earned: bool = True
    #: Where the truth lies with eight chances in ten, drawn to the role: low, middle, high.
    likely: tuple[float, float, float] | None = None


def measure_gap(metric: Metric, reading: Reading, target: TargetRange) -> Gap:
    band = _band(metric, reading, target)
    return Gap(
        metric=metric,
        reading=reading,
        target=target,
        band=band,
        distance=_distance(reading.value, target) if band is not Band.NO_DATA else 0.0,
    )


def _band(metric: Metric, reading: Reading, target: TargetRange) -> Band:
    value = reading.value
    if value is None or reading.facts < metric.min_facts:
        return Band.NO_DATA
    if target.low <= value <= target.high:
        return Band.ON_TARGET
    match metric.valence:
        case Valence.HIGHER:
            return Band.SHORT if value < target.low else Band.BEYOND
        case Valence.LOWER:
            return Band.SHORT if value > target.high else Band.BEYOND
        case _:
            assert_never(metric.valence)


def _distance(value: float | None, target: TargetRange) -> float:
    if value is None or target.low <= value <= target.high:
        return 0.0
    edge = target.low if value < target.low else target.high
    return abs(value - edge) / abs(edge) if edge else abs(value - edge)
