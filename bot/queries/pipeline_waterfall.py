"""How a team's open pipeline got from where it stood to where it stands; every step adds up."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from sqlmodel import Session, and_, col, not_, select

from bot.domain.ids import RepId
from bot.domain.people import Team
from bot.domain.windows import Window
from bot.storage.facts.tables import DealSpanRow

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Hundredths of the currency. ``start`` plus everything that moved equals ``end``."""

    start: int = 0
    created: int = 0
    reopened: int = 0
    pulled_in: int = 0
    increased: int = 0
    decreased: int = 0
    pushed: int = 0
    won: int = 0
    lost: int = 0
    received: int = 0
    handed_over: int = 0
    end: int = 0

    @property
    def is_balanced(self) -> bool:
        came = self.created + self.reopened + self.pulled_in + self.increased + self.received
        went = self.decreased + self.pushed + self.won + self.lost + self.handed_over
        return self.start + came - went == self.end

    @property
    def is_empty(self) -> bool:
        return not (self.start or self.end or self.created or self.won or self.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a deal stands from one day on."""

    day: date
    #: Whether its owner belongs to the team.
    is_ours: bool
    is_closed: bool
    is_won: bool
    amount: int | None
    #: Whether its close date lies in what is looked at.
    is_due: bool
    is_new: bool

    @property
    def counted(self) -> int | None:
        """The amount as open pipeline; None while it is none of the team's."""
        return (self.amount or 0) if self.is_ours and self.is_due and not self.is_closed else None


def read_waterfall(
    session: Session, team: Team, window: Window, *, due_by: date | None = None
) -> Waterfall:
    """From the evening before ``window.first`` to the evening of ``window.last``.

    Of the deals that are to close by ``due_by``, past-due ones included, or of all: then nothing
    is pulled in or pushed. The deals of somebody who came to the team or left it within the window
    were received or handed over. What is won counts with the amount it was won at, and what that
    gained or lost on the way stands under increased or decreased.
    """
    moved: dict[str, int] = dict.fromkeys(Waterfall.__dataclass_fields__, 0)
    changes = _membership_changes(team, window)
    for _, spans in groupby(_spans(session, team, window), key=lambda span: span.opportunity_id):
        told = list(_standings(list(spans), team, window, changes, due_by))
        if told[0].day < window.first:
            moved["start"] += told[0].counted or 0
            steps: list[tuple[Standing | None, Standing]] = list(pairwise(told))
        else:
            steps = [(None, told[0]), *pairwise(told)]
        moved["end"] += told[-1].counted or 0
        for before, after in steps:
            for name, amount in movements(before, after):
                moved[name] += amount
    return Waterfall(**moved)


def _spans(session: Session, team: Team, window: Window) -> Sequence[DealSpanRow]:
    """Every span within reach of deals that were the team's and not over before it."""
    row = DealSpanRow
    eve = window.first - DAY
    is_within = and_(col(row.last_day) >= eve, col(row.first_day) <= window.last)
    was_over = and_(col(row.is_closed), col(row.first_day) <= eve, col(row.last_day) >= window.last)
    theirs = select(row.opportunity_id).where(
        col(row.rep_id).in_(sorted(team.days)), is_within, not_(was_over)
    )
    wanted = select(row).where(col(row.opportunity_id).in_(theirs), is_within)
    return session.exec(wanted.order_by(col(row.opportunity_id), col(row.first_day))).all()


def _membership_changes(team: Team, window: Window) -> Sequence[date]:
    """The days within the window on which somebody came or was gone."""
    days = (window.first + timedelta(days=n) for n in range(window.days))
    return [day for day in days if team.members_on(day) != team.members_on(day - DAY)]


def _standings(
    spans: Sequence[DealSpanRow],
    team: Team,
    window: Window,
    changes: Iterable[date],
    due_by: date | None,
) -> Iterator[Standing]:
    """The deal on the eve of the window, and from each day on which anything changed."""
    eve = window.first - DAY
    begins = {max(span.first_day, eve): span for span in spans}
    days = sorted({*begins, *(day for day in changes if day > min(begins))})
    span = spans[0]
    for day in days:
        span = begins.get(day, span)
        members: Collection[RepId] = team.members_on(day)
        yield Standing(
            day=day,
            is_ours=span.rep_id in members,
            is_closed=span.is_closed,
            is_won=span.is_won,
            amount=span.amount_cents,
            is_due=due_by is None or span.close_on is None or span.close_on <= due_by,
            is_new=span.created_on >= window.first,
        )


def movements(before: Standing | None, after: Standing) -> Iterator[tuple[str, int]]:
    """What happened to the team's pipeline between two standings of one deal; it adds up."""
    was, now = before.counted if before else None, after.counted
    if was is None:
        if now is not None:
            yield _entrance(before, after), now
        elif _is_closed_at_once(before, after):
            amount = after.amount or 0
            yield _entrance(before, after), amount
            yield ("won" if after.is_won else "lost"), amount
    elif now is not None:
        yield from _grown(was, now)
    elif not after.is_ours:
        yield "handed_over", was
    elif after.is_closed and not after.is_won:
        yield "lost", was
    else:
        amount = was if after.amount is None else after.amount
        yield from _grown(was, amount)
        yield ("won" if after.is_closed else "pushed"), amount


def _is_closed_at_once(before: Standing | None, after: Standing) -> bool:
    """It came and was closed between two standings, so that nobody saw it open with the team."""
    is_over = after.is_closed and after.is_ours and after.is_due
    came = after.is_new if before is None else not before.is_closed
    return is_over and came


def _grown(was: int, now: int) -> Iterator[tuple[str, int]]:
    yield "increased", max(0, now - was)
    yield "decreased", max(0, was - now)


def _entrance(before: Standing | None, after: Standing) -> str:
    if before is None:
        return "created"
    if not before.is_ours:
        return "received"
    if before.is_closed and not after.is_closed:
        return "reopened"
    return "pulled_in"
