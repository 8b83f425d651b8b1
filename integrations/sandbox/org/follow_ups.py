"""To-dos behind the next steps of deals: planned with the step, done on time, late or never."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random

from integrations.sandbox.org.activities import ActivityLog, Link
from integrations.sandbox.org.deals import Deal
from integrations.sandbox.org.lives import DealState
from integrations.sandbox.org.roles import STAGES
from integrations.sandbox.org.workdays import later

PLANNED_SHARE = 0.4
LATE_SHARE = 0.12
FORGOTTEN_SHARE = 0.03


def plan_follow_ups(log: ActivityLog, deals: Iterable[Deal]) -> None:
    """Give a share of the next steps a dated task."""
    rng = log.scene.stream("follow-ups")
    for deal in deals:
        before: str | None = None
        for state in deal.states:
            is_new = state.next_step is not None and state.next_step != before
            if is_new and not STAGES[state.stage].is_closed and rng.random() < PLANNED_SHARE:
                _plan(log, rng, deal, state)
            before = state.next_step


def _plan(log: ActivityLog, rng: Random, deal: Deal, state: DealState) -> None:
    calendar, due = log.scene.calendar(state.owner), state.next_step_on
    first_day = log.scene.calendar(state.owner).local_day(state.at)
    if due is None or first_day < log.scene.first_day or deal.sleeps_on(due):
        return
    planned_at = later(state.at, rng.randint(60, 600))
    link = Link(
        who=deal.stakeholders[0].contact.id,
        what=deal.id,
        account=deal.account_id,
        deal=deal.id,
    )
    task = log.plan_task(state.owner, planned_at, due=due, subject=state.next_step or "", link=link)
    if rng.random() < FORGOTTEN_SHARE:
        return
    done_on = calendar.on_or_after(due)
    if rng.random() < LATE_SHARE:
        done_on = calendar.shift(done_on, rng.randint(1, 4))
    done_at = calendar.moment(done_on, rng)
    still = deal.state_at(done_at)
    is_on_time = still is not None and still.owner is state.owner and done_at > planned_at
    if is_on_time and not deal.sleeps_on(done_on) and state.owner.works_on(done_on):
        log.complete_task(task, done_at, due=due, link=link)
    else:
        log.ledger.delete("Task", task, max(done_at, planned_at + timedelta(minutes=5)))
