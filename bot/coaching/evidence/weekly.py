"""One week on: from counts and memories to what the week shows, and new memories.

The order is: what was to be expected; what everybody did; which team fell apart from the others;
who was away without a word; and only then each rep's charts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats, Whole
from bot.coaching.evidence.common_cause import (
    Cause,
    TeamStanding,
    common_causes,
    factor_of_team_mates,
    unusual_weeks,
)
from bot.coaching.evidence.cusum import DESIGNS, ChartStep, log_likelihood_ratio, step_charts
from bot.coaching.evidence.expectation import (
    FACTS_ASSUMED,
    Rates,
    factor_of_all,
    factor_of_the_others,
    is_absent,
    rates_from,
    weeks_of_gap,
)
from bot.coaching.evidence.panel import PanelWeek
from bot.coaching.evidence.state import EvidenceState
from bot.coaching.evidence.team_falls import standings_of_week
from bot.coaching.evidence.thresholds import SMALLEST_MEAN, limits
from bot.domain.ids import TeamId

#: Nothing is said of a rep's change before this many of the rep's own weeks taught what to expect.
WARM_UP_WEEKS = 4
#: Once named, a team is measured against itself until it is back at this share of the others.
BACK_AT = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEvidence:
    """What one week shows; arrays are (metrics, reps), charts (designs, metrics, reps)."""

    week: PanelWeek
    rates: Rates
    noise: Floats
    #: What was to be expected of the rep's week; NaN while too little is known.
    expected: Floats
    #: Before the week's common factor.
    expected_alone: Floats
    factors: Floats
    z_common: Floats
    causes: tuple[Cause | None, ...]
    standings: tuple[Mapping[TeamId, TeamStanding], ...]
    absent: Flags
    limits: Floats
    step: ChartStep


def weigh_week(week: PanelWeek, state: EvidenceState) -> tuple[WeekEvidence, EvidenceState]:
    """Both the evidence of the week and the state that the next week begins from.

    Raises ValueError when the week does not come after the newest one that was seen.
    """
    if state.week is not None and week.week <= state.week:
        raise ValueError(f"the week of {week.week} was seen already (newest: {state.week})")
    state = state.aligned(week.keys, week.reps)
    week = _begun(week, state)
    noise = np.where(week.is_share(), 0.0, state.dispersion.noise)
    rates, weeks_known, weeks_own = _learnt(state, noise, week.roles)
    alone = rates.rate * week.exposures
    is_known = np.broadcast_to((weeks_known > 0)[:, None], alone.shape)
    others = np.where(is_known, factor_of_the_others(week.counts, alone), 1.0)
    factors = np.where(weeks_known > 0, factor_of_all(week.counts, alone), np.nan)
    z_common = unusual_weeks(week.counts, alone, factors, state.factors, state.dispersion.phi)
    causes = common_causes(factors, z_common)
    standings = standings_of_week(week, state, rates, alone * others)
    expected = alone * others * _team_factors(week, state, alone * others, standings)
    is_ready = (weeks_own >= WARM_UP_WEEKS) & (week.exposures > 0)
    expected = np.where(is_ready, expected, np.nan)
    absent = is_absent(week.counts, expected, state.absent)
    complete = np.asarray([cause is not Cause.MAYBE_INCOMPLETE for cause in causes])
    updated = is_ready & ~absent[None, :] & complete[:, None]
    step, chart_limits = _step(week, state, rates, noise, expected, updated)
    evidence = WeekEvidence(
        week=week,
        rates=rates,
        noise=noise,
        expected=expected,
        expected_alone=alone,
        factors=factors,
        z_common=z_common,
        causes=causes,
        standings=standings,
        absent=absent,
        limits=chart_limits,
        step=step,
    )
    return evidence, _remember(evidence, state, others, updated)


def _begun(week: PanelWeek, state: EvidenceState) -> PanelWeek:
    """Weeks before anybody's first fact of a metric, or a rep's first fact of any, say nothing.

    Records begin when a CRM or a rep began to be used; nought before that would teach a rate of 0.
    """
    seen = week.counts + state.counts.sum(axis=-1)
    begun = (seen.sum(axis=1, keepdims=True) > 0) & (seen.sum(axis=0, keepdims=True) > 0)
    return replace(week, exposures=np.where(begun, week.exposures, 0.0))


def _learnt(
    state: EvidenceState, noise: Floats, roles: Sequence[str]
) -> tuple[Rates, Whole, Whole]:
    """Rates of the weeks that may teach, and how many those were: of a metric, and of each rep."""
    weeks = int((state.exposures > 0).any(axis=(0, 1)).sum())
    taught = slice(None, -weeks_of_gap(weeks))
    rates = rates_from(
        state.counts[:, :, taught].sum(axis=-1),
        state.exposures[:, :, taught].sum(axis=-1),
        noise=noise,
        roles=roles,
    )
    known = state.exposures[:, :, taught] > 0
    return rates, known.any(axis=1).sum(axis=-1), known.sum(axis=-1)


def _team_factors(
    week: PanelWeek,
    state: EvidenceState,
    expected: Floats,
    standings: tuple[Mapping[TeamId, TeamStanding], ...],
) -> Floats:
    """Members of a team that fell are measured against their team until it is back."""
    factors = np.ones_like(expected)
    for at, (key, by_team) in enumerate(zip(week.keys, standings, strict=True)):
        for team, standing in by_team.items():
            named = state.silence.get(f"{key}|{team}", 0) > 0
            if standing.fell or (named and standing.ratio.estimate < BACK_AT):
                factors[at] *= factor_of_team_mates(
                    week.counts[at], expected[at], standing.members, facts_assumed=FACTS_ASSUMED
                )
    return factors


def _step(
    week: PanelWeek,
    state: EvidenceState,
    rates: Rates,
    noise: Floats,
    expected: Floats,
    updated: Flags,
) -> tuple[ChartStep, Floats]:
    typical = rates.rate * _typical_exposures(week, state)
    ratios = np.zeros(state.charts.height.shape)
    chart_limits = np.full_like(ratios, np.inf)
    for which, design in enumerate(DESIGNS):
        ratios[which] = log_likelihood_ratio(
            week.counts, expected, noise=noise[:, None], factor=design.factor
        )
        for at in range(len(week.metrics)):
            chart_limits[which, at] = limits(
                design, typical[at], noise=float(noise[at]), doubts=rates.doubt[at]
            )
    chart_limits[:, typical < SMALLEST_MEAN] = np.inf
    step = step_charts(
        state.charts,
        ratios,
        chart_limits,
        counts=week.counts,
        exposures=week.exposures,
        expected=np.where(updated, expected, 0.0),
        updated=updated,
    )
    return step, chart_limits


def _typical_exposures(week: PanelWeek, state: EvidenceState) -> Floats:
    """A usual week of the rep: 1 for counts in full weeks, so many trials for a share."""
    total = state.exposures.sum(axis=-1) + week.exposures
    weeks = (state.exposures > 0).sum(axis=-1) + (week.exposures > 0)
    return np.asarray(total / np.maximum(weeks, 1))


def _remember(
    evidence: WeekEvidence, state: EvidenceState, others: Floats, updated: Flags
) -> EvidenceState:
    week = evidence.week
    # A week away that nobody entered says nothing about the rep's rate either.
    present = ~evidence.absent[None, :]
    counts = np.where(present, week.counts, 0.0)
    exposures = np.where(present, week.exposures * others, 0.0)
    counted = updated & (evidence.expected > 0)
    return replace(
        state,
        roles=week.roles,
        week=week.week,
        counts=_shifted(state.counts, counts),
        exposures=_shifted(state.exposures, exposures),
        factors=_shifted(state.factors, evidence.factors),
        dispersion=state.dispersion.after(
            week.counts, evidence.expected, evidence.rates.doubt, counted
        ),
        charts=evidence.step.after,
        absent=evidence.absent,
        level_silence=np.maximum(state.level_silence - 1, 0),
        silence={key: weeks - 1 for key, weeks in state.silence.items() if weeks > 1},
    )


def _shifted(history: Floats, newest: Floats) -> Floats:
    return np.concatenate([history[..., 1:], newest[..., None]], axis=-1)
