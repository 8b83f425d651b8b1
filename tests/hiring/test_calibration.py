"""How interviewers compare on the same prospects."""

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from bot.hiring.calibration import agreement, fair_scores, leniencies, weighted_kappa
from bot.hiring.hires import Panel


def panels(*, severe: float = 0.0, many: int = 12) -> list[Panel]:
    """Kim and Sam meet everybody; Sam gives that many points less, and a little luck besides."""
    rng = np.random.default_rng(5)
    found = []
    for _ in range(many):
        truth = rng.normal(3, 0.8, size=3)
        names = ("drive", "curiosity", "process")
        kim = dict(zip(names, map(float, truth + 0.2 * rng.normal(size=3)), strict=True))
        sam = dict(zip(names, map(float, truth - severe + 0.2 * rng.normal(size=3)), strict=True))
        found.append(Panel(role="smb_ae", scores={"kim": kim, "sam": sam}))
    return found


def test_weighted_kappa_is_that_of_statsmodels() -> None:
    table = np.random.default_rng(3).integers(0, 20, size=(5, 5)).astype(float)
    theirs = cohens_kappa(table, wt="quadratic")
    assert weighted_kappa(table) == pytest.approx(float(theirs.kappa))
    assert weighted_kappa(np.diag([0.0, 0, 7, 0, 0])) == 1


def test_who_gives_less_to_the_same_people_is_told_so_with_an_interval() -> None:
    found = leniencies(panels(severe=1.0))
    assert found["sam"].points.estimate == pytest.approx(-0.5, abs=0.15)
    assert found["kim"].points.estimate == pytest.approx(0.5, abs=0.15)
    assert found["sam"].is_sure
    assert not leniencies(panels(severe=0.0))["sam"].is_sure


def test_few_shared_prospects_tell_nothing_of_an_interviewer() -> None:
    assert leniencies(panels(severe=1.0, many=4)) == {}
    alone = [Panel(role="smb_ae", scores={"kim": {"drive": 3.0}})] * 9
    assert leniencies(alone) == {}
    assert agreement(alone) is None


def test_a_severe_interviewer_costs_nobody_their_score() -> None:
    known = leniencies(panels(severe=1.0))
    one = Panel(role="smb_ae", scores={"sam": {"drive": 3.0}})
    other = Panel(role="smb_ae", scores={"kim": {"drive": 4.0}})
    fair, same = fair_scores(one, known)["drive"], fair_scores(other, known)["drive"]
    assert fair == pytest.approx(same, abs=0.3)
    assert fair_scores(one, {}) == {"drive": 3.0}


def test_agreement_counts_each_pair_once_and_says_how_near_they_are() -> None:
    shown = Panel(
        role="smb_ae", scores={"kim": {"drive": 4, "process": 2}, "sam": {"drive": 2, "process": 3}}
    )
    found = agreement([shown])
    assert found is not None
    assert (found.pairs, found.within_a_point) == (2, 0.5)
    of_kim = agreement([shown], of="kim")
    assert of_kim is not None
    assert of_kim.pairs == 2
