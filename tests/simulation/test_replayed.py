"""Through the whole program: an export, ``import``, and half a year of ``replay``."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.simulation.export import LEADER, manager_id, rep_id
from tests.simulation.generator import MadeUpOrganisation, Nuisances, Struggle, make_organisation
from tests.simulation.replayed import Replayed, replayed
from tests.simulation.scorer import MONDAY

pytestmark = pytest.mark.slow

WEEKS, REPLAYED, REPS = 35, 21, 8
SHOCK = 30
NOTHING_WRONG = Nuisances(
    reps=REPS,
    teams=2,
    weeks=WEEKS,
    means=(15.0, 6.0, 1.5),
    holiday_weeks=3,
    shock_share=0.0,
    leave_weeks=2,
    new_hires=0.1,
    struggling=0.0,
)


def planted(seed: int) -> MadeUpOrganisation:
    """Two reps lose most of their meetings, and in one week everybody does less than half."""
    made_up = make_organisation(np.random.default_rng(seed), NOTHING_WRONG)
    rng = np.random.default_rng(seed + 1)
    counts, truth = made_up.counts.copy(), made_up.truth.copy()
    settled = [rep for rep in range(REPS) if not made_up.ramping[rep].any()]
    struggles = []
    for rep, first in zip(settled[:2], (18, 24), strict=True):
        fallen = slice(first, first + 10)
        counts[1, rep, fallen] = rng.binomial(counts[1, rep, fallen], 0.3)
        truth[1, rep, fallen] = 0.3
        struggles.append(Struggle(rep=rep, metric=1, factor=0.3, first=first, last=first + 9))
    counts[:, :, SHOCK : SHOCK + 2] = rng.binomial(counts[:, :, SHOCK : SHOCK + 2], 0.4)
    shock = made_up.shock.copy()
    shock[:, SHOCK : SHOCK + 2] = True
    changed = {"counts": counts, "truth": truth, "struggles": tuple(struggles), "shock": shock}
    return MadeUpOrganisation(
        **{name: getattr(made_up, name) for name in made_up.__slots__} | changed
    )


@pytest.fixture(scope="module")
def half_a_year(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder: Path = tmp_path_factory.mktemp("replayed")
    return replayed(planted(41), folder, seed=41, weeks=REPLAYED, untidy=0.15)


def days_after(week: int, *, weeks: int) -> tuple[date, date]:
    """When weeks from ``week`` on become known: each on the Tuesday after it."""
    first = MONDAY + timedelta(weeks=week, days=8)
    return first, first + timedelta(weeks=weeks, days=-1)


def test_reps_with_whom_nothing_is_wrong_hear_less_than_one_warning_in_half_a_year(
    half_a_year: Replayed,
) -> None:
    assert len(half_a_year.fine_reps) == REPS - 2
    assert half_a_year.false_warnings() < 1


def test_planted_struggles_are_found_and_said_to_the_rep(half_a_year: Replayed) -> None:
    for at in range(len(half_a_year.made_up.struggles)):
        assert half_a_year.was_found(at, kinds=frozenset({"signal"}))
        assert half_a_year.was_found(at, kinds=frozenset({"nudge"}))


def test_a_week_that_went_badly_for_everybody_is_the_leaders_and_no_reps(
    half_a_year: Replayed,
) -> None:
    first, last = days_after(SHOCK, weeks=1)
    in_time = [
        line for line in half_a_year.lines if first <= date.fromisoformat(str(line["day"])) <= last
    ]
    told = {line["to"] for line in in_time if line["rule"] == "common_cause"}
    assert told == {LEADER}
    struggling = {rep_id(one.rep) for one in half_a_year.made_up.struggles}
    blamed = [
        line
        for line in in_time
        if line["kind"] == "signal"
        and line["valence"] == "warning"
        and line["to"] not in struggling
    ]
    assert blamed == []


def test_managers_read_in_their_digest_what_everybody_shared(half_a_year: Replayed) -> None:
    shared = [line for line in half_a_year.lines if line["rule"] == "digests_shared_fall"]
    assert {line["to"] for line in shared} == {manager_id(0), manager_id(1)}
    assert all("look for one cause rather than at people" in str(line["text"]) for line in shared)
    first, _ = days_after(SHOCK, weeks=1)
    days = {date.fromisoformat(str(line["day"])) for line in shared}
    assert any(first <= day <= first + timedelta(days=7) for day in days)


def test_reminders_about_deals_are_no_warnings_about_people(half_a_year: Replayed) -> None:
    nudges = [line for line in half_a_year.lines if line["kind"] == "nudge"]
    about_deals = {line["rule"] for line in nudges if line["metric"] is None}
    assert "past_due_close_date" in about_deals
    assert "warning" not in {line["valence"] for line in nudges if line["rule"] in about_deals}
    assert {line["rule"] for line in half_a_year.warnings()} <= {"change_noticed"}
