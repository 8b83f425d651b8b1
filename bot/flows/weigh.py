"""Weighs each week once it is complete, and writes down what survived noise control."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.evidence.signals import WeekOutcome, weigh_panel
from bot.coaching.evidence.state import EvidenceState
from bot.domain.people import Rep
from bot.queries.panel import (
    HISTORY_WEEKS,
    WeekSpan,
    edges_of,
    in_week,
    newest_complete_week,
    read_panel,
    watched_metrics,
)
from bot.queries.panel_runs import cut_into_runs
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.advisory_lock import wait_for_turn
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading, transaction
from bot.storage.evidence import read_state, write_outcomes
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster, read_roster


def weigh(runtime: Runtime) -> Sequence[WeekOutcome]:
    """Weigh the complete weeks that were not weighed yet; a repeated call does nothing.

    The first time a year of history is gone through, so that there is something to expect from.
    """
    now = runtime.clock.now()
    today = now.astimezone(runtime.organisation.zone).date()
    last = newest_complete_week(today)
    with reading(runtime.database) as session:
        state = read_state(session)
        if mirrored_at(session) is None or (state is not None and _is_seen(state, last)):
            return ()
        roster = read_roster(session, runtime.organisation)
        knowledge = as_filled(session, Knowledge(day=today, now=now))
        outcomes, after = weigh_weeks(session, runtime, roster, state, last=last, known=knowledge)
    with transaction(runtime.database) as session:
        wait_for_turn(session, "weigh")
        known = read_state(session)
        if known is not None and _is_seen(known, last):
            # Another instance weighed the same weeks meanwhile.
            return ()
        write_outcomes(session, outcomes, after)
    return outcomes


def weigh_weeks(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    state: EvidenceState | None,
    *,
    last: date,
    known: Knowledge,
) -> tuple[Sequence[WeekOutcome], EvidenceState]:
    """The weeks after the state's newest until ``last``, as known; writes nothing."""
    yardstick = read_yardstick(session, runtime, roster)
    first = last - timedelta(days=7 * (HISTORY_WEEKS - 1))
    if state is not None and state.week is not None:
        first = max(first, state.week + timedelta(days=7))
    reps = weighed_reps(roster)
    watched = watched_metrics(session, runtime.metrics, runtime.models)
    panel = read_panel(
        session,
        watched,
        reps,
        roster=roster,
        yardstick=yardstick,
        span=WeekSpan(first=first, last=last),
        knowledge=known,
    )
    outcomes: list[WeekOutcome] = []
    for run in cut_into_runs(panel, reps, roster):
        then = [in_week(rep, run.panel.weeks[0], roster) for rep in reps]
        held = run.held_to(*edges_of(watched, then, yardstick))
        told, state = weigh_panel(held, run.forgotten(state))
        outcomes.extend(told)
    # Even a panel without a week has a state to go on from.
    return tuple(outcomes), state or weigh_panel(panel, None)[1]


def weighed_reps(roster: Roster) -> list[Rep]:
    """Active reps in a stable order; who has left would teach the others a wrong level."""
    active = (rep for rep in roster.reps.values() if rep.is_active)
    return sorted(active, key=lambda rep: rep.id)


def _is_seen(state: EvidenceState, week: date) -> bool:
    return state.week is not None and state.week >= week
