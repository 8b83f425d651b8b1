"""Managers are coached too: the same judge, the same record, the same outbox, their own rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlmodel import Session

from bot.coaching.judge import History, Judgement, judge
from bot.coaching.manager_view import ManagerView
from bot.coaching.policy import Policy
from bot.coaching.rep_view import Touch
from bot.domain.ids import RepId, RuleKey
from bot.domain.nudge import Proposal
from bot.domain.people import Rep, Team
from bot.flows.coach import CoachReport, Decided, draw_on, is_coaching_time, settle, was_coached
from bot.queries.history import read_histories, read_slack_matches
from bot.queries.manager_views import Coached, read_manager_view
from bot.queries.rep_views import Moment
from bot.queries.switched import switched
from bot.queries.touches import read_touches
from bot.queries.unavailable import unavailable_rules
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster, read_roster

#: Beside the digest.
MOST_A_WEEK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One manager, how they coach, and what was said to them before."""

    person: Rep
    view: ManagerView
    history: History


def coach_managers(runtime: Runtime, *, from_time: time | None = None) -> CoachReport:
    """Coach every manager who has reps and was not coached yet on their own present day.

    ``from_time`` is as for reps. One transaction a person, and nobody is judged twice a day.
    """
    if not runtime.manager_rules:
        return CoachReport(decided=())
    runtime = switched(runtime)
    now = runtime.clock.now()
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        as_of = mirrored_at(session) or now
    by_day: dict[date, list[Team]] = defaultdict(list)
    for team in roster.teams():
        person = person_of(runtime, team)
        if from_time is None or is_coaching_time(now, person, from_time, runtime):
            by_day[now.astimezone(person.zone).date()].append(team)
    decided: list[Decided] = []
    for today, teams in sorted(by_day.items()):
        moment = Moment(knowledge=Knowledge(day=today, now=now), as_of=as_of)
        decided += _coach_day(runtime, roster, teams, moment)
    return CoachReport(decided=tuple(decided))


def _coach_day(
    runtime: Runtime, roster: Roster, teams: Sequence[Team], moment: Moment
) -> list[Decided]:
    with reading(runtime.database) as session:
        moment = replace(moment, knowledge=as_filled(session, moment.knowledge))
        waiting = [team for team in teams if not was_coached(session, team.id, moment.today)]
        looks = look_at_managers(session, runtime, waiting, moment, roster=roster)
        unavailable = unavailable_rules(session, runtime)
        slack = {person: row.slack_id for person, row in read_slack_matches(session).items()}
    decided: list[Decided] = []
    for each in looks:
        judgements = decide_for_manager(
            runtime,
            each.view,
            each.history,
            now=moment.knowledge.now,
            draw=draw_on(runtime, moment.today),
            unavailable=unavailable,
        )
        decided += settle(runtime, each.person, judgements, moment, slack.get(each.person.id))
    return decided


def look_at_managers(
    session: Session,
    runtime: Runtime,
    teams: Iterable[Team],
    moment: Moment,
    *,
    roster: Roster,
    touches: Mapping[RepId, Touch] | None = None,
) -> tuple[Look, ...]:
    """Everything that deciding needs; ``touches`` None reads them."""
    led = list(teams)
    if not led:
        return ()
    yardstick = read_yardstick(session, runtime, roster)
    if touches is None:
        touches = read_touches(session, yardstick, moment.knowledge)
    coached = Coached(yardstick=yardstick, touches=touches)
    views = {
        team.id: read_manager_view(session, runtime, team, coached=coached, moment=moment)
        for team in led
    }
    people = {team.id: person_of(runtime, team) for team in led}
    histories = read_histories(
        session,
        people.values(),
        views={},
        today=moment.today,
        in_shadow=runtime.policy.is_in_shadow,
    )
    return tuple(
        Look(
            person=people[team.id],
            view=views[team.id],
            history=as_manager(
                runtime, people[team.id], histories[people[team.id].id], views[team.id]
            ),
        )
        for team in led
    )


def person_of(runtime: Runtime, team: Team) -> Rep:
    manager = team.manager
    return manager.as_rep(runtime.organisation.terms_of(manager.id, manager.email))


def as_manager(runtime: Runtime, person: Rep, history: History, view: ManagerView) -> History:
    """On the manager's own days; nobody measures how much a manager can bear."""
    return replace(history, works=runtime.calendar.own_week(person), is_present=view.is_present)


def decide_for_manager(
    runtime: Runtime,
    view: ManagerView,
    history: History,
    *,
    now: datetime,
    draw: Callable[[Proposal], float],
    unavailable: frozenset[RuleKey] = frozenset(),
) -> list[Judgement]:
    """What every rule for managers would say to one of them, with the judge's verdicts."""
    rules = runtime.manager_rules
    proposals = [
        wish for rule in rules.values() if rule.key not in unavailable for wish in rule.notice(view)
    ]
    return judge(
        proposals,
        policy=policy_for_managers(runtime.policy),
        history=history,
        cooldown_days={key: rule.cooldown_days for key, rule in rules.items()},
        now=now,
        draw=draw,
    )


def policy_for_managers(policy: Policy) -> Policy:
    return replace(policy, nudges_per_week=min(policy.nudges_per_week, MOST_A_WEEK))
