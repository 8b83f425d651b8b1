"""Sales organisations with planted truths (coaching-statistics D1), from a seed.

Independent of the bot: it writes down what it planted, and the scorer compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

METRICS = ("calls", "meetings", "opportunities")
WEEKLY_MEANS = (50.0, 8.0, 2.0)
FACTORS = (0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuisances:
    """What happens in an organisation that is nobody's fault; all of it by default."""

    reps: int = 40
    teams: int = 5
    weeks: int = 52
    means: tuple[float, ...] = WEEKLY_MEANS
    rep_cv: float = 0.25
    effort_sd: float = 0.15
    effort_memory: float = 0.4
    #: Whether a rep's effort in a week is one and the same for all metrics.
    effort_is_shared: bool = False
    season: float = 0.1
    quarter_end_push: float = 0.2
    holiday_weeks: int = 4
    holiday_factor: float = 0.6
    shock_share: float = 0.5
    shock_factor: float = 0.4
    leave_weeks: int = 3
    leave_known: float = 0.8
    new_hires: float = 0.15
    #: Of those who were there all year: 8.5 in an organisation of 40.
    struggling: float = 0.25
    #: The factor of struggles, one a metric; None draws it.
    struggle_factors: tuple[float, ...] | None = None
    #: No struggle begins before this week.
    first_struggle: int = 8
    gaming: float = 0.0
    honest_surges: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Struggle:
    rep: int
    metric: int
    factor: float
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpOrganisation:
    """Counts are (metrics, reps, weeks); everything else says what is known and what is true."""

    counts: npt.NDArray[np.int64]
    #: What the calendar knows: 0 in a known leave week, else 1.
    working_share: Floats
    ramp_share: Floats
    teams: npt.NDArray[np.int64]
    #: The factor by which a struggle changed each rep-metric-week; 1 where there was none.
    truth: Floats
    struggles: tuple[Struggle, ...]
    shock: Flags
    holiday: Flags
    known_leave: Flags
    unknown_leave: Flags
    ramping: Flags
    #: Reps whose calls are junk (or honestly more), from which week on; -1 for nobody.
    junk_from: npt.NDArray[np.int64]
    surge_from: npt.NDArray[np.int64]
    base: Floats = field(repr=False)
    #: (metrics, reps, weeks): the true mean of a week in which nobody struggles, without effort.
    usual: Floats = field(repr=False)


def make_organisation(
    rng: np.random.Generator, given: Nuisances | None = None
) -> MadeUpOrganisation:
    """Draw one organisation; the same generator state gives the same organisation."""
    given = given or Nuisances()
    reps, weeks = given.reps, given.weeks
    base = _rep_means(rng, given)
    common, shock, holiday = _common_weeks(rng, given)
    known, unknown = _leave(rng, given)
    ramp, ramping = _ramps(rng, given)
    truth, struggles = _struggles(rng, given, ramping)
    junk_from, surge_from, surge = _surges(rng, given, {struggle.rep for struggle in struggles})
    present = np.where(known | unknown, 0.0, 1.0)
    usual = base[:, :, None] * common[:, None, :] * surge * (present * ramp)[None]
    mean = usual * truth * _effort(rng, given)
    return MadeUpOrganisation(
        counts=rng.poisson(mean).astype(np.int64),
        working_share=np.where(known, 0.0, 1.0),
        ramp_share=ramp,
        teams=np.arange(reps) % given.teams,
        truth=truth,
        struggles=struggles,
        shock=np.broadcast_to(shock, (reps, weeks)).copy(),
        holiday=np.broadcast_to(holiday, (reps, weeks)).copy(),
        known_leave=known,
        unknown_leave=unknown,
        ramping=ramping,
        junk_from=junk_from,
        surge_from=surge_from,
        base=base,
        usual=usual,
    )


def _rep_means(rng: np.random.Generator, given: Nuisances) -> Floats:
    shape = 1 / given.rep_cv**2
    means = np.asarray(given.means)[:, None]
    return np.asarray(means * rng.gamma(shape, 1 / shape, (len(given.means), given.reps)))


def _effort(rng: np.random.Generator, given: Nuisances) -> Floats:
    """Log-normal AR(1) weekly effort with mean 1."""
    metrics = 1 if given.effort_is_shared else len(given.means)
    log_sd = np.sqrt(np.log1p(given.effort_sd**2))
    noise = rng.normal(size=(metrics, given.reps, given.weeks))
    memory, level = given.effort_memory, noise[..., 0]
    path = np.empty_like(noise)
    path[..., 0] = level
    for week in range(1, given.weeks):
        level = memory * level + np.sqrt(1 - memory**2) * noise[..., week]
        path[..., week] = level
    return np.asarray(np.exp(log_sd * path - log_sd**2 / 2))


def _common_weeks(rng: np.random.Generator, given: Nuisances) -> tuple[Floats, Flags, Flags]:
    week = np.arange(given.weeks)
    factor = 1 + given.season * np.sin(2 * np.pi * (week / 52 + rng.random()))
    factor = factor * np.where(week % 13 >= 11, 1 + given.quarter_end_push, 1.0)
    holiday = np.zeros(given.weeks, dtype=bool)
    holiday[rng.choice(given.weeks, given.holiday_weeks, replace=False)] = True
    shock = np.zeros(given.weeks, dtype=bool)
    if rng.random() < given.shock_share:
        first = int(rng.integers(12, given.weeks - 2))
        shock[first : first + 2] = True
    factor = factor * np.where(holiday, given.holiday_factor, 1.0)
    factor = factor * np.where(shock, given.shock_factor, 1.0)
    return np.broadcast_to(factor, (len(given.means), given.weeks)).copy(), shock, holiday


def _leave(rng: np.random.Generator, given: Nuisances) -> tuple[Flags, Flags]:
    known = np.zeros((given.reps, given.weeks), dtype=bool)
    unknown = known.copy()
    for rep in range(given.reps):
        for week in rng.choice(given.weeks, given.leave_weeks, replace=False):
            (known if rng.random() < given.leave_known else unknown)[rep, week] = True
    return known, unknown


def _ramps(rng: np.random.Generator, given: Nuisances) -> tuple[Floats, Flags]:
    """New hires start within the year on a logistic curve; before that they are not there."""
    share = np.ones((given.reps, given.weeks))
    ramping = np.zeros((given.reps, given.weeks), dtype=bool)
    hires = rng.choice(given.reps, round(given.new_hires * given.reps), replace=False)
    for rep in hires:
        start = int(rng.integers(0, max(1, given.weeks // 2)))
        age = np.arange(given.weeks) - start
        curve = 1 / (1 + np.exp(-(age - 8) / 3))
        share[rep] = np.where(age < 0, 0.0, curve)
        ramping[rep] = (age >= 0) & (age < 20)
    return share, ramping


def _struggles(
    rng: np.random.Generator, given: Nuisances, ramping: Flags
) -> tuple[Floats, tuple[Struggle, ...]]:
    truth = np.ones((len(given.means), given.reps, given.weeks))
    settled = [rep for rep in range(given.reps) if not ramping[rep].any()]
    count = int(rng.binomial(len(settled), given.struggling))
    struggles = []
    for rep in rng.choice(settled, count, replace=False) if count else []:
        length = int(rng.integers(8, 13))
        first = int(rng.integers(given.first_struggle, given.weeks - 8 + 1))
        last = min(first + length, given.weeks) - 1
        metric, factor = int(rng.integers(len(given.means))), float(rng.choice(FACTORS))
        factor = factor if given.struggle_factors is None else given.struggle_factors[metric]
        truth[metric, rep, first : last + 1] = factor
        struggles.append(
            Struggle(rep=int(rep), metric=metric, factor=factor, first=first, last=last)
        )
    return truth, tuple(struggles)


def _surges(
    rng: np.random.Generator, given: Nuisances, taken: set[int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Junk: calls x 2.2 and nothing downstream. Honest: calls and meetings both x 1.6."""
    junk_from = np.full(given.reps, -1)
    surge_from = np.full(given.reps, -1)
    factor = np.ones((len(given.means), given.reps, given.weeks))
    for rep in range(given.reps):
        drawn = rng.random()
        if rep in taken or drawn >= given.gaming + given.honest_surges:
            continue
        first = int(rng.integers(given.first_struggle, given.weeks - 10))
        if drawn < given.gaming:
            junk_from[rep] = first
            factor[0, rep, first : first + 10] = 2.2
        else:
            surge_from[rep] = first
            factor[:2, rep, first : first + 10] = 1.6
    return junk_from, surge_from, factor


def made_up_organisations(
    count: int, *, seed: int, given: Nuisances | None = None
) -> Iterator[MadeUpOrganisation]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield make_organisation(rng, given)
