"""A fiscal year that follows no rule: its periods are listed, and a rule fills what is not."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from bot.domain.fiscal import CalendarMonths, FiscalCalendar, Span

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, repr=False)
class ListedPeriods:
    """Each list is in order and without overlaps; between them the days are ``otherwise``'s."""

    months: tuple[Span, ...]
    quarters: tuple[Span, ...]
    years: tuple[Span, ...]
    otherwise: CalendarMonths

    def __repr__(self) -> str:
        return self._told

    @cached_property
    def _told(self) -> str:
        """Short, since the versions of all readings hold it."""
        said = repr((self.months, self.quarters, self.years, self.otherwise))
        return f"ListedPeriods({hashlib.sha256(said.encode()).hexdigest()[:12]})"

    def month(self, day: date) -> Span:
        return _span(day, self.months, self.otherwise.month(day))

    def quarter(self, day: date) -> Span:
        return _span(day, self.quarters, self.otherwise.quarter(day))

    def year(self, day: date) -> Span:
        return _span(day, self.years, self.otherwise.year(day))

    def year_name(self, day: date) -> int:
        first, last = self.year(day)
        return first.year if self.otherwise.is_named_by_start else last.year


def _span(day: date, listed: Sequence[Span], usual: Span) -> Span:
    at = bisect_right(listed, day, key=lambda span: span[0])
    first, last = usual
    if at:
        before = listed[at - 1]
        if day <= before[1]:
            return before
        first = max(first, before[1] + DAY)
    if at < len(listed):
        last = min(last, listed[at][0] - DAY)
    return first, last


def listed_or_usual(
    *,
    months: Sequence[Span],
    quarters: Sequence[Span],
    years: Sequence[Span],
    usual: CalendarMonths,
) -> FiscalCalendar:
    """The rule alone where the lists only say what it says, too."""
    told = (
        (months, usual.month),
        (quarters, usual.quarter),
        (years, usual.year),
    )
    if all(span == of_day(span[0]) for spans, of_day in told for span in spans):
        return usual
    return ListedPeriods(
        months=_apart(months), quarters=_apart(quarters), years=_apart(years), otherwise=usual
    )


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """In order; of two that overlap the one that begins first stays."""
    kept: list[Span] = []
    for first, last in sorted(set(spans)):
        if first <= last and (not kept or kept[-1][1] < first):
            kept.append((first, last))
    return tuple(kept)
