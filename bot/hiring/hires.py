"""Hires with what was known of them before and what came of it; one number for each outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.metrics.survival import Wait

Floats = NDArray[np.float64]


class Outcome(StrEnum):
    FIRST_DEAL = "first_deal"
    ATTAINMENT = "attainment"
    STAY = "stay"
    MILESTONES = "milestones"


OUTCOMES = tuple(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the interviewers made of one prospect: interviewer → competency → score."""

    role: str
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    panel: Panel
    source: str
    #: Until the first deal (or what comes nearest to it in the role); None where it is not known.
    first_deal: Wait | None = None
    #: A share of the quota over whole quarters.
    attainment: float | None = None
    #: Until they left; whoever is still here has a wait that is not over.
    stay: Wait | None = None
    #: The share of their onboarding milestones that they reached in time.
    milestones: float | None = None

    @property
    def role(self) -> str:
        return self.panel.role


def outcome_numbers(hires: Sequence[Hire]) -> Floats:
    """(hires, outcomes), larger is better, compared within a role; NaN where nothing is known.

    For waits they are the martingale residuals of the role's own curve: what happened less what was
    to be expected by then. Whoever still waits is so counted for as long as they have waited.
    """
    found = np.full((len(hires), len(OUTCOMES)), np.nan)
    for role in {hire.role for hire in hires}:
        own = [n for n, hire in enumerate(hires) if hire.role == role]
        theirs = [hires[n] for n in own]
        columns = (
            residuals([hire.first_deal for hire in theirs]),
            _less_mean(np.array([_number(hire.attainment) for hire in theirs])),
            -residuals([hire.stay for hire in theirs]),
            _less_mean(np.array([_number(hire.milestones) for hire in theirs])),
        )
        for place, column in enumerate(columns):
            found[own, place] = column
    return found


def residuals(waits: Sequence[Wait | None]) -> Floats:
    """What happened to each less the hazard that had piled up by then (Nelson and Aalen).

    NaN where a wait is not known, and for all where nothing ever happened.
    """
    days = np.array([np.nan if wait is None else wait.days for wait in waits])
    happened = np.array([wait is not None and wait.has_happened for wait in waits])
    if not happened.any():
        return np.full(len(waits), np.nan)
    times, events = np.unique(days[happened], return_counts=True)
    at_risk = (days[:, None] >= times[None, :]).sum(axis=0)
    hazard = ((times[None, :] <= days[:, None]) * (events / at_risk)[None, :]).sum(axis=1)
    return np.asarray(np.where(np.isfinite(days), happened - hazard, np.nan))


def _less_mean(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    return np.asarray(values - known.mean()) if known.size else values


def _number(value: float | None) -> float:
    return np.nan if value is None else value
