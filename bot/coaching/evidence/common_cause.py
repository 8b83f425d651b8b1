"""When everybody falls at once it is nobody's fault: one finding for the leader, none for a person.

The factor of all (C2.1) is held against its own past; a team's factor against the other teams.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats
from bot.coaching.evidence.intervals import Interval
from bot.domain.ids import MetricKey, TeamId

#: One false finding in some 700 metric-weeks; a leader may read a dozen metrics a week.
UNUSUAL_Z = -3.0
TEAM_Z = -4.0
#: Falls smaller than these are not worth a leader's or a manager's time.
COMMON_FALL, TEAM_FALL = 0.75, 0.7
#: A metric at a third of itself for everybody is more likely missing than not done; so is one
#: that halves while all others go on as they did.
MISSING_BELOW, ALONE_BELOW, OTHERS_ABOVE = 0.35, 0.6, 0.8
#: A week of everybody varies by at least this much for reasons of its own (season, quarter end).
LEAST_COMMON_SPREAD = 0.08
FEWEST_WEEKS, FEWEST_FACTS = 6, 8.0
#: Of a normal distribution, half lies within this many deviations.
MEDIAN_OF_NORMAL = 0.6744897501960817


class Cause(StrEnum):
    COMMON = "common cause"
    #: The CRM may not have it all yet; nothing is said about people from it.
    MAYBE_INCOMPLETE = "data may be incomplete"
    TEAM = "team fell far more than the others"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonFinding:
    metric: MetricKey
    week: date
    cause: Cause
    #: None for the whole organisation: the finding is the leader's; else the team's manager's.
    team: TeamId | None
    observed: float
    expected: float
    #: Observed against expected; for a team, against what the others did at the same time.
    ratio: Interval
    z: float


def unusual_weeks(
    counts: Floats, expected: Floats, factors: Floats, past: Floats, phi: Floats
) -> Floats:
    """How unusual this week's factor of all is, in deviations of its own past; one a metric.

    NaN while there are too few weeks or facts to tell. ``past`` is (metrics, weeks).
    """
    known = np.isfinite(past)
    enough = (known.sum(axis=1) >= FEWEST_WEEKS) & (expected.sum(axis=1) >= FEWEST_FACTS)
    result = np.full(factors.shape, np.nan)
    for at in np.flatnonzero(enough):
        logs = np.log(past[at][known[at]])
        middle = float(np.median(logs))
        spread = float(np.median(np.abs(logs - middle))) / MEDIAN_OF_NORMAL
        chance = phi[at] / max(float(expected[at].sum()), 1.0)
        deviation = np.sqrt(max(spread, LEAST_COMMON_SPREAD) ** 2 + chance)
        fallen = max(float(counts[at].sum()), 0.5) / float(expected[at].sum())
        result[at] = (np.log(fallen) - middle) / deviation
    return result


def common_causes(factors: Floats, z: Floats) -> tuple[Cause | None, ...]:
    """Which metrics fell for everybody, and whether that may be missing data."""
    fell = np.isfinite(z) & (z < UNUSUAL_Z) & (factors < COMMON_FALL)
    causes: list[Cause | None] = []
    for at, has_fallen in enumerate(fell):
        others = np.delete(factors, at)[np.isfinite(np.delete(z, at))]
        is_alone = others.size > 0 and bool((others > OTHERS_ABOVE).all())
        is_missing = factors[at] < MISSING_BELOW or (is_alone and factors[at] < ALONE_BELOW)
        causes.append(
            None if not has_fallen else Cause.MAYBE_INCOMPLETE if is_missing else Cause.COMMON
        )
    return tuple(causes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamStanding:
    """One team's week in one metric against the other teams'."""

    members: Flags
    observed: float
    expected: float
    ratio: Interval
    z: float

    @property
    def fell(self) -> bool:
        return self.z < TEAM_Z and self.ratio.estimate < TEAM_FALL


def team_standings(
    counts: Floats,
    expected: Floats,
    teams: Sequence[TeamId | None],
    *,
    phi: float,
    spread: float,
) -> dict[TeamId, TeamStanding]:
    """Each team against all other reps, for one metric; (reps,) arrays summed over the weeks.

    ``spread`` is how much a team's log ratio varies beyond its facts' noise.
    """
    standings: dict[TeamId, TeamStanding] = {}
    known = expected > 0
    for team in sorted({team for team in teams if team is not None}):
        members = np.asarray([other == team for other in teams], dtype=bool)
        here, there = members & known, ~members & known
        own, others = float(expected[here].sum()), float(expected[there].sum())
        if own < FEWEST_FACTS or others < FEWEST_FACTS or here.sum() < 2:  # noqa: PLR2004 - one rep is no team
            continue
        seen, seen_there = float(counts[here].sum()), float(counts[there].sum())
        log_ratio = float(np.log((seen + 0.5) / own) - np.log((seen_there + 0.5) / others))
        deviation = float(np.sqrt(phi / own + phi / others + spread**2))
        low, high = np.exp([log_ratio - 1.96 * deviation, log_ratio + 1.96 * deviation])
        standings[team] = TeamStanding(
            members=members,
            observed=seen,
            expected=own * (seen_there + 0.5) / others,
            ratio=Interval(estimate=float(np.exp(log_ratio)), low=float(low), high=float(high)),
            z=log_ratio / deviation,
        )
    return standings


def factor_of_team_mates(
    counts: Floats, expected: Floats, members: Flags, *, facts_assumed: float
) -> Floats:
    """The leave-one-out factor of a team that fell, for its members; 1 for everybody else."""
    seen = counts[members].sum() - counts
    hoped = expected[members].sum() - expected
    factor = (seen + facts_assumed) / (hoped + facts_assumed)
    return np.asarray(np.where(members, np.minimum(factor, 1.0), 1.0))
