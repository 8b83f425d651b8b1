"""What readings are held against, and what is fair to expect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from bot.domain.ids import MetricKey, RepId, RoleKey
from bot.domain.people import Rep
from bot.domain.ramp import RampClock, RampProfile
from bot.domain.success_model import SuccessModel
from bot.domain.tenure import PeerGroup, TenureBands, group_peers
from bot.domain.windows import Window
from bot.domain.workdays import LeaveDays, WorkCalendar
from bot.metrics.definition import Definition
from bot.runtime import Runtime
from bot.storage.facts.leave import read_leave
from bot.storage.roster import Roster, read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    metrics: Mapping[MetricKey, Definition]
    models: Mapping[RoleKey, SuccessModel]
    calendar: WorkCalendar
    leave: LeaveDays
    #: What flows are read over; None leaves each to its target's own weeks.
    window: Window | None = None
    #: The days on which each rep belonged to the team that is asked about; None: all of them.
    member_days: Mapping[RepId, tuple[tuple[date, date], ...]] | None = None

    bands: TenureBands = field(default_factory=TenureBands)
    #: Everybody who sells, as of the day that is looked at: whoever is asked about, they are
    #: compared with all of their peers among these.
    everybody: tuple[Rep, ...] = ()

    def profile_of(self, role: RoleKey) -> RampProfile:
        model = self.models.get(role)
        return model.ramp if model else RampProfile()

    def clock_of(self, rep: Rep) -> RampClock:
        """Leave stops it, and so does a time when the rep was not with us."""
        return self.clock_since(rep, rep.started_on)

    def clock_since(self, rep: Rep, day: date) -> RampClock:
        """The same, of another start of theirs."""
        away = (*self.leave.spans.get(rep.id, ()), *rep.days_away)
        return RampClock(started_on=day, away=away)

    def with_peers(self, people: Iterable[Rep]) -> list[Rep]:
        """They and all who hold the same roles; of a team's days only those of the team."""
        asked = list(people)
        if self.member_days is not None:
            return asked
        roles, known = {rep.role for rep in asked}, {rep.id for rep in asked}
        others = (rep for rep in self.everybody if rep.is_active and rep.role in roles)
        return [*asked, *(rep for rep in others if rep.id not in known)]

    def peer_groups(self, people: Iterable[Rep], day: date) -> tuple[PeerGroup, ...]:
        """Each of the people is judged in one group, among all of their peers."""
        reps = self.with_peers(people)
        months = {rep.id: self.clock_of(rep).months_by(day) for rep in reps}
        return group_peers(reps, months=months, bands=self.bands)

    def is_member(self, rep: RepId, day: date) -> bool:
        if self.member_days is None:
            return True
        return any(first <= day <= last for first, last in self.member_days.get(rep, ()))


def read_yardstick(session: Session, runtime: Runtime, roster: Roster | None = None) -> Yardstick:
    """``roster`` is that of a day in the past; None takes everybody as they stand now."""
    if roster is None:
        roster = read_roster(session, runtime.organisation)
    return Yardstick(
        metrics=runtime.metrics,
        models=runtime.models,
        calendar=runtime.calendar,
        leave=read_leave(session),
        bands=runtime.organisation.tenure,
        everybody=tuple(roster.reps.values()),
    )
