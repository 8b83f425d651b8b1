"""A panel cut where somebody changed team or began anew, so that each week is seen as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.panel import WeeklyPanel
from bot.coaching.evidence.state import EvidenceState
from bot.domain.assignments import new_roles, newest_by
from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.people import Rep
from bot.domain.roster import Roster

Teams = tuple[TeamId | None, ...]
Roles = tuple[RoleKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive weeks in which nobody changed team or role."""

    panel: WeeklyPanel
    #: Who began in a new role or with new accounts in its first week: their past says nothing.
    begin_anew: frozenset[RepId]

    def forgotten(self, state: EvidenceState | None) -> EvidenceState | None:
        """The state without what it remembers of those who begin anew."""
        if state is None or not self.begin_anew & set(state.reps):
            return state
        others = [rep for rep in state.reps if rep not in self.begin_anew]
        return state.aligned(state.metrics, others)

    def held_to(self, low: Floats, high: Floats) -> WeeklyPanel:
        """The panel with the ranges of the roles that the reps held then."""
        return replace(self.panel, target_low=low, target_high=high)


def cut_into_runs(panel: WeeklyPanel, reps: Sequence[Rep], roster: Roster) -> Iterator[Run]:
    """``reps`` are the panel's, in its order."""
    held = [_held(week, reps, roster) for week in panel.weeks]
    anew = [_begin_anew(week, reps, roster) for week in panel.weeks]
    count = len(panel.weeks)
    cuts = [n for n in range(1, count) if anew[n] or held[n] != held[n - 1]]
    for begin, end in zip([0, *cuts], [*cuts, count], strict=True):
        if begin < end:
            yield Run(panel=_part(panel, begin, end, held[begin]), begin_anew=anew[begin])


def _held(week: date, reps: Sequence[Rep], roster: Roster) -> tuple[Teams, Roles]:
    """Teams and roles as they were at the end of the week."""
    end = week + timedelta(days=6)
    held = [newest_by(roster.past.get(rep.id, ()), end) or rep for rep in reps]
    return tuple(each.team for each in held), tuple(each.role for each in held)


def _begin_anew(week: date, reps: Sequence[Rep], roster: Roster) -> frozenset[RepId]:
    found = set()
    for rep in reps:
        days = [*new_roles(roster.past.get(rep.id, ()))]
        if rep.territory_since is not None:
            days.append(rep.territory_since)
        if any(week <= day <= week + timedelta(days=6) for day in days):
            found.add(rep.id)
    return frozenset(found)


def _part(panel: WeeklyPanel, begin: int, end: int, held: tuple[Teams, Roles]) -> WeeklyPanel:
    return replace(
        panel,
        teams=held[0],
        roles=held[1],
        weeks=panel.weeks[begin:end],
        counts=panel.counts[:, :, begin:end],
        working_share=panel.working_share[:, begin:end],
        ramp_share=panel.ramp_share[:, begin:end],
        trials=None if panel.trials is None else panel.trials[:, :, begin:end],
    )
