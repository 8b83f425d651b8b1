"""Whether a gap is earned: more than bad luck once it is known how reps of the role usually are.

Shares are weighed beta-binomial, counts gamma-Poisson, both drawn towards the role; a sum of money
as a compound Poisson whose amounts spread about as much as their mean. Medians, and shares of a
whole that they may exceed (of a quota, say), need three times the fewest facts, since nothing is
known of how their facts spread.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.distributions import beta, gamma, norm
from bot.coaching.evidence.shrinkage import beta_prior, gamma_prior
from bot.domain.gap import Band, Gap
from bot.domain.ids import RepId
from bot.domain.light import light
from bot.domain.metric import Aggregate, Unit, Valence

#: A warning takes this probability that the truth lies short of target (C2.5).
SURE_OF_SHORT = 0.8
#: Praise for being back on target takes this probability that it no longer does.
SURE_OF_ON_TARGET = 0.8
SURE_OF_BEYOND = 0.9
#: Squared coefficient of variation of one person's effort from window to window.
EFFORT_NOISE = 0.02
FACTS_OVER_FEWEST = 3
LIKELY = 0.8
#: Keeps a sum of nothing from being divided by.
SMALLEST = 1e-9
TAILS = ((1 - LIKELY) / 2, (1 + LIKELY) / 2)


@light(frozen=True, slots=True, kw_only=True)
class Certainty:
    """Probabilities that the truth lies below the range's low edge, and above its high edge."""

    below: float
    above: float
    #: Where the truth lies with eight chances in ten: low, middle, high.
    likely: tuple[float, float, float]


def weigh_gaps(
    gaps: Mapping[RepId, Gap], *, fair_shares: Mapping[RepId, float]
) -> dict[RepId, Gap]:
    """The same gaps of one metric and role, each marked with whether it is earned.

    ``fair_shares`` say what part of a full window's range is fair to expect of each rep.
    """
    known = {rep: gap for rep, gap in gaps.items() if gap.band is not Band.NO_DATA}
    if not known:
        return dict(gaps)
    metric = next(iter(known.values())).metric
    if _are_proportions(known.values()):
        certainties = _of_shares(known)
    elif metric.aggregate is Aggregate.COUNT and not metric.is_state:
        certainties = _of_counts(known, fair_shares)
    elif metric.aggregate is Aggregate.SUM:
        certainties = _of_sums(known)
    else:
        enough = FACTS_OVER_FEWEST * max(metric.min_facts, 1)
        return {
            rep: replace(gap, is_earned=gap.reading.facts >= enough) for rep, gap in gaps.items()
        }
    return {
        rep: _weighed(gap, certainties[rep])
        if rep in certainties
        else replace(gap, is_earned=False)
        for rep, gap in gaps.items()
    }


def _are_proportions(gaps: Iterable[Gap]) -> bool:
    return all(
        gap.metric.aggregate is Aggregate.RATIO
        and gap.metric.unit is Unit.SHARE
        and 0 <= (gap.reading.value or 0.0) <= 1
        for gap in gaps
    )


def _weighed(gap: Gap, certainty: Certainty) -> Gap:
    # Not by replace(), which is slow, and there are ten for every rep.
    return Gap(
        metric=gap.metric,
        reading=gap.reading,
        target=gap.target,
        band=gap.band,
        distance=gap.distance,
        is_earned=_is_earned(gap, certainty),
        likely=certainty.likely,
    )


def _is_earned(gap: Gap, certainty: Certainty) -> bool:
    is_higher = gap.metric.valence is Valence.HIGHER
    short = certainty.below if is_higher else certainty.above
    beyond = certainty.above if is_higher else certainty.below
    match gap.band:
        case Band.SHORT:
            return short >= SURE_OF_SHORT
        case Band.ON_TARGET:
            return 1 - short >= SURE_OF_ON_TARGET
        case Band.BEYOND:
            return beyond >= SURE_OF_BEYOND
        case Band.NO_DATA:
            return False


def _values(gaps: Sequence[Gap]) -> tuple[np.ndarray, np.ndarray]:
    values = np.array([gap.reading.value or 0.0 for gap in gaps])
    return values, np.array([float(gap.reading.facts) for gap in gaps])


def _of_shares(gaps: Mapping[RepId, Gap]) -> dict[RepId, Certainty]:
    """As ``Beta.after`` for each rep, all at once."""
    values, facts = _values(list(gaps.values()))
    prior = beta_prior(values * facts, facts)
    above = prior.successes + values * facts
    below = prior.failures + facts - values * facts
    low, high = (np.clip(edge, 0.0, 1.0) for edge in _edges(gaps))
    likely = [beta.ppf(tail, above, below) for tail in TAILS]
    return _certainties(
        gaps,
        beta.cdf(low, above, below),
        1 - beta.cdf(high, above, below),
        # Of a share close to 0 or 1 the mean lies outside of most that is likely.
        (likely[0], np.clip(above / (above + below), *likely), likely[1]),
    )


def _of_counts(
    gaps: Mapping[RepId, Gap], fair_shares: Mapping[RepId, float]
) -> dict[RepId, Certainty]:
    """As ``Gamma.after`` for each rep, all at once.

    Edges of prorated ranges are scaled back, so that all reps are held to the full window.
    """
    counts, _ = _values(list(gaps.values()))
    exposures = np.array([max(fair_shares.get(rep, 1.0), 0.0) for rep in gaps])
    prior = gamma_prior(counts, exposures, noise=EFFORT_NOISE)
    weighed = exposures > 0
    present = {rep: gap for (rep, gap), seen in zip(gaps.items(), weighed, strict=True) if seen}
    counts, exposures = counts[weighed], exposures[weighed]
    worth = 1 / (1 + prior.mean * EFFORT_NOISE)
    shape, rate = prior.shape + counts * worth, prior.rate + exposures * worth
    low, high = (np.maximum(edge / exposures * rate, 0.0) for edge in _edges(present))
    likely = [gamma.ppf(tail, shape) / rate * exposures for tail in TAILS]
    return _certainties(
        present,
        gamma.cdf(low, shape),
        1 - gamma.cdf(high, shape),
        (likely[0], shape / rate * exposures, likely[1]),
    )


def _edges(gaps: Mapping[RepId, Gap]) -> tuple[Floats, Floats]:
    targets = [gap.target for gap in gaps.values()]
    return np.array([each.low for each in targets]), np.array([each.high for each in targets])


def _certainties(
    reps: Iterable[RepId], below: Floats, above: Floats, likely: tuple[Floats, Floats, Floats]
) -> dict[RepId, Certainty]:
    told = zip(below.tolist(), above.tolist(), *(each.tolist() for each in likely), strict=True)
    return {
        rep: Certainty(below=under, above=over, likely=span)
        for rep, (under, over, *span_) in zip(reps, told, strict=True)
        for span in ((span_[0], span_[1], span_[2]),)
    }


def _of_sums(gaps: Mapping[RepId, Gap]) -> dict[RepId, Certainty]:
    values, facts = _values(list(gaps.values()))
    low, high = _edges(gaps)
    sizes = np.maximum(values / np.maximum(facts, 1.0), SMALLEST)
    sizes = np.where(values > 0, sizes, np.maximum(low, SMALLEST) / 3)

    def spread(edge: Floats) -> Floats:
        return np.asarray(sizes * np.sqrt(2 * np.maximum(edge / sizes, 1.0)))

    def below(edge: Floats) -> Floats:
        return np.where(edge <= 0, 0.0, norm.cdf((edge - values) / spread(edge)))

    half = norm.ppf((1 + LIKELY) / 2) * spread(values)
    least = np.where(values > 0, np.maximum(values - half, 0.0), values - half)
    likely = (least, values, values + half)
    return _certainties(gaps, below(low), 1 - below(high), likely)
