"""How a team's open pipeline got from where it stood to where it stands."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.domain.ids import RepId
from bot.domain.windows import Window
from bot.storage.facts.tables import DealSpanRow

MembersOn = Callable[[date], Collection[RepId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Hundredths of the currency. ``start`` plus everything that moved equals ``end``."""

    start: int = 0
    created: int = 0
    reopened: int = 0
    increased: int = 0
    decreased: int = 0
    won: int = 0
    lost: int = 0
    received: int = 0
    handed_over: int = 0
    end: int = 0

    @property
    def is_balanced(self) -> bool:
        came = self.created + self.reopened + self.increased + self.received
        went = self.decreased + self.won + self.lost + self.handed_over
        return self.start + came - went == self.end


def read_waterfall(session: Session, members_on: MembersOn, window: Window) -> Waterfall:
    """From the evening before ``window.first`` to the evening of ``window.last``.

    ``members_on`` tells who was in the team on a day: the deals of somebody who came or went
    within the window were received or handed over.

    A deal that was won counts with the amount it had been open with; what its amount gained or lost
    within the window stands under increased or decreased.
    """
    before = _spans(session, window.first - timedelta(days=1))
    after = _spans(session, window.last)
    ours = _Ours(before=members_on(window.first - timedelta(days=1)), after=members_on(window.last))
    moved: dict[str, int] = dict.fromkeys(Waterfall.__dataclass_fields__, 0)
    for deal in {*before, *after}:
        _add(moved, before.get(deal), after.get(deal), ours, window)
    return Waterfall(**moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    """Who was in the team at the beginning and at the end."""

    before: Collection[RepId]
    after: Collection[RepId]


def _spans(session: Session, day: date) -> Mapping[str, DealSpanRow]:
    standing = select(DealSpanRow).where(
        col(DealSpanRow.first_day) <= day, col(DealSpanRow.last_day) >= day
    )
    return {span.opportunity_id: span for span in session.exec(standing)}


def _add(
    moved: dict[str, int],
    before: DealSpanRow | None,
    after: DealSpanRow | None,
    ours: _Ours,
    window: Window,
) -> None:
    was = _open_amount(before, ours.before)
    now = _open_amount(after, ours.after)
    if was is None and now is None:
        _add_round_trip(moved, before, after, ours, window)
        return
    moved["start"] += was or 0
    moved["end"] += now or 0
    if was is not None and now is not None:
        moved["increased"] += max(0, now - was)
        moved["decreased"] += max(0, was - now)
    elif was is None and after is not None:
        moved[_entrance(before, after, ours, window)] += now or 0
    elif was is not None:
        moved[_exit(after, ours)] += was


def _add_round_trip(
    moved: dict[str, int],
    before: DealSpanRow | None,
    after: DealSpanRow | None,
    ours: _Ours,
    window: Window,
) -> None:
    """A deal both created and closed within the window came and went."""
    if before is None and after is not None and after.rep_id in ours.after and after.is_closed:
        if after.created_on not in window:
            return
        amount = after.amount_before_close_cents or 0
        moved["created"] += amount
        moved[_exit(after, ours)] += amount


def _open_amount(span: DealSpanRow | None, ours: Collection[RepId]) -> int | None:
    if span is None or span.is_closed or span.rep_id not in ours:
        return None
    return span.amount_cents or 0


def _entrance(before: DealSpanRow | None, after: DealSpanRow, ours: _Ours, window: Window) -> str:
    if before is None or after.created_on in window:
        return "created"
    return "reopened" if before.is_closed and before.rep_id in ours.before else "received"


def _exit(after: DealSpanRow | None, ours: _Ours) -> str:
    if after is None or not after.is_closed or after.rep_id not in ours.after:
        return "handed_over"
    return "won" if after.is_won else "lost"
