"""The week's signals: gaps and changes that survived noise control, and whom they are for.

``weigh_panel`` takes as many weeks as the caller has and the state of the weeks before; replaying
from the first week gives what running week by week gave, to the last bit.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np

from bot.coaching.evidence import distributions as stats
from bot.coaching.evidence.arrays import Flags, Whole
from bot.coaching.evidence.common_cause import Cause, CommonFinding
from bot.coaching.evidence.cusum import DESIGNS, gone_on
from bot.coaching.evidence.gaming import TrustFlag
from bot.coaching.evidence.intervals import Interval
from bot.coaching.evidence.levels import ESCALATED, WINDOW_WEEKS, WINDOWS, Levels, weigh_levels
from bot.coaching.evidence.panel import PanelWeek, WeeklyPanel
from bot.coaching.evidence.shrinkage import Gamma
from bot.coaching.evidence.state import EvidenceState
from bot.coaching.evidence.tell_common import common_findings
from bot.coaching.evidence.thresholds import SILENT_WEEKS
from bot.coaching.evidence.tiers import (
    Tier,
    alarm_rates,
    false_shares,
    tier_of,
)
from bot.coaching.evidence.trust import rises_that_lead_on, trust_flags
from bot.coaching.evidence.weekly import WeekEvidence, weigh_week
from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Valence

#: A run this short that reached the limit is a sudden change, a longer one a drift.
SUDDEN_WEEKS = 3
#: A run was chosen because it looks extreme; its ratio is drawn towards 1 by this prior.
CHANGE_PRIOR = Gamma(shape=8.0, rate=8.0)
LOWER_SOFT_AT, LOWER_ESCALATION_AT, UPPER_SOFT_AT, UPPER_ESCALATION_AT = range(len(DESIGNS))

#: Design, metric and rep of a chart.
Place = tuple[int, int, int]


class Kind(StrEnum):
    SUDDEN = "sudden"
    DRIFT = "drift"
    LEVEL = "level"
    IMPROVEMENT = "improvement"


class Direction(StrEnum):
    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    rep: RepId
    metric: MetricKey
    week: date
    kind: Kind
    direction: Direction
    tier: Tier
    #: Facts over ``weeks`` weeks, and what was to be expected of them.
    observed: float
    expected: float
    weeks: int
    #: Full weeks, or the trials of a share, that the facts came of.
    exposure: float
    #: Calendar weeks up to and including ``week`` that the facts lie in: ``weeks``, and those in
    #: between that said nothing.
    span: int
    #: The true ratio to what was expected, drawn towards 1; for a level, the true weekly rate
    #: (or share), drawn towards the role's.
    estimate: Interval
    #: Probability that the truth lies on the side of ``direction``.
    posterior: float
    #: Log-likelihood ratio of the change and the limit it reached; None for a level.
    evidence: float | None
    limit: float | None
    #: Of the week's signals at least this strong, the share to be expected false (BH).
    false_share: float

    @property
    def is_good(self) -> bool:
        return self.kind is Kind.IMPROVEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOutcome:
    week: date
    signals: tuple[Signal, ...]
    #: For leaders and managers, never about a person.
    findings: tuple[CommonFinding, ...]
    #: For the rep whose records they are, and nobody else.
    trust_flags: tuple[TrustFlag, ...]
    #: Reps whose week was taken for leave that nobody entered.
    absent: tuple[RepId, ...]


def weigh_panel(
    panel: WeeklyPanel, state: EvidenceState | None = None
) -> tuple[tuple[WeekOutcome, ...], EvidenceState]:
    """Judge the panel's weeks that the state has not seen yet, oldest first."""
    keys = [metric.key for metric in panel.metrics]
    now = state or EvidenceState.new(keys, panel.reps)
    outcomes = []
    for week in panel.each_week():
        if now.week is None or week.week > now.week:
            outcome, now = signals_of_week(week, now)
            outcomes.append(outcome)
    return tuple(outcomes), now


def signals_of_week(week: PanelWeek, state: EvidenceState) -> tuple[WeekOutcome, EvidenceState]:
    evidence, after = weigh_week(week, state)
    silence = dict(after.silence)
    findings = common_findings(evidence, silence)
    flags = trust_flags(evidence, after, silence)
    levels = weigh_levels(
        after.counts,
        after.exposures,
        low=week.target_low,
        high=week.target_high,
        noise=evidence.noise,
        is_share=week.is_share(),
        roles=week.roles,
    )
    level_silence = after.level_silence.copy()
    changes = _change_signals(evidence, silence, rises_that_lead_on(evidence, after))
    signals = [
        *(signal for signal in changes.values() if signal is not None),
        *_level_signals(evidence, levels, level_silence),
    ]
    outcome = WeekOutcome(
        week=week.week,
        signals=tuple(sorted(signals, key=lambda one: (one.rep, one.metric, one.kind))),
        findings=findings,
        trust_flags=flags,
        absent=tuple(rep for rep, gone in zip(week.reps, evidence.absent, strict=True) if gone),
    )
    noted = [at for at, one in changes.items() if one is None or one.tier is Tier.NOTED]
    charts = gone_on(evidence.step, noted)
    return outcome, replace(after, silence=silence, level_silence=level_silence, charts=charts)


def _change_signals(
    evidence: WeekEvidence, silence: dict[str, int], leads_on: Flags
) -> dict[Place, Signal | None]:
    """By the chart that alarmed; None for what was noted before and is not said again."""
    alarmed, week = evidence.step.alarmed, evidence.week
    heights, limits = evidence.step.shown.height, evidence.limits
    signals: dict[Place, Signal | None] = {}
    pairs = ((LOWER_SOFT_AT, LOWER_ESCALATION_AT), (UPPER_SOFT_AT, UPPER_ESCALATION_AT))
    for soft, escalation in pairs:
        is_up = soft == UPPER_SOFT_AT
        watched = np.isfinite(limits[soft]).sum(axis=0)
        rates = {
            chart: alarm_rates(heights[chart], limits[soft], limits[escalation])
            for chart in (soft, escalation)
        }
        shares = {chart: false_shares(rate, limits[soft]) for chart, rate in rates.items()}
        for at, rep in zip(*np.nonzero(alarmed[soft] | alarmed[escalation]), strict=True):
            metric = week.metrics[at]
            is_good = is_up == (metric.valence is Valence.HIGHER)
            said = f"{metric.key}|{week.reps[rep]}"
            is_doubted = silence.get(said, 0) > 0 or not leads_on[at, rep]
            if is_good and is_up and is_doubted:
                # A rise that leads to nothing is not praised; a scoreboard would praise the junk.
                continue
            chart = escalation if alarmed[escalation, at, rep] else soft
            tier = tier_of(
                rate=float(rates[chart][at, rep]),
                false_share=float(shares[chart][at, rep]),
                watched=int(watched[rep]),
                escalates=chart == escalation,
            )
            place, share = (chart, int(at), int(rep)), float(shares[chart][at, rep])
            if tier is Tier.NOTED and silence.get(f"{said}|{is_up}", 0) > 0:
                signals[place] = None
                continue
            silence[f"{said}|{is_up}"] = SILENT_WEEKS
            signals[place] = _change_signal(evidence, place, tier=tier, false_share=share)
    return signals


def _change_signal(
    evidence: WeekEvidence,
    place: Place,
    *,
    tier: Tier,
    false_share: float,
) -> Signal:
    chart, at, rep = place
    is_up = chart in {UPPER_SOFT_AT, UPPER_ESCALATION_AT}
    is_good = is_up == (evidence.week.metrics[at].valence is Valence.HIGHER)
    shown = evidence.step.shown
    observed, expected = float(shown.run_counts[place]), float(shown.run_expected[place])
    weeks = max(1, int(shown.run_weeks[place]))
    worth = 1 / (1 + float(evidence.noise[at]) * expected / weeks)
    belief = CHANGE_PRIOR.after(observed * worth, expected * worth)
    below = belief.probability_below(1.0)
    kind = Kind.SUDDEN if weeks <= SUDDEN_WEEKS else Kind.DRIFT
    return Signal(
        rep=evidence.week.reps[rep],
        metric=evidence.week.metrics[at].key,
        week=evidence.week.week,
        kind=Kind.IMPROVEMENT if is_good else kind,
        direction=Direction.UP if is_up else Direction.DOWN,
        tier=tier,
        observed=observed,
        expected=expected,
        weeks=weeks,
        exposure=float(shown.run_exposures[place]),
        span=max(weeks, int(shown.run_span[place])),
        estimate=belief.interval(),
        posterior=1 - below if is_up else below,
        evidence=float(shown.height[place]),
        limit=float(evidence.limits[place]),
        false_share=false_share,
    )


def _level_signals(evidence: WeekEvidence, levels: Levels, silent: Whole) -> list[Signal]:
    week = evidence.week
    signals = []
    present = week.exposures > 0
    told = (levels.is_short | levels.is_beyond) & (silent <= 0) & present
    for at, rep in zip(*np.nonzero(told), strict=True):
        if evidence.causes[at] is Cause.MAYBE_INCOMPLETE:
            continue
        is_up = bool(levels.is_beyond[at, rep])
        is_good = is_up == (week.metrics[at].valence is Valence.HIGHER)
        posterior = float((levels.above if is_up else levels.below)[at, rep])
        edge = float((week.target_high if is_up else week.target_low)[at, rep])
        silent[at, rep] = SILENT_WEEKS
        signals.append(
            Signal(
                rep=week.reps[rep],
                metric=week.metrics[at].key,
                week=week.week,
                kind=Kind.IMPROVEMENT if is_good else Kind.LEVEL,
                direction=Direction.UP if is_up else Direction.DOWN,
                tier=Tier.ESCALATE if posterior > ESCALATED else Tier.SOFT,
                observed=float(levels.counts[at, rep]),
                expected=edge * float(levels.exposures[at, rep]),
                weeks=WINDOW_WEEKS * WINDOWS,
                exposure=float(levels.exposures[at, rep]),
                span=WINDOW_WEEKS * WINDOWS,
                estimate=_level_interval(levels, at, rep, float(evidence.noise[at])),
                posterior=posterior,
                evidence=None,
                limit=None,
                false_share=float(levels.adjusted[at, rep]),
            )
        )
    return signals


def _level_interval(levels: Levels, at: int, rep: int, noise: float) -> Interval:
    estimate, exposure = float(levels.estimate[at, rep]), float(levels.exposures[at, rep])
    worth = 1 / (1 + estimate * noise)
    shape = max(estimate * exposure * worth, 0.5)
    low, high = stats.gamma.ppf([0.025, 0.975], shape) * estimate / shape
    return Interval(estimate=estimate, low=float(low), high=float(high))
