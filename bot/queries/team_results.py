"""What a team's quarter came to: attainment of each rep, the deals won, forecasts against them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from bot.domain.ids import MetricKey, RepId
from bot.domain.people import Rep, Team
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.queries.rep_views import Moment
from bot.queries.standing import working_share
from bot.queries.yardstick import Yardstick
from bot.storage.availability import unavailable_metrics
from bot.storage.facts.days import narrowed, within
from bot.storage.facts.deals import owner_at
from bot.storage.facts.select import Knowledge, select_facts
from bot.storage.facts.tables import DealSpanRow

ATTAINMENT = MetricKey("quota_attainment")
COMMIT = MetricKey("commit_bias")
#: Whoever was away for more than half of the quarter is not compared with those who were there.
LEAST_PRESENT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    rep: Rep
    #: Money in whole hundredths.
    won_cents: int
    quota_cents: int

    @property
    def share(self) -> float:
        return self.won_cents / self.quota_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class WonDeal:
    record: str
    rep: RepId
    closed_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthForecast:
    """What stood in the commit forecast when a month began, and what was won of what was due."""

    month_on: date
    committed_cents: int
    won_cents: int
    deals: int


def read_attainments(
    session: Session, reps: Sequence[Rep], quarter: Window, *, yardstick: Yardstick, moment: Moment
) -> tuple[Attainment, ...]:
    """Of those with a quota who were there for half of the quarter; empty where there is none."""
    definition = yardstick.metrics.get(ATTAINMENT)
    if definition is None or unavailable_metrics(session, [definition]):
        return ()
    day = min(quarter.last, moment.today)
    facts = select_facts(definition, replace(moment.knowledge, day=day)).subquery("attained")
    told = select(facts.c.rep_id, facts.c.numerator, facts.c.denominator).where(facts.c.day == day)
    rows = {
        str(rep): (int(won or 0), int(quota))
        for rep, won, quota in session.connection().execute(told)
        if quota
    }
    return tuple(
        Attainment(rep=rep, won_cents=rows[rep.id][0], quota_cents=rows[rep.id][1])
        for rep in reps
        if rep.id in rows and working_share(rep, quarter, yardstick) >= LEAST_PRESENT
    )


def read_won_deals(
    session: Session, team: Team, window: Window, moment: Moment
) -> tuple[WonDeal, ...]:
    """What people won while they were in the team, by day; without deals that have no amount."""
    span = DealSpanRow
    wanted = (
        select(
            col(span.opportunity_id),
            owner_at(span, "closed"),
            col(span.closed_on),
            col(span.amount_cents),
        )
        .where(
            col(span.is_won).is_(True),
            col(span.first_day) <= moment.today,
            col(span.last_day) >= moment.today,
            col(span.closed_on).between(window.first, window.last),
            col(span.amount_cents) > 0,
            within(team.days)(owner_at(span, "closed"), col(span.closed_on)),
        )
        .order_by(col(span.closed_on), col(span.opportunity_id))
    )
    rows = session.connection().execute(wanted)
    return tuple(
        WonDeal(record=record, rep=RepId(rep), closed_on=closed_on, amount_cents=amount)
        for record, rep, closed_on, amount in rows
        if closed_on is not None and amount is not None
    )


def read_month_forecasts(
    session: Session,
    team: Team,
    definition: Definition | None,
    window: Window,
    knowledge: Knowledge,
) -> tuple[MonthForecast, ...]:
    """Of the months that begin in the window and are over, oldest first.

    A deal stands as it did on the month's first day, by its history and our own snapshots.
    """
    if definition is None or unavailable_metrics(session, [definition]):
        return ()
    facts = narrowed(select_facts(definition, knowledge), within(team.days)).subquery("due")
    rows = session.connection().execute(
        select(facts.c.day, facts.c.numerator, facts.c.denominator).where(
            facts.c.day.between(window.first, window.last)
        )
    )
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for month_on, above, won in rows:
        # The numerator is what was committed less what was won.
        sums[month_on][0] += int(above or 0) + int(won or 0)
        sums[month_on][1] += int(won or 0)
        sums[month_on][2] += 1
    return tuple(
        MonthForecast(month_on=month_on, committed_cents=told, won_cents=won, deals=deals)
        for month_on, (told, won, deals) in sorted(sums.items())
    )


def read_given_up(
    session: Session, team: Team, window: Window, moment: Moment
) -> tuple[tuple[int, int], ...]:
    """First amount and the one it was won at, of each deal that people won in the team."""
    span = DealSpanRow
    wanted = select(col(span.first_amount_cents), col(span.amount_cents)).where(
        col(span.is_won).is_(True),
        col(span.first_day) <= moment.today,
        col(span.last_day) >= moment.today,
        col(span.closed_on).between(window.first, window.last),
        col(span.first_amount_cents) > 0,
        col(span.amount_cents).is_not(None),
        within(team.days)(owner_at(span, "closed"), col(span.closed_on)),
    )
    rows = session.connection().execute(wanted)
    return tuple((int(first or 0), int(last or 0)) for first, last in rows)
