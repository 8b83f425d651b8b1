"""What one span of an opportunity takes from its stage and from the span before; pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.storage.facts.tables import DealSpanRow

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    name: str
    #: 0 for the first open stage, 1 for the last; 1 for closed ones.
    progress: float
    is_closed: bool
    is_won: bool
    is_qualified: bool
    #: False for one that deals are in and the CRM does not list.
    is_listed: bool = True


def as_before(before: DealSpanRow) -> dict[str, Any]:
    return {
        "stage_before": before.stage_name,
        "progress_before": before.stage_progress,
        "stage_before_since": before.entered_stage_on,
        "was_closed": before.is_closed,
        "amount_before_cents": before.amount_cents,
        "close_before": before.close_on,
        "furthest_before": before.furthest_progress,
    }


def due(close_on: date | None, first_day: date, last_day: date) -> dict[str, Any]:
    """The close date's month, if the span holds that month's first day."""
    month = close_on.replace(day=1) if close_on else None
    if month is None or not first_day <= month <= last_day:
        return {}
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return {"due_month_on": month, "due_until": last}


def is_push(before: date | None, after: date | None, stage: Stage) -> bool:
    """The close date moved into a later month while the deal stayed open."""
    if before is None or after is None or stage.is_closed:
        return False
    return (after.year, after.month) > (before.year, before.month)


def is_long_push(before: date | None, after: date | None, stage: Stage) -> bool:
    """The close date moved by more than a week while the deal stayed open."""
    if before is None or after is None or stage.is_closed:
        return False
    return after - before > A_WEEK
