"""Which one metric would pay most if it moved to the middle of its range, and how sure that is.

The gain is a share of the amount won: the playbook's leverage, which is what the whole way promises
(from half the range's low edge, or twice its high edge where less is better, to the middle), times
the part of that way that lies before the rep. Neither is known well. The leverage is an expert's
prior, right to within a factor of ``PRIOR_WITHIN``; where the rep stands is known as far as the
facts go, drawn to the role. Both doubts are carried through and told as an interval.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.intervals import Interval
from bot.domain.gap import Band, Gap
from bot.domain.ids import MetricKey
from bot.domain.metric import Valence
from bot.domain.success_model import TargetRange

#: Eight of ten expert priors lie within this factor of the truth, up or down.
PRIOR_WITHIN = 3.0
LEVEL = 0.8
#: A focus holds for so long, unless it is reached or overtaken: habits take weeks.
FOCUS_DAYS = 28
#: Another metric that promises so many times as much takes the focus over.
OVERTAKEN_BY = 2.0
_STEPS = (np.arange(40) + 0.5) / 40
_TAIL = NormalDist().inv_cdf((1 + LEVEL) / 2)
#: Relative spread of a reading of which nothing better is known, over the root of its facts.
USUAL_SPREAD = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFocus:
    """What a rep was asked to keep an eye on, from when on."""

    metric: MetricKey
    since: date

    def week(self, today: date) -> int:
        """1 in the first week."""
        return (today - self.since).days // 7 + 1

    def holds_on(self, today: date) -> bool:
        return timedelta(0) <= today - self.since < timedelta(days=FOCUS_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    gap: Gap
    gain: Interval
    since: date


def expected_gain(gap: Gap) -> Interval:
    """The gain of moving to the middle of the range; nothing unless the gap is short and earned."""
    value, leverage = gap.reading.value, gap.target.leverage
    if gap.band is not Band.SHORT or not gap.is_earned or value is None or leverage <= 0:
        return Interval(estimate=0.0, low=0.0, high=0.0, level=LEVEL)
    ways = _way_before(_truths(gap), gap.target, gap.metric.valence)
    spread = np.log(PRIOR_WITHIN) / _TAIL
    # The playbook's number is the mean of the prior, so that doubt does not promise more.
    priors = leverage * np.exp(spread * stats.norm.ppf(_STEPS))
    priors *= leverage / priors.mean()
    gains = np.outer(np.minimum(priors, 1.0), ways).ravel()
    low, high = np.quantile(gains, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(
        estimate=float(gains.mean()),
        low=float(min(low, gains.mean())),
        high=float(max(high, gains.mean())),
        level=LEVEL,
    )


def _truths(gap: Gap) -> Floats:
    """Where the rep may truly stand: equally likely values."""
    value = gap.reading.value or 0.0
    if gap.likely is not None:
        low, middle, high = gap.likely
    else:
        half = _TAIL * USUAL_SPREAD * max(abs(value), 1e-9) / np.sqrt(max(gap.reading.facts, 1))
        low, middle, high = value - half, value, value + half
    normal = stats.norm.ppf(_STEPS) / _TAIL
    spread = np.where(normal < 0, middle - low, high - middle)
    return np.asarray(middle + normal * spread)


def _way_before(truths: Floats, target: TargetRange, valence: Valence) -> Floats:
    """The part of the whole way to the middle that is still to go, 0..1."""
    if valence is Valence.HIGHER:
        start, sign = target.low / 2, 1.0
    else:
        start, sign = (2 * target.high or 1.0), -1.0
    whole = max(abs(target.middle - start), 1e-9)
    return np.asarray(np.clip(sign * (target.middle - truths) / whole, 0.0, 1.0))


def choose_focus(
    gaps: Mapping[MetricKey, Gap], *, held: HeldFocus | None, today: date
) -> Focus | None:
    """The one metric to move; the held one stays until it is reached, overtaken or over.

    None when nothing is short beyond doubt, and while chance may explain how the held one stands.
    """
    gains = {key: expected_gain(gap) for key, gap in gaps.items()}
    best = min(_promising(gains), key=lambda key: (-gains[key].estimate, key), default=None)
    if held is not None and held.holds_on(today) and held.metric in gaps:
        own = gaps[held.metric]
        if own.band is Band.SHORT:
            is_overtaken = (
                best is not None
                and own.is_earned
                and gains[best].estimate >= OVERTAKEN_BY * gains[held.metric].estimate
            )
            if not own.is_earned:
                return None
            if not is_overtaken:
                return Focus(gap=own, gain=gains[held.metric], since=held.since)
    return Focus(gap=gaps[best], gain=gains[best], since=today) if best is not None else None


def _promising(gains: Mapping[MetricKey, Interval]) -> Iterable[MetricKey]:
    return (key for key, gain in gains.items() if gain.estimate > 0)


def held_focus(said: Iterable[tuple[MetricKey, date]]) -> HeldFocus | None:
    """The newest focus from what was said about which metric on which day."""
    held: HeldFocus | None = None
    for metric, day in sorted(said, key=lambda each: each[1]):
        if held is None or held.metric != metric or not held.holds_on(day):
            held = HeldFocus(metric=metric, since=day)
    return held


def gain_in_words(gain: Interval) -> str:
    """Such as "about 3% of the amount won (likely 1% to 8%)"."""
    return f"about {gain.estimate:.0%} of the amount won (likely {gain.low:.0%} to {gain.high:.0%})"
