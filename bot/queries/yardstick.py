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

    def profile_of(self, role: RoleKey) -> RampProfile:
        model = self.models.get(role)
        return model.ramp if model else RampProfile()

    def clock_of(self, rep: Rep) -> RampClock:
        """Leave stops it, and so does a time when the rep was not with us."""
        away = (*self.leave.spans.get(rep.id, ()), *rep.days_away)
        return RampClock(started_on=rep.started_on, away=away)

    def peer_groups(self, people: Iterable[Rep], day: date) -> tuple[PeerGroup, ...]:
        reps = list(people)
        months = {rep.id: self.clock_of(rep).months_by(day) for rep in reps}
        return group_peers(reps, months=months, bands=self.bands)

    def is_member(self, rep: RepId, day: date) -> bool:
        if self.member_days is None:
            return True
        return any(first <= day <= last for first, last in self.member_days.get(rep, ()))


def read_yardstick(session: Session, runtime: Runtime) -> Yardstick:
    return Yardstick(
        metrics=runtime.metrics,
        models=runtime.models,
        calendar=runtime.calendar,
        leave=read_leave(session),
        bands=runtime.organisation.tenure,
    )
