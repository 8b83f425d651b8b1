"""Who owned a deal on a day, and at the moment it was created, qualified or closed; pure.

A deal is often handed over on the very day it is won: the day does not tell who won it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.local_days import local_day
from bot.storage.facts.span_parts import Stage
from bot.storage.facts.tables import DealSpanRow


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange:
    at: datetime
    from_owner: str
    to_owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOwners:
    """Of one day: who owned it then, should it have been created, qualified or closed on it."""

    created: str
    qualified: str
    closed: str


def owners_of_day(
    said: Sequence[tuple[datetime, Stage]], *, owner_at: Callable[[datetime], str]
) -> EventOwners:
    """``said`` is each stage that the CRM told of on the day, oldest first."""
    _, last = said[-1]

    def since(is_so: Callable[[Stage], bool]) -> str:
        began = len(said) - 1
        while began > 0 and is_so(said[began - 1][1]):
            began -= 1
        return owner_at(said[began][0])

    return EventOwners(
        created=owner_at(said[0][0]),
        qualified=since(lambda stage: stage.is_qualified),
        closed=since(lambda stage: stage.is_closed and stage.is_won == last.is_won),
    )


def owners_at(known: Mapping[str, Any], stage: Stage, owners: EventOwners) -> dict[str, Any]:
    """Who owned it when it was created, became qualified and closed: the owner then, kept."""
    found = {"created_rep_id": owners.created, **known}
    if stage.is_qualified:
        found.setdefault("qualified_rep_id", owners.qualified)
    if stage.is_closed:
        found.setdefault("closed_rep_id", owners.closed)
    return found


def owner_then(owner: str, changes: Sequence[OwnerChange], at: datetime) -> str:
    """Who owned it at an instant; whoever was given it at that very instant did."""
    for change in sorted(changes, key=lambda each: each.at, reverse=True):
        if change.at <= at:
            return change.to_owner
        owner = change.from_owner
    return owner


def owners_of(span: DealSpanRow) -> set[str]:
    """Whoever it may count for: who owned it then, and at its events, if only for an hour."""
    held = (span.rep_id, span.created_rep_id, span.qualified_rep_id, span.closed_rep_id)
    return {rep for rep in held if rep is not None}


def owner_days(changes: Sequence[OwnerChange], zone: ZoneInfo, created_on: date) -> list[date]:
    return [max(local_day(change.at, zone), created_on) for change in changes]


def owner_on(day: date, owner: str, changes: Sequence[OwnerChange], zone: ZoneInfo) -> str:
    """Who owned it at the end of ``day``."""
    for change in sorted(changes, key=lambda each: each.at, reverse=True):
        if local_day(change.at, zone) <= day:
            return change.to_owner
        owner = change.from_owner
    return owner
