"""Everybody who sells or leads, as they stand now, or as they stood on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.domain.assignments import (
    Past,
    assignment_on,
    end_of,
    newest_by,
    role_since,
    team_days,
)
from bot.domain.ids import RepId, TeamId
from bot.domain.people import Manager, Rep, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    reps: Mapping[RepId, Rep]
    managers: Mapping[TeamId, Manager]
    #: Every rep's assignments, oldest first; nobody lacks one.
    past: Mapping[RepId, Past] = field(default_factory=dict)
    #: Who sold or led once and does not now.
    former_reps: Mapping[RepId, Rep] = field(default_factory=dict)
    former_managers: Mapping[TeamId, Manager] = field(default_factory=dict)

    def everybody(self) -> Sequence[Rep | Manager]:
        return [*self.reps.values(), *self.managers.values()]

    def team(self, team_id: TeamId) -> Team:
        manager = self.managers[team_id]
        reps = tuple(
            rep
            for rep in sorted(self.reps.values(), key=lambda each: (each.name, each.id))
            if rep.team == team_id and rep.is_active
        )
        days = {
            rep: team_days(past, team_id)
            for rep, past in self.past.items()
            if any(each.team == team_id for each in past)
        }
        return Team(
            id=team_id,
            name=f"{manager.first_name}'s team",
            manager=manager,
            reps=reps,
            days={rep: spans for rep, spans in days.items() if spans},
            joined={rep: self.past[rep][0].first_day for rep, spans in days.items() if spans},
        )

    def teams(self) -> Sequence[Team]:
        """Teams that have reps, by the name of their manager."""
        led = {rep.team for rep in self.reps.values() if rep.is_active and rep.team}
        managers = sorted(self.managers.values(), key=lambda each: (each.name, each.id))
        return [self.team(manager.id) for manager in managers if manager.id in led]

    def reports_to(self, rep: Rep, manager: TeamId) -> bool:
        """Whether ``manager`` leads the rep, directly or through other managers."""
        seen: set[TeamId] = set()
        above = rep.team
        while above is not None and above not in seen:
            if above == manager:
                return True
            seen.add(above)
            leader = self.managers.get(above)
            above = leader.leader if leader else None
        return False

    def on(self, day: date) -> "Roster":
        """The same people in the roles and teams of that day; who was not with us is inactive."""
        known = {**self.former_reps, **self.reps}
        return replace(
            self,
            reps={rep_id: self.rep_on(rep, day) for rep_id, rep in known.items()},
            managers={**self.former_managers, **self.managers},
            former_reps={},
            former_managers={},
        )

    def rep_on(self, rep: Rep, day: date) -> Rep:
        past = self.past.get(rep.id, ())
        held = newest_by(past, day)
        if held is None:
            return replace(rep, is_active=False)
        is_here = assignment_on(past, day) is not None
        return replace(
            rep,
            role=held.role,
            team=held.team,
            is_active=is_here,
            left_on=None if is_here else end_of(held),
            role_since=role_since(past, day),
            **_not_after(rep, day),
        )

    def members(self, team: Team, first: date, last: date) -> tuple[Rep, ...]:
        """Who belonged to the team on any day of a span, as they were on their last day in it."""
        known = {**self.former_reps, **self.reps}
        found = []
        for rep_id, spans in team.days.items():
            inside = [end for begin, end in spans if begin <= last and end >= first]
            if inside and rep_id in known and team.joined[rep_id] <= last:
                found.append(self.rep_on(known[rep_id], min(last, inside[-1])))
        return tuple(sorted(found, key=lambda each: (each.name, each.id)))


def _not_after(rep: Rep, day: date) -> dict[str, Any]:
    """What was not yet known of a rep on a day: a later start in the role, or later accounts."""
    since, started = rep.territory_since, rep.terms.started_on
    return {
        "territory_since": since if since is None or since <= day else None,
        "terms": replace(rep.terms, started_on=None) if started and started > day else rep.terms,
    }
