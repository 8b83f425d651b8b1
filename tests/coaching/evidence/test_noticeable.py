"""For every metric and rep: the smallest drop that could be noticed, or that it cannot be told."""

from bot.coaching.evidence.noticeable import noticeable
from bot.coaching.evidence.signals import weigh_panel
from bot.coaching.evidence.state import EvidenceState
from bot.domain.ids import MetricKey, RepId
from tests.simulation.generator import Nuisances, made_up_organisations
from tests.simulation.scorer import panel_of

CALLS, MEETINGS, RARE = (MetricKey(name) for name in ("calls", "meetings", "opportunities"))


def state() -> EvidenceState:
    given = Nuisances(reps=12, teams=2, weeks=40, means=(50.0, 8.0, 0.4), new_hires=0)
    return weigh_panel(panel_of(next(made_up_organisations(1, seed=5, given=given))))[1]


def test_more_to_count_means_that_a_smaller_drop_is_noticed() -> None:
    known = state()
    for rep in known.reps:
        calls = noticeable(known, metric=CALLS, rep=rep)
        meetings = noticeable(known, metric=MEETINGS, rep=rep)
        rare = noticeable(known, metric=RARE, rep=rep)
        assert calls is not None
        assert meetings is not None
        assert rare is not None
        assert calls.drop is not None
        assert calls.drop < 0.5
        assert meetings.drop is None or meetings.drop > calls.drop
        assert rare.drop is None
        assert calls.weekly > meetings.weekly > rare.weekly


def test_the_weekly_number_is_the_reps_own() -> None:
    known = state()
    for place, rep in enumerate(known.reps):
        found = noticeable(known, metric=CALLS, rep=rep)
        assert found is not None
        own = known.counts[0, place].sum() / known.exposures[0, place].sum()
        assert abs(found.weekly / own - 1) < 0.25


def test_of_whom_nothing_is_known_nothing_is_said() -> None:
    known = state()
    assert noticeable(known, metric=MetricKey("emails"), rep=known.reps[0]) is None
    assert noticeable(known, metric=CALLS, rep=RepId("somebody else")) is None
    joined = known.aligned(known.metrics, [*known.reps, RepId("new")])
    assert noticeable(joined, metric=CALLS, rep=RepId("new")) is None
