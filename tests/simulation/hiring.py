"""Made-up hiring: people with planted strengths, interviewers with planted habits, and what came.

One competency makes the first deal come sooner, the others do nothing; one source brings people
who are faster; one interviewer sees what matters and the others see noise. Only the better half is
hired.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.hiring.hires import Hire, Panel
from bot.metrics.survival import Wait

COMPETENCIES = ("coachability", "curiosity", "discovery", "drive", "process")
#: The one that matters, where one does.
PLANTED = "coachability"
SOURCES = ("agency", "job_board", "referral")
FAST = "referral"
SHARP = "sees_it"
INTERVIEWERS = ("lenient", SHARP, "severe", "usual")
HABITS = {"lenient": 0.6, SHARP: 0.0, "severe": -0.6, "usual": 0.0}


@dataclass(frozen=True, kw_only=True)
class Plan:
    hires: int = 60
    #: Of the planted competency and of the source, on the log of the days until the first deal.
    competency: float = 0.0
    source: float = 0.0
    #: Of everything that interviewers look at together.
    general: float = 0.0
    #: How much of an interviewer's score is what they saw; the sharp one sees it all.
    sight: float = 0.7
    #: Only one interviewer sees anything at all.
    only_one_sees: bool = False
    #: The spread of luck in the days until the first deal.
    luck: float = 0.5
    #: Met for each who is hired.
    met: int = 2
    roles: Sequence[str] = field(default=("smb_ae", "sdr_outbound"))


def drawn(plan: Plan, seed: int) -> tuple[list[Hire], list[Panel]]:
    """(Hires, panels of all who were met)."""
    rng = np.random.default_rng(seed)
    many = plan.hires * plan.met
    truth = rng.normal(size=(many, len(COMPETENCIES)))
    panels = [_panel(plan, rng, truth[n], plan.roles[n % len(plan.roles)]) for n in range(many)]
    means = [np.mean([list(each.values()) for each in panel.scores.values()]) for panel in panels]
    chosen = sorted(np.argsort(means)[-plan.hires :])
    return [_hire(plan, rng, truth[n], panels[n]) for n in chosen], panels


def _panel(plan: Plan, rng: np.random.Generator, truth: np.ndarray, role: str) -> Panel:
    scores = {}
    for who in rng.permutation(INTERVIEWERS)[:3]:
        sight = (1.0 if who == SHARP else 0.0) if plan.only_one_sees else plan.sight
        seen = sight * truth + np.sqrt(1 - min(sight, 0.98) ** 2) * rng.normal(size=truth.shape)
        marks = np.clip(np.round(3 + seen + HABITS[str(who)]), 1, 5)
        scores[str(who)] = dict(zip(COMPETENCIES, map(float, marks), strict=True))
    return Panel(role=role, scores=scores)


def _hire(plan: Plan, rng: np.random.Generator, truth: np.ndarray, panel: Panel) -> Hire:
    source = str(rng.choice(SOURCES))
    strength = truth[COMPETENCIES.index(PLANTED)]
    everything = truth.sum() / np.sqrt(len(truth))
    pull = plan.competency * strength + plan.general * everything + plan.source * (source == FAST)
    days = float(np.exp(np.log(80) - pull + plan.luck * rng.normal()))
    seen_for = float(rng.uniform(60, 500))
    left_after = float(rng.exponential(900))
    return Hire(
        panel=panel,
        source=source,
        first_deal=Wait(days=min(days, seen_for), has_happened=days <= seen_for),
        attainment=None if seen_for < 180 else 0.8 + 0.25 * float(rng.normal()),
        stay=Wait(days=min(left_after, seen_for), has_happened=left_after <= seen_for),
    )
