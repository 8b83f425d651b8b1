"""Evidence week by week: each team as it was, and nobody judged by another role's past."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from bot.coaching.evidence.panel import PanelMetric, WeeklyPanel
from bot.coaching.evidence.state import EvidenceState
from bot.domain.ids import MetricKey, RepId, RoleKey, TeamId
from bot.domain.people import Assignment, Rep
from bot.domain.roster import Roster
from bot.domain.windows import Window
from bot.domain.workdays import LeaveDays, WorkCalendar
from bot.queries.panel import edges_of, in_week
from bot.queries.panel_runs import cut_into_runs
from bot.queries.standing import ramp_share
from bot.queries.yardstick import Yardstick
from tests.coached_team import books
from tests.domain.people import KIM

SAM = replace(KIM, id=RepId("sam"))
MARIA, NOAH = TeamId("maria"), TeamId("noah")
FIRST = date(2026, 1, 5)
WEEKS = 6
MONDAYS = tuple(FIRST + timedelta(days=7 * n) for n in range(WEEKS))


def panel() -> WeeklyPanel:
    counts = np.arange(2 * WEEKS, dtype=float).reshape(1, 2, WEEKS)
    return WeeklyPanel(
        metrics=(PanelMetric(key=MetricKey("calls")),),
        reps=(KIM.id, SAM.id),
        teams=(NOAH, MARIA),
        weeks=MONDAYS,
        counts=counts,
        working_share=np.ones((2, WEEKS)),
        ramp_share=np.ones((2, WEEKS)),
    )


def held(rep: Rep, role: str, team: TeamId, first: date, last: date | None = None) -> Assignment:
    return Assignment(rep=rep.id, role=RoleKey(role), team=team, first_day=first, last_day=last)


def roster(moved_on: date, role: str = "smb_ae") -> Roster:
    before = held(KIM, "smb_ae", MARIA, date(2020, 1, 1), moved_on - timedelta(days=1))
    return Roster(
        reps={},
        managers={},
        past={
            KIM.id: (before, held(KIM, role, NOAH, moved_on)),
            SAM.id: (held(SAM, "smb_ae", MARIA, date(2020, 1, 1)),),
        },
    )


def test_a_transfer_counts_for_the_old_team_before_and_for_the_new_one_after() -> None:
    wednesday = MONDAYS[3] + timedelta(days=2)
    runs = list(cut_into_runs(panel(), [KIM, SAM], roster(wednesday)))
    assert [run.panel.teams for run in runs] == [(MARIA, MARIA), (NOAH, MARIA)]
    assert [run.panel.weeks for run in runs] == [MONDAYS[:3], MONDAYS[3:]]
    assert np.concatenate([run.panel.counts for run in runs], axis=2).tolist() == (
        panel().counts.tolist()
    )
    assert not any(run.begin_anew for run in runs)


def test_another_role_or_other_accounts_make_the_own_past_be_forgotten() -> None:
    state = EvidenceState.new([MetricKey("calls")], [KIM.id, SAM.id])
    state.counts[:] = 7
    promoted = list(cut_into_runs(panel(), [KIM, SAM], roster(MONDAYS[2], role="mid_market_ae")))
    assert [run.begin_anew for run in promoted] == [frozenset(), {KIM.id}]
    after = promoted[1].forgotten(state)
    assert after is not None
    assert after.reps == (SAM.id,)
    assert (after.counts == 7).all()
    assert promoted[0].forgotten(state) is state
    elsewhere = replace(SAM, territory_since=MONDAYS[4])
    runs = list(cut_into_runs(panel(), [KIM, elsewhere], roster(FIRST)))
    assert runs[-1].begin_anew == {SAM.id}
    assert runs[-1].panel.weeks == MONDAYS[4:]


def test_without_a_change_the_panel_stays_whole() -> None:
    [run] = cut_into_runs(panel(), [KIM, SAM], roster(date(2025, 1, 1)))
    assert run.panel.weeks == MONDAYS


def test_each_week_is_held_to_the_range_and_the_ramp_of_the_role_held_then() -> None:
    people = roster(MONDAYS[3], role="sdr_outbound")
    definitions = [books().metrics[MetricKey("calls_completed")]]
    yardstick = Yardstick(
        metrics=books().metrics,
        models=books().models,
        calendar=WorkCalendar(),
        leave=LeaveDays(),
    )
    now = replace(KIM, role=RoleKey("sdr_outbound"), role_since=MONDAYS[3])
    edges = [
        edges_of(definitions, [in_week(now, week, people)], yardstick)[0][0, 0] for week in MONDAYS
    ]
    as_smb, as_sdr = (
        books().models[RoleKey(role)].ranges[MetricKey("calls_completed")]
        for role in ("smb_ae", "sdr_outbound")
    )
    assert as_smb.low != as_sdr.low
    assert edges == [as_smb.low / as_smb.weeks] * 3 + [as_sdr.low / as_sdr.weeks] * 3
    assert in_week(now, MONDAYS[0], people).role == "smb_ae"
    ramps = [ramp_share(in_week(now, week, people), week_of(week), yardstick) for week in MONDAYS]
    assert ramps[:3] == [1.0] * 3
    assert 0 < ramps[3] < 0.25


def week_of(monday: date) -> Window:
    return Window(first=monday, last=monday + timedelta(days=6), label="week")
