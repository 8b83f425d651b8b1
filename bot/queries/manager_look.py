"""One manager and their team on a day, with what several indicators ask for read once."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from sqlmodel import Session

from bot.coaching.evidence.forecast_error import ForecastError, forecast_error
from bot.coaching.manager_view import Report
from bot.domain.fiscal import FiscalCalendar
from bot.domain.people import Manager, Rep, Team
from bot.domain.windows import Window
from bot.queries.duty_facts import plans_of
from bot.queries.hiring import HiringCounts, read_hiring_counts
from bot.queries.manager_views import Coached, read_reports
from bot.queries.onboarding import OnTrack, hires_on_track
from bot.queries.pay import PayStanding, read_pay_standing
from bot.queries.pay_permissions import may_audit
from bot.queries.rep_views import Moment
from bot.queries.talks import Talk, read_talks
from bot.queries.team_results import (
    COMMIT,
    Attainment,
    MonthForecast,
    read_attainments,
    read_month_forecasts,
)
from bot.queries.touches import read_touches
from bot.queries.yardstick import Yardstick, read_yardstick
from bot.render import filters
from bot.runtime import Runtime
from bot.storage.roster import Roster

#: How far back what a manager does is looked at.
RECENT = timedelta(days=90)
NOT_OPEN = "audits of pay are not open to you here"
ASK_FOR_IT = "ask whoever may audit pay how your plan stands against the objectives."
#: Forecasts are rare: so many quarters of them.
FORECAST_QUARTERS = 4


class ManagerLook:
    """All that an indicator may look at; nothing of it is written."""

    def __init__(
        self,
        session: Session,
        runtime: Runtime,
        roster: Roster,
        team: Team,
        moment: Moment,
        quarter: Window | None = None,
    ) -> None:
        self.session = session
        self.runtime = runtime
        self.roster = roster
        self.team = team
        self.moment = moment
        self._quarter = quarter

    @property
    def manager(self) -> Manager:
        return self.team.manager

    @property
    def reps(self) -> Sequence[Rep]:
        return self.team.reps

    @property
    def today(self) -> date:
        return self.moment.today

    @property
    def recent(self) -> Window:
        return Window(first=self.today - RECENT, last=self.today, label="last 90 days")

    @property
    def quarter(self) -> Window:
        """The one that was asked for, else the newest fiscal quarter that is over."""
        return self._quarter or quarter_before(self.runtime.organisation.fiscal, self.today)

    def chance(self) -> np.random.Generator:
        """The same draws for the same day, so that a number does not flicker."""
        return np.random.default_rng(self.today.toordinal())

    def day(self, on: date) -> str:
        """As the manager's locale has it; so are the others."""
        return filters.day(on, locale=self.manager.locale)

    def share(self, value: float) -> str:
        return filters.share(value, locale=self.manager.locale)

    def money(self, cents: int) -> str:
        currency = self.runtime.organisation.currency
        return filters.money(cents, currency, locale=self.manager.locale)

    def count(self, number: int, one: str, many: str | None = None) -> str:
        return filters.plural(number, one, many, locale=self.manager.locale)

    @cached_property
    def yardstick(self) -> Yardstick:
        return read_yardstick(self.session, self.runtime, self.roster)

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        coached = Coached(
            yardstick=self.yardstick,
            touches=read_touches(self.session, self.yardstick, self.moment.knowledge),
        )
        return read_reports(
            self.session, self.runtime, self.team, coached=coached, moment=self.moment
        )

    @cached_property
    def talks(self) -> Sequence[Talk]:
        """The 1:1s of the last 90 days, the newest first."""
        return read_talks(
            self.session,
            self.manager,
            self.reps,
            organisation=self.runtime.organisation,
            since=self.recent.first,
            until=self.today,
            known_at=self.moment.knowledge.now,
        )

    @cached_property
    def hiring(self) -> HiringCounts:
        """Of the roles that the manager hires for."""
        return read_hiring_counts(
            self.session, self.runtime, self.roster, self.manager, today=self.today
        )

    @cached_property
    def new_hires(self) -> OnTrack:
        return hires_on_track(self.session, self.runtime, self.reps, self.today)

    @property
    def sees_pay(self) -> bool:
        """Whether audits of pay are open to the manager."""
        return may_audit(self.runtime.organisation, self.manager)

    @cached_property
    def pay(self) -> PayStanding:
        """Of the plans of those who report to the manager."""
        plans = plans_of(self.runtime, self.reps)
        return read_pay_standing(self.session, self.runtime, plans=plans)

    @cached_property
    def attainments(self) -> tuple[Attainment, ...]:
        """Of the quarter."""
        quarter = self.quarter
        return read_attainments(
            self.session,
            self.roster.members(self.team, quarter.last, quarter.last),
            quarter,
            yardstick=self.yardstick,
            moment=self.moment,
        )

    @cached_property
    def month_forecasts(self) -> tuple[MonthForecast, ...]:
        """Of the months that are over, of the quarter looked at and the three before it."""
        fiscal = self.runtime.organisation.fiscal
        first = self.quarter.first
        for _ in range(FORECAST_QUARTERS - 1):
            first = quarter_before(fiscal, first).first
        # A month that is not over has not shown what becomes of it.
        over = fiscal.month(self.today)[0] - timedelta(days=1)
        last = max(first, min(over, self.quarter.last))
        return read_month_forecasts(
            self.session,
            self.team,
            self.runtime.metrics.get(COMMIT),
            Window(first=first, last=last, label="the last year"),
            self.moment.knowledge,
        )

    @cached_property
    def forecast_error(self) -> ForecastError | None:
        months = self.month_forecasts
        return forecast_error(
            [each.committed_cents for each in months],
            [each.won_cents for each in months],
            rng=self.chance(),
        )


def quarter_before(fiscal: FiscalCalendar, day: date) -> Window:
    """The quarter before the one of the day."""
    last = fiscal.quarter(day)[0] - timedelta(days=1)
    return Window(first=fiscal.quarter(last)[0], last=last, label="last quarter")
