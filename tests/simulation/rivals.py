"""Other ways to notice that somebody fell, each held to the same false warnings as ours.

All are silent for four weeks after a warning, as ours is, and none speaks about known leave.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.evidence.arrays import Flags, Floats
from bot.coaching.evidence.cusum import log_likelihood_ratio
from bot.coaching.evidence.thresholds import SILENT_WEEKS
from tests.simulation.generator import FACTORS, WEEKLY_MEANS, MadeUpOrganisation
from tests.simulation.scorer import JUDGED_FROM

FALSE_RATE = 0.01
OWN_WEEKS, TARGET_WEEKS = 8, 4
LEAST_DEVIATION = 0.5
EFFORT_NOISE = 0.15**2
HALVINGS = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """``evidence`` is (metrics, reps, weeks): the higher, the more it speaks for a fall."""

    name: str
    evidence: Callable[[MadeUpOrganisation], Floats]
    #: One limit a metric, set so that ``FALSE_RATE`` of fine weeks warn.
    limits: tuple[float, ...]
    adds_up: bool = False

    def warnings(self, organisation: MadeUpOrganisation) -> Flags:
        evidence = self.evidence(organisation)
        return np.stack(
            [
                said(evidence[at], limit, adds_up=self.adds_up)
                for at, limit in enumerate(self.limits)
            ]
        )


def said(evidence: Floats, limit: float, *, adds_up: bool) -> Flags:
    """(reps, weeks): where evidence, of a week or added up since it was last nothing, is enough."""
    warned = np.zeros(evidence.shape, dtype=bool)
    silent, height = np.zeros(evidence.shape[0]), np.zeros(evidence.shape[0])
    for week in range(evidence.shape[1]):
        listening = silent <= 0
        if adds_up:
            height = np.where(listening, np.maximum(0.0, height + evidence[:, week]), height)
        else:
            height = evidence[:, week]
        now = listening & (height > limit)
        warned[:, week] = now
        height = np.where(now, 0.0, height)
        silent = np.where(now, SILENT_WEEKS, silent - 1)
    return warned


def below_target(organisation: MadeUpOrganisation) -> Floats:
    """The mean of the last four weeks against a fixed target: everybody's mean."""
    targets = np.asarray(WEEKLY_MEANS)[:, None, None]
    share = _trailing(organisation.counts / targets, TARGET_WEEKS)
    return np.where(_present(organisation), -share, -np.inf)


def below_own_weeks(organisation: MadeUpOrganisation) -> Floats:
    """By how many deviations of one's own last eight weeks a week lies below their mean."""
    counts = organisation.counts.astype(float)
    before = np.concatenate([np.full((*counts.shape[:2], 1), np.nan), counts[..., :-1]], axis=-1)
    mean, square = _trailing(before, OWN_WEEKS), _trailing(before**2, OWN_WEEKS)
    variance = np.maximum(square - mean**2, 0) * OWN_WEEKS / (OWN_WEEKS - 1)
    z = (mean - counts) / np.maximum(np.sqrt(variance), LEAST_DEVIATION)
    return np.where(_present(organisation) & np.isfinite(z), z, -np.inf)


def knowing_everything(factor: float) -> Callable[[MadeUpOrganisation], Floats]:
    """What cannot be beaten: it knows each week's true mean, leave and the size of the fall."""

    def evidence(organisation: MadeUpOrganisation) -> Floats:
        return log_likelihood_ratio(
            organisation.counts.astype(float),
            organisation.usual,
            noise=EFFORT_NOISE,
            factor=factor,
        )

    return evidence


def _present(organisation: MadeUpOrganisation) -> Flags:
    return np.asarray(organisation.working_share * organisation.ramp_share > 0)[None]


def _trailing(values: Floats, weeks: int) -> Floats:
    """The mean over so many weeks up to each; NaN before there are so many."""
    result = np.full(values.shape, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(values, weeks, axis=-1)
    result[..., weeks - 1 :] = windows.mean(axis=-1)
    return result


def fine_weeks(organisation: MadeUpOrganisation) -> Flags:
    fine = np.asarray((organisation.truth == 1) & _present(organisation))
    fine[:, :, :JUDGED_FROM] = False
    return fine


def calibrated(
    name: str,
    evidence: Callable[[MadeUpOrganisation], Floats],
    fine: Sequence[MadeUpOrganisation],
    *,
    adds_up: bool = False,
) -> Rival:
    """The rival with the lowest limits that keep to the false rate where nothing is wrong."""
    found = [evidence(organisation) for organisation in fine]
    judged = [fine_weeks(organisation) for organisation in fine]
    limits = []
    for at in range(len(WEEKLY_MEANS)):
        rows = np.concatenate([one[at] for one in found])
        weeks = np.concatenate([one[at] for one in judged])
        finite = rows[np.isfinite(rows)]
        low, high = 0.0 if adds_up else float(finite.min()), 9.0 if adds_up else float(finite.max())
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            rate = (said(rows, middle, adds_up=adds_up) & weeks).sum() / weeks.sum()
            low, high = (middle, high) if rate > FALSE_RATE else (low, middle)
        limits.append(high)
    return Rival(name=name, evidence=evidence, limits=tuple(limits), adds_up=adds_up)


def rivals(fine: Sequence[MadeUpOrganisation]) -> tuple[Rival, Rival]:
    return (
        calibrated("fixed threshold", below_target, fine),
        calibrated("own eight weeks", below_own_weeks, fine),
    )


def limit_of_the_possible(fine: Sequence[MadeUpOrganisation]) -> dict[float, Rival]:
    return {
        factor: calibrated("limit", knowing_everything(factor), fine, adds_up=True)
        for factor in FACTORS
    }
