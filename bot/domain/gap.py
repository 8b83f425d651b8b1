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
    band, distance = _place(metric, reading, target)
    return Gap(metric=metric, reading=reading, target=target, band=band, distance=distance)


def _place(metric: Metric, reading: Reading, target: TargetRange) -> tuple[Band, float]:
    value = reading.value
    if value is None or reading.facts < metric.min_facts:
        return Band.NO_DATA, 0.0
    if target.low <= value <= target.high:
        return Band.ON_TARGET, 0.0
    is_below = value < target.low
    edge = target.low if is_below else target.high
    distance = abs(value - edge) / (abs(edge) or 1.0)
    match metric.valence:
        case Valence.HIGHER:
            return (Band.SHORT if is_below else Band.BEYOND), distance
        case Valence.LOWER:
            return (Band.BEYOND if is_below else Band.SHORT), distance
        case _:
            assert_never(metric.valence)
