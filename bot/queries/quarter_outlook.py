"""How a team's quarter stands beside earlier ones at the same working day, and where it may end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from bot.coaching.forecast import FEWEST_QUARTERS, Outlook, PastQuarter, QuarterPoint, forecast
from bot.domain.fiscal import FiscalCalendar
from bot.domain.ids import RepId
from bot.domain.people import Team
from bot.domain.workdays import WorkCalendar
from bot.runtime import Runtime
from bot.storage.facts.tables import DealSpanRow

MOST_QUARTERS = 8
#: What people look at: a year.
SHOWN_QUARTERS = 4
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePoint:
    """An earlier quarter, in hundredths."""

    first: date
    won_then: int
    won_in_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterOutlook:
    won: int
    #: None where there are not enough quarters to learn from, or nothing is open.
    outlook: Outlook | None
    #: The newest first.
    earlier: tuple[SamePoint, ...]
    #: Quarters on record, and how many it takes.
    quarters: int
    fewest: int = FEWEST_QUARTERS


@dataclass(frozen=True, slots=True)
class _Span:
    deal: str
    first: date
    last: date
    rep: str
    stage: str
    is_closed: bool
    close_on: date | None
    amount: int


@dataclass(frozen=True, slots=True)
class _Win:
    deal: str
    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class _Quarter:
    first: date
    last: date
    #: The evening of this day is the same point.
    point: date


def read_quarter_outlook(
    session: Session, runtime: Runtime, team: Team, today: date
) -> QuarterOutlook:
    """As of the evening before ``today``; of its people's deals while they were in the team."""
    present, *earlier = _quarters(runtime, team, today)
    spans, wins = _read(session, team, since=earlier[-1].first, today=today)
    known = [each for each in earlier if _is_on_record(each, team, spans, wins)]
    past = {each.first: _past(each, team, spans, wins) for each in known}
    now = _point(present, team, spans, wins)
    return QuarterOutlook(
        won=now.won,
        outlook=forecast(now, list(past.values())),
        earlier=tuple(
            SamePoint(
                first=each.first,
                won_then=past[each.first].then.won,
                won_in_all=past[each.first].won_in_all,
            )
            for each in known[:SHOWN_QUARTERS]
        ),
        quarters=len(known),
    )


def _quarters(runtime: Runtime, team: Team, today: date) -> list[_Quarter]:
    """The present one and those before it, each with the day as far into it."""
    fiscal, calendar = runtime.organisation.fiscal, runtime.calendar
    first, last = fiscal.quarter(today)
    point = today - DAY
    done = len(_days_worked(calendar, team, first, point))
    found = [_Quarter(first, last, point)]
    for _ in range(MOST_QUARTERS):
        found.append(_earlier(fiscal, calendar, team, found[-1].first, done))
    return found


def _earlier(
    fiscal: FiscalCalendar, calendar: WorkCalendar, team: Team, before: date, done: int
) -> _Quarter:
    first, last = fiscal.quarter(before - DAY)
    days = _days_worked(calendar, team, first, last)
    if done == 0:
        return _Quarter(first, last, first - DAY)
    return _Quarter(first, last, days[min(done, len(days)) - 1] if days else last)


def _days_worked(calendar: WorkCalendar, team: Team, first: date, last: date) -> Sequence[date]:
    """The days that the team's people have off alike are those of the first among them."""
    if team.reps:
        return calendar.days_worked(team.reps[0], first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]  # noqa: PLR2004 - Monday to Friday


def _read(
    session: Session, team: Team, *, since: date, today: date
) -> tuple[Sequence[_Span], Sequence[_Win]]:
    row, people = DealSpanRow, sorted(team.days)
    wanted = select(
        col(row.opportunity_id),
        col(row.first_day),
        col(row.last_day),
        col(row.rep_id),
        col(row.closed_rep_id),
        col(row.stage_name),
        col(row.is_closed),
        col(row.is_won),
        col(row.close_on),
        col(row.closed_on),
        col(row.amount_cents),
    ).where(
        or_(col(row.rep_id).in_(people), col(row.closed_rep_id).in_(people)),
        col(row.last_day) >= since - DAY,
    )
    spans, wins = [], []
    for (
        deal,
        first,
        last,
        rep,
        closed_by,
        stage,
        closed,
        won,
        due,
        on,
        amount,
    ) in session.connection().execute(wanted):
        spans.append(_Span(deal, first, last, rep, stage, closed, due, amount or 0))
        is_known = first <= today <= last
        if won and is_known and on is not None and _is_member(team, closed_by or rep, on):
            wins.append(_Win(deal, on, amount or 0))
    return spans, wins


def _is_member(team: Team, rep: str, day: date) -> bool:
    return any(first <= day <= last for first, last in team.days.get(RepId(rep), ()))


def _is_on_record(
    quarter: _Quarter, team: Team, spans: Sequence[_Span], wins: Sequence[_Win]
) -> bool:
    """The team and its records were there from the first day, and something was open or won."""
    begun = min((span.first for span in spans), default=quarter.first)
    if begun >= quarter.first or not team.members_on(quarter.first):
        return False
    is_won = any(quarter.first <= win.on <= quarter.last for win in wins)
    return is_won or any(True for _ in _open(quarter, team, spans))


def _open(quarter: _Quarter, team: Team, spans: Sequence[_Span]) -> Sequence[_Span]:
    """What was open at the point and should have closed within the quarter, late ones included."""
    return [
        span
        for span in spans
        if not span.is_closed
        and span.first <= quarter.point <= span.last
        and span.close_on is not None
        and span.close_on <= quarter.last
        and _is_member(team, span.rep, quarter.point)
    ]


def _point(
    quarter: _Quarter, team: Team, spans: Sequence[_Span], wins: Sequence[_Win]
) -> QuarterPoint:
    by_stage: dict[str, int] = defaultdict(int)
    for span in _open(quarter, team, spans):
        by_stage[span.stage] += span.amount
    won = sum(win.amount for win in wins if quarter.first <= win.on <= quarter.point)
    return QuarterPoint(won=won, open=dict(by_stage))


def _past(
    quarter: _Quarter, team: Team, spans: Sequence[_Span], wins: Sequence[_Win]
) -> PastQuarter:
    won: Mapping[str, int] = {
        win.deal: win.amount for win in wins if quarter.first <= win.on <= quarter.last
    }
    came_of: dict[str, int] = defaultdict(int)
    for span in _open(quarter, team, spans):
        came_of[span.stage] += won.get(span.deal, 0)
    return PastQuarter(
        then=_point(quarter, team, spans, wins),
        came_of=dict(came_of),
        won_in_all=sum(won.values()),
    )
