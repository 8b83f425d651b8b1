"""Findings about everybody or a team, each said once and then not again for four weeks."""

import numpy as np

from bot.coaching.evidence.common_cause import Cause, CommonFinding
from bot.coaching.evidence.intervals import Interval
from bot.coaching.evidence.thresholds import SILENT_WEEKS
from bot.coaching.evidence.weekly import WeekEvidence


def common_findings(evidence: WeekEvidence, silence: dict[str, int]) -> tuple[CommonFinding, ...]:
    """The week's findings; ``silence`` is told what was said."""
    findings = []
    for at, metric in enumerate(evidence.week.metrics):
        cause = evidence.causes[at]
        if cause is not None:
            if silence.get(metric.key, 0) <= 0:
                findings.append(_for_the_leader(evidence, at, cause))
            # As long as it lasts it is the same finding.
            silence[metric.key] = SILENT_WEEKS
        for team, standing in evidence.standings[at].items():
            said = f"{metric.key}|{team}"
            if standing.fell and cause is not Cause.MAYBE_INCOMPLETE:
                if silence.get(said, 0) <= 0:
                    findings.append(
                        CommonFinding(
                            metric=metric.key,
                            week=evidence.week.week,
                            cause=Cause.TEAM,
                            team=team,
                            observed=standing.observed,
                            expected=standing.expected,
                            ratio=standing.ratio,
                            z=standing.z,
                        )
                    )
                silence[said] = SILENT_WEEKS
    return tuple(findings)


def _for_the_leader(evidence: WeekEvidence, at: int, cause: Cause) -> CommonFinding:
    observed = float(evidence.week.counts[at].sum())
    expected = float(evidence.expected_alone[at].sum())
    phi = 1 + float(evidence.noise[at]) * float(np.mean(evidence.rates.rate[at]))
    half = 1.96 * float(np.sqrt(phi / max(observed, 1.0)))
    ratio = observed / expected
    return CommonFinding(
        metric=evidence.week.metrics[at].key,
        week=evidence.week.week,
        cause=cause,
        team=None,
        observed=observed,
        expected=expected,
        ratio=Interval(
            estimate=ratio, low=float(ratio * np.exp(-half)), high=float(ratio * np.exp(half))
        ),
        z=float(evidence.z_common[at]),
    )
