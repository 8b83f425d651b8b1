"""Which reps' rises are doubtful this week: more activity that leads to less (gaming.py)."""

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats
from bot.coaching.evidence.expectation import EFFORT_LASTS
from bot.coaching.evidence.gaming import (
    WEEKS_JUDGED,
    TrustFlag,
    activity_without_yield,
    noise_of_yield,
)
from bot.coaching.evidence.shrinkage import USUAL_CV_SQUARED
from bot.coaching.evidence.state import EvidenceState
from bot.coaching.evidence.thresholds import SILENT_WEEKS
from bot.coaching.evidence.weekly import WARM_UP_WEEKS, WeekEvidence

#: The noise of four weeks' sum against one week's: effort that lasts does not average out in full.
NOISE_OF_THE_SUM = 1.6 / WEEKS_JUDGED


def rises_that_lead_on(evidence: WeekEvidence, after: EvidenceState) -> Flags:
    """(metrics, reps): whether what a metric leads to rose at least half as much as itself.

    More of an activity is praised only then; metrics that lead to nothing stand for themselves.
    """
    ratios = _ratios(evidence, after)
    leads = np.ones(ratios.shape, dtype=bool)
    places = {metric.key: at for at, metric in enumerate(evidence.week.metrics)}
    for at, metric in enumerate(evidence.week.metrics):
        if metric.leads_to is not None and metric.leads_to in places:
            leads[at] = ratios[places[metric.leads_to]] - 1 >= (ratios[at] - 1) / 2
    return leads


def _ratios(evidence: WeekEvidence, after: EvidenceState) -> Floats:
    recent = slice(-WEEKS_JUDGED, None)
    expected = evidence.rates.rate * after.exposures[:, :, recent].sum(axis=-1)
    counts = after.counts[:, :, recent].sum(axis=-1)
    return np.asarray(np.divide(counts, expected, out=np.ones_like(counts), where=expected > 0))


def _doubt_about_yield(yielded: Floats, noise: float) -> Floats:
    """What is not known of each rep's own yield, from its facts of past weeks."""
    weekly = float(yielded.sum()) / max(1, int((yielded > 0).sum()))
    facts = yielded.sum(axis=1) / (1 + EFFORT_LASTS * noise * weekly)
    return np.asarray(1 / np.sqrt(1 / USUAL_CV_SQUARED + facts))


def trust_flags(
    evidence: WeekEvidence, after: EvidenceState, silence: dict[str, int]
) -> tuple[TrustFlag, ...]:
    """The week's flags; ``silence`` is told what was said. ``after`` holds this week already."""
    week, recent = evidence.week, slice(-WEEKS_JUDGED, None)
    places = week.keys
    counts = after.counts[:, :, recent].sum(axis=-1)
    expected = evidence.rates.rate * after.exposures[:, :, recent].sum(axis=-1)
    taught = (after.exposures[:, :, :-WEEKS_JUDGED] > 0).sum(axis=-1) >= WARM_UP_WEEKS
    hoped = np.where(taught, expected, 0.0)
    flags = []
    for at, metric in enumerate(week.metrics):
        if metric.leads_to is None or metric.leads_to not in places:
            continue
        to = places.index(metric.leads_to)
        noise = noise_of_yield(*(after.counts[one, :, :-WEEKS_JUDGED] for one in (at, to)))
        test = activity_without_yield(
            activity=counts[at],
            activity_expected=hoped[at],
            yielded=counts[to],
            yield_expected=hoped[to],
            activity_noise=float(evidence.noise[at]) * NOISE_OF_THE_SUM,
            yield_noise=noise * NOISE_OF_THE_SUM,
            activity_doubt=evidence.rates.doubt[at],
            yield_doubt=_doubt_about_yield(after.counts[to, :, :-WEEKS_JUDGED], noise),
        )
        for rep in np.flatnonzero(test.flagged):
            said = f"{metric.key}|{week.reps[rep]}"
            known = silence.get(said, 0)
            silence[said] = SILENT_WEEKS
            if known > 0:
                continue
            sums = (counts[at, rep], expected[at, rep], counts[to, rep])
            flags.append(_flag(week, at, int(rep), sums, test))
    return tuple(flags)


def _flag(
    week: PanelWeek, at: int, rep: int, sums: tuple[float, float, float], test: YieldTest
) -> TrustFlag:
    metric = week.metrics[at]
    return TrustFlag(
        rep=week.reps[rep],
        metric=metric.key,
        leads_to=metric.leads_to or metric.key,
        week=week.week,
        activity=float(sums[0]),
        activity_expected=float(sums[1]),
        yielded=float(sums[2]),
        yield_expected=float(test.yield_expected[rep]),
        p_activity=float(test.p_activity[rep]),
        p_yield=float(test.p_yield[rep]),
    )
