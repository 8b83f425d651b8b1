"""What managers would have heard on a day of a replay, by the same judge."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time

from bot.coaching.judge import Judgement
from bot.coaching.manager_view import ManagerView, Said
from bot.coaching.rep_view import RepView
from bot.domain.ids import RepId, RuleKey, TeamId
from bot.domain.nudge import Tone
from bot.domain.people import Team
from bot.flows.coach import draw_on
from bot.flows.coach_managers import as_manager, decide_for_manager, look_at_managers
from bot.queries.history import history_of
from bot.queries.manager_views import SAID_WITHIN, SPOKEN
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.decisions import DecisionRow
from bot.storage.roster import Roster

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
        person, day = look.person, moment.today
        if day.weekday() not in runtime.calendar.own_week(person):
            continue
        history = history_of(
            person,
            view=None,
            today=day,
            said=said.get(person.id, ()),
            muted=frozenset(),
            snoozed_until={},
            paused_until=None,
            match=None,
            is_in_slack=True,
        )
        view = replace(look.view, said=_heard(teams[TeamId(person.id)], said, look.view))
        now = datetime.combine(day, coach_at, tzinfo=person.zone)
        judgements = decide_for_manager(
            runtime,
            view,
            as_manager(runtime, person, history, view),
            now=now,
            draw=draw_on(runtime, day),
            unavailable=unavailable,
        )
        yield from ((judgement, now) for judgement in judgements)


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
