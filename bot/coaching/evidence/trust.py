"""Which reps' rises are doubtful this week: more activity that leads to less (gaming.py)."""

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats
from bot.coaching.evidence.gaming import WEEKS_JUDGED, TrustFlag, YieldTest, activity_without_yield
from bot.coaching.evidence.state import EvidenceState
from bot.coaching.evidence.thresholds import SILENT_WEEKS
from bot.coaching.evidence.weekly import WARM_UP_WEEKS, WeekEvidence

#: The noise of four weeks' sum against one week's: effort that lasts does not average out in full.
NOISE_OF_THE_SUM = 1.8 / WEEKS_JUDGED


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


def trust_flags(
    evidence: WeekEvidence, after: EvidenceState, silence: dict[str, int]
) -> tuple[TrustFlag, ...]:
    """The week's flags; ``silence`` is told what was said. ``after`` holds this week already."""
    week = evidence.week
    places = {metric.key: at for at, metric in enumerate(week.metrics)}
    recent = slice(-WEEKS_JUDGED, None)
    counts = after.counts[:, :, recent].sum(axis=-1)
    expected = evidence.rates.rate * after.exposures[:, :, recent].sum(axis=-1)
    taught = (after.exposures[:, :, :-WEEKS_JUDGED] > 0).sum(axis=-1) >= WARM_UP_WEEKS
    flags = []
    for at, metric in enumerate(week.metrics):
        if metric.leads_to is None or metric.leads_to not in places:
            continue
        to = places[metric.leads_to]
        test = _test(evidence, at, to, counts=counts, expected=np.where(taught, expected, 0.0))
        for rep in np.flatnonzero(test.flagged):
            said = f"{metric.key}|{week.reps[rep]}"
            if silence.get(said, 0) <= 0:
                flags.append(
                    TrustFlag(
                        rep=week.reps[rep],
                        metric=metric.key,
                        leads_to=metric.leads_to,
                        week=week.week,
                        activity=float(counts[at, rep]),
                        activity_expected=float(expected[at, rep]),
                        yielded=float(counts[to, rep]),
                        yield_expected=float(test.yield_expected[rep]),
                        p_activity=float(test.p_activity[rep]),
                        p_yield=float(test.p_yield[rep]),
                    )
                )
            silence[said] = SILENT_WEEKS
    return tuple(flags)


def _test(
    evidence: WeekEvidence, activity: int, yielded: int, *, counts: Floats, expected: Floats
) -> YieldTest:
    """Both metrics' reps held against each other; ``expected`` is 0 where too little is known."""
    noise, doubt = evidence.noise * NOISE_OF_THE_SUM, evidence.rates.doubt
    return activity_without_yield(
        activity=counts[activity],
        activity_expected=expected[activity],
        yielded=counts[yielded],
        yield_expected=expected[yielded],
        activity_noise=float(noise[activity]),
        yield_noise=float(noise[yielded]),
        activity_doubt=doubt[activity],
        yield_doubt=doubt[yielded],
    )
