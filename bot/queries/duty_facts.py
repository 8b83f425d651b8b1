"""What reminders to a manager rest on that other duties keep: audits of pay, ended programmes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.manager_view import EndedCohort, HireBehind, PayFacts
from bot.compensation.plan import PlanKey
from bot.domain.people import Rep, Team
from bot.queries.earners import plan_key_of
from bot.queries.onboarding import hires_on_track
from bot.queries.pay import read_pay_standing
from bot.queries.pay_permissions import may_audit
from bot.queries.programmes import read_progress
from bot.runtime import Runtime

#: What happened on a programme is told as news for so long.
NEWS_FOR = timedelta(days=14)


def plans_of(runtime: Runtime, reps: Iterable[Rep]) -> list[PlanKey]:
    """The pay plans of those who report to a manager, each once."""
    organisation = runtime.organisation
    found = {
        plan_key_of(organisation, rep.role, organisation.pay.of(rep.email, rep.id))
        for rep in reps
        if rep.is_active
    }
    return sorted(plan for plan in found if plan is not None)


def read_pay_facts(
    session: Session, runtime: Runtime, team: Team, *, today: date
) -> PayFacts | None:
    """None where nobody of the team has a plan in force, or audits are not open to the manager."""
    if not may_audit(runtime.organisation, team.manager):
        return None
    plans = plans_of(runtime, team.reps)
    in_force = [runtime.pay.in_force(key, today) for key in plans]
    titles = [plan.title for plan in in_force if plan is not None]
    if not titles:
        return None
    last = read_pay_standing(session, runtime, plans=plans, until=today).last_audited_on
    return PayFacts(
        plan=titles[0],
        days_since_audit=None if last is None else max(0, (today - last).days),
    )


def read_hires_behind(
    session: Session, runtime: Runtime, team: Team, *, today: date
) -> tuple[HireBehind, ...]:
    """Those on a running programme with something past due, at work or not."""
    found = []
    for hire in hires_on_track(session, runtime, team.reps, today).behind:
        late = hire.progress.most_behind
        if late is not None:
            found.append(
                HireBehind(
                    first_name=hire.rep.first_name,
                    milestone=late.milestone.title,
                    working_days=late.behind,
                    is_managers=late.milestone.is_signed_by_manager,
                )
            )
    return tuple(found)


def read_ended_cohorts(
    session: Session, runtime: Runtime, team: Team, *, today: date
) -> tuple[EndedCohort, ...]:
    """New hires of the team whose last milestone was due lately, by their programme."""
    ended: dict[str, list[date]] = defaultdict(list)
    for progress in read_progress(session, runtime, team.reps, today).values():
        last = max((line.due_on for line in progress.lines), default=None)
        if last is not None and today - NEWS_FOR < last <= today:
            ended[progress.programme.title].append(last)
    return tuple(
        EndedCohort(programme=title, hires=len(days), ended_on=max(days))
        for title, days in sorted(ended.items())
    )
