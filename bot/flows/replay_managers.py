"""What managers would have heard on a day of a replay, by the same judge."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time

from bot.coaching.judge import History, Judgement
from bot.coaching.manager_view import ManagerView, Said
from bot.coaching.rep_view import RepView
from bot.domain.ids import RepId, RuleKey, TeamId
from bot.domain.nudge import Tone
from bot.domain.people import Rep, Team
from bot.flows.coach import draw_on
from bot.flows.coach_managers import as_manager, decide_for_manager, look_at_managers
from bot.queries.history import history_of
from bot.queries.manager_views import SAID_WITHIN, SPOKEN
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.decisions import DecisionRow
from bot.storage.roster import Roster

#: Rules that look at what is only kept as it stands now, and why nothing is replayed of them.
NOT_REPLAYED: Mapping[RuleKey, str] = {
    RuleKey("bench_thin"): "left out: who stood on a bench on a past day is not kept",
    RuleKey("scorecard_missing"): "left out: who stood on a bench on a past day is not kept",
}
SaidSoFar = Mapping[str, list[DecisionRow]]


def judged_managers(
    runtime: Runtime,
    roster: Roster,
    moment: Moment,
    *,
    views: Mapping[RepId, RepView],
    said: SaidSoFar,
    unavailable: frozenset[RuleKey],
    coach_at: time,
) -> Iterator[tuple[Judgement, datetime]]:
    """Each with the manager's own moment; ``said`` is what the replay has said so far."""
    if not runtime.manager_rules:
        return
    teams = {team.id: team for team in roster.teams()}
    with reading(runtime.database) as session:
        looks = look_at_managers(
            session,
            runtime,
            teams.values(),
            moment,
            roster=roster,
            touches={rep: view.touch for rep, view in views.items()},
        )
    for look in looks:
        day, team = moment.today, teams[TeamId(look.person.id)]
        if day.weekday() in runtime.calendar.own_week(look.person):
            now = datetime.combine(day, coach_at, tzinfo=look.person.zone)
            view = replace(look.view, said=_heard(team, said, look.view))
            for judgement in decide_for_manager(
                runtime,
                view,
                _history(runtime, look.person, view, said),
                now=now,
                draw=draw_on(runtime, day),
                unavailable=unavailable | NOT_REPLAYED.keys(),
            ):
                yield judgement, now


def _history(runtime: Runtime, person: Rep, view: ManagerView, said: SaidSoFar) -> History:
    history = history_of(
        person,
        view=None,
        today=view.today,
        said=said.get(person.id, ()),
        muted=frozenset(),
        snoozed_until={},
        paused_until=None,
        match=None,
        is_in_slack=True,
    )
    return as_manager(runtime, person, history, view)


def _heard(team: Team, said: SaidSoFar, view: ManagerView) -> Said:
    tones = [
        row.tone
        for rep in team.reps
        for row in said.get(rep.id, ())
        if row.verdict in SPOKEN and row.day >= view.today - SAID_WITHIN
    ]
    return Said(
        praise=tones.count(Tone.POSITIVE),
        warnings=tones.count(Tone.WARNING),
        neutral=tones.count(Tone.NEUTRAL),
    )
