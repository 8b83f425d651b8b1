"""The choices that definitions leave open, and that change numbers a lot."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.fiscal import CalendarMonths, FiscalCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """What one unit of a currency is worth in the organisation's, from a day on."""

    currency: str
    rate: Decimal
    begins: date = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a team counts. ``playbooks/README.md`` says what each choice does."""

    fiscal: FiscalCalendar = field(default_factory=CalendarMonths)
    #: The fiscal period that a quota is held against: month, quarter or year.
    quota_period: str = "quarter"
    #: Whom a deal counts for: owner_then or owner_now.
    deals_count_for: str = "owner_then"
    #: Whose the money of a deal is that the CRM splits: shared or owner.
    split_credit: str = "shared"
    #: When a lost deal counts: moved or close_date.
    lost_on: str = "moved"
    #: From when on a sales cycle is counted: created or qualified.
    cycle_starts: str = "created"
    #: How days between two dates are counted: calendar or weekdays.
    days: str = "calendar"
    #: Whether amounts below zero, and of zero, are amounts: count or leave_out.
    negative_amounts: str = "leave_out"
    zero_amounts: str = "count"
    #: Opportunities of these Types, and with these words in their name, count nowhere.
    types_left_out: tuple[str, ...] = ()
    names_left_out: tuple[str, ...] = ()
    #: So do those of these record types, by label, developer name or id.
    record_types_left_out: tuple[str, ...] = ()
    #: A loss whose reason has one of these words in it was lost to a competitor.
    competitive_losses: tuple[str, ...] = ("competitor", "competition")
    #: Of alike activities with one person within so many minutes, one counts; 0 counts all.
    double_log_minutes: int = 0
    #: The hours of weekdays in which a lead waits, such as 09:00-17:30; None for all hours.
    lead_hours: tuple[time, time] | None = None
    rates: tuple[ExchangeRate, ...] = ()
    #: What all amounts are told in.
    currency: str = "USD"

    def leave_out(
        self, kind: str | None, name: str, record_type: Collection[str] = frozenset()
    ) -> bool:
        """Whether an opportunity of such a Type, name and record type counts nowhere.

        A record type has several names.
        """
        said = name.lower()
        return (
            kind in self.types_left_out
            or not frozenset(self.record_types_left_out).isdisjoint(record_type)
            or any(words.lower() in said for words in self.names_left_out)
        )

    def rate_for(self, currency: str, day: date | None) -> Decimal | None:
        """The newest rate that had begun on the day; None when there is none."""
        known = [
            each
            for each in self.rates
            if each.currency == currency and (day is None or each.begins <= day)
        ]
        return max(known, key=lambda each: each.begins).rate if known else None


STANDARD = Choices()


def exchanged(cents: int, rate: Decimal) -> int:
    """Whole hundredths again, half a hundredth upwards."""
    return int((cents * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
