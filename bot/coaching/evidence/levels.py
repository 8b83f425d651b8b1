"""Who is below (or above) the target range, as a lasting level rather than a change (C2.5, D5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Flags, Floats, Whole
from bot.coaching.evidence.gaming import count_tails
from bot.coaching.evidence.intervals import adjusted_for_many
from bot.coaching.evidence.shrinkage import (
    Gamma,
    beta_prior,
    gamma_prior,
    places_by_role,
    worth_of_counts,
)

#: Two windows of four weeks: together they must convince, each alone must point the same way.
WINDOW_WEEKS, WINDOWS = 4, 2
CONVINCED, ESCALATED = 0.8, 0.95
EACH_WINDOW = 0.5
#: A level counts as short from a fifth below the range's low edge on: rates a little under the
#: edge are nobody's emergency, and cannot be told from it.
SHORT_BY = 0.2
FALSE_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """(metrics, reps). Posteriors are probabilities; NaN where there is no range or no fact."""

    below: Floats
    above: Floats
    is_short: Flags
    is_beyond: Flags
    #: Benjamini-Hochberg adjusted p-values of being short, over all reps and metrics of the week.
    adjusted: Floats
    #: The rep's rate drawn towards the role's.
    estimate: Floats
    counts: Floats
    exposures: Floats


def weigh_levels(
    counts: Floats,
    exposures: Floats,
    *,
    low: Floats,
    high: Floats,
    noise: Floats,
    is_share: tuple[bool, ...],
    roles: Sequence[str] = (),
) -> Levels:
    """``counts`` and ``exposures`` are (metrics, reps, weeks); only the newest windows are used.

    Rates are drawn towards those of the rep's role.
    """
    span = WINDOW_WEEKS * WINDOWS
    counts, exposures = counts[:, :, -span:], exposures[:, :, -span:]
    given = _Given(
        low=low, high=high, noise=noise, is_share=is_share, roles=places_by_role(roles, len(low[0]))
    )
    whole = _posteriors(counts, exposures, given)
    halves = [
        _posteriors(counts[:, :, part], exposures[:, :, part], given)
        for part in (slice(None, WINDOW_WEEKS), slice(WINDOW_WEEKS, None))
    ]
    lasting = [(half.seen > 0) for half in halves]
    adjusted = _adjusted(whole.p_short)
    beyond_adjusted = _adjusted(whole.p_beyond)
    both_short = np.logical_and.reduce([half.below > EACH_WINDOW for half in halves])
    both_beyond = np.logical_and.reduce([half.above > EACH_WINDOW for half in halves])
    seen = np.logical_and.reduce(lasting)
    return Levels(
        below=whole.below,
        above=whole.above,
        is_short=seen & both_short & (whole.below > CONVINCED) & (adjusted <= FALSE_SHARE),
        is_beyond=seen & both_beyond & (whole.above > CONVINCED) & (beyond_adjusted <= FALSE_SHARE),
        adjusted=adjusted,
        estimate=whole.estimate,
        counts=counts.sum(axis=-1),
        exposures=exposures.sum(axis=-1),
    )


def probability_short(
    count: float, exposure: float, *, edge: float, prior: Gamma, noise: float = 0.0
) -> float:
    """P(rate < edge | count): the one-sided posterior of C2.5 for a single rep."""
    return prior.after(count, exposure, noise=noise).probability_below(edge)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    low: Floats
    high: Floats
    noise: Floats
    is_share: tuple[bool, ...]
    #: The places of each role's reps.
    roles: list[Whole]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Posteriors:
    below: Floats
    above: Floats
    p_short: Floats
    p_beyond: Floats
    estimate: Floats
    seen: Floats


def _posteriors(counts: Floats, exposures: Floats, given: _Given) -> _Posteriors:
    seen, trials = counts.sum(axis=-1), exposures.sum(axis=-1)
    if np.isnan(given.low).all() and np.isnan(given.high).all():
        nothing = np.full(seen.shape, np.nan)
        return _Posteriors(
            below=nothing,
            above=nothing,
            p_short=nothing,
            p_beyond=nothing,
            estimate=nothing,
            seen=trials,
        )
    weeks = np.maximum((exposures > 0).sum(axis=-1), 1)
    below, above, p_short, p_beyond, estimate = np.empty((5, *seen.shape))
    found = (below, above, p_short, p_beyond, estimate)
    for at, share in enumerate(given.is_share):
        for of_role in given.roles:
            here = at, of_role
            row = (_share_row if share else _count_row)(
                seen[here],
                trials[here],
                weeks[here],
                given.low[here],
                given.high[here],
                float(given.noise[at]),
            )
            for kind, values in zip(found, row, strict=True):
                kind[at, of_role] = values
    known = trials > 0
    return _Posteriors(
        below=np.where(known, below, np.nan),
        above=np.where(known, above, np.nan),
        p_short=np.where(known, p_short, np.nan),
        p_beyond=np.where(known, p_beyond, np.nan),
        estimate=estimate,
        seen=trials,
    )


def _count_row(
    seen: Floats, weeks_worked: Floats, weeks: Floats, low: Floats, high: Floats, noise: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    window_noise = noise / float(np.median(weeks))
    prior = gamma_prior(seen, weeks_worked, noise=window_noise)
    worth = worth_of_counts(prior.mean, noise)
    shape, rate = prior.shape + worth * seen, prior.rate + worth * weeks_worked
    below = stats.gamma.cdf((1 - SHORT_BY) * low * rate, shape)
    above = stats.gamma.sf(high * rate, shape)
    safe = np.maximum(weeks_worked, 1e-9)
    p_short = count_tails(seen, np.nan_to_num(low, nan=1.0) * safe, window_noise)[0]
    p_beyond = count_tails(seen, np.nan_to_num(high, nan=1.0) * safe, window_noise)[1]
    return (
        below,
        above,
        np.where(np.isnan(low), np.nan, p_short),
        np.where(np.isnan(high), np.nan, p_beyond),
        shape / rate,
    )


def _share_row(
    seen: Floats, trials: Floats, _weeks: Floats, low: Floats, high: Floats, _noise: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    prior = beta_prior(seen, trials)
    above_it, below_it = prior.successes + seen, prior.failures + np.maximum(trials - seen, 0.0)
    below = stats.beta.cdf((1 - SHORT_BY) * low, above_it, below_it)
    above = stats.beta.sf(high, above_it, below_it)
    whole = np.round(np.maximum(trials, seen))
    p_short = stats.binom.cdf(np.floor(seen), whole, np.clip(np.nan_to_num(low, nan=0.5), 0, 1))
    p_beyond = stats.binom.sf(
        np.floor(seen) - 1, whole, np.clip(np.nan_to_num(high, nan=0.5), 0, 1)
    )
    return (
        below,
        above,
        np.where(np.isnan(low), np.nan, p_short),
        np.where(np.isnan(high), np.nan, p_beyond),
        above_it / (above_it + below_it),
    )


def _adjusted(p_values: Floats) -> Floats:
    adjusted = np.ones_like(p_values)
    known = np.isfinite(p_values)
    adjusted[known] = adjusted_for_many(p_values[known])
    return adjusted
