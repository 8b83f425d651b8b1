"""An opportunity's history as spans of days; pure."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.choices import STANDARD, Choices
from bot.domain.local_days import local_day
from bot.domain.windows import LAST_DAY_EVER
from bot.metrics.flaws import Flaw, is_possible, settle_amount
from bot.storage.facts.deal_snapshots import DealSnapshotRow
from bot.storage.facts.event_owners import (
    EventOwners,
    OwnerChange,
    owner_days,
    owner_on,
    owner_then,
    owners_at,
    owners_of_day,
)
from bot.storage.facts.span_parts import Stage, as_before, due, is_long_push, is_push
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import OpportunityHistoryRow, OpportunityRow

NO_RECORD_TYPES: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What the CRM said at one instant."""

    at: datetime
    stage_name: str
    amount_cents: int | None
    close_on: date | None
    forecast_category: str | None
    probability: float | None
    flaws: tuple[Flaw, ...] = ()

    def is_like(self, other: "_State") -> bool:
        """In what the CRM's own history tells of."""
        mine = (self.stage_name, self.amount_cents, self.close_on)
        return mine == (other.stage_name, other.amount_cents, other.close_on)


def build_spans(
    opportunity: OpportunityRow,
    history: Sequence[OpportunityHistoryRow],
    owner_changes: Sequence[OwnerChange],
    *,
    stages: Mapping[str, Stage],
    zones: Mapping[str, ZoneInfo],
    default_zone: ZoneInfo,
    currency: str = "USD",
    choices: Choices = STANDARD,
    record_types: Mapping[str, frozenset[str]] = NO_RECORD_TYPES,
    seen: Sequence[DealSnapshotRow] = (),
) -> list[DealSpanRow]:
    """The spans of one opportunity in one currency; none when it was deleted or is left out.

    ``seen`` is how it stood at night, for what its history does not tell.
    """
    called = record_types.get(opportunity.record_type_id or "", frozenset())
    if opportunity.is_deleted or choices.leave_out(opportunity.type, opportunity.name, called):
        return []
    zone = zones.get(opportunity.owner_id, default_zone)
    states = [
        _settled(state, opportunity.currency, currency, choices)
        for state in _states(opportunity, history, seen)
    ]
    created_on = min(local_day(opportunity.created_at, zone), local_day(states[0].at, zone))
    by_day = _of_each_day(states, zone)
    days = sorted({created_on, *by_day, *owner_days(owner_changes, zone, created_on)})
    owner_at = partial(owner_then, opportunity.owner_id, owner_changes)
    teller = _SpanTeller(opportunity, created_on, stages, states[0], owner_at)
    spans = []
    told: Sequence[_State] = states[:1]
    for day, next_day in zip(days, [*days[1:], None], strict=True):
        told = by_day.get(day, told[-1:])
        last_day = next_day - timedelta(days=1) if next_day else LAST_DAY_EVER
        owner = owner_on(day, opportunity.owner_id, owner_changes, zone)
        spans.append(teller.tell(told, first_day=day, last_day=last_day, owner=owner))
    return spans


def _of_each_day(states: Sequence[_State], zone: ZoneInfo) -> Mapping[date, Sequence[_State]]:
    """The states by the day they came about; a later one never comes about on an earlier day.

    It would, were midnight in UTC (a date in disguise) followed by an hour that is still the
    evening before in the zone.
    """
    found: dict[date, list[_State]] = {}
    latest = date.min
    for state in states:
        latest = max(latest, local_day(state.at, zone))
        found.setdefault(latest, []).append(state)
    return found


def _states(
    opportunity: OpportunityRow,
    history: Sequence[OpportunityHistoryRow],
    seen: Sequence[DealSnapshotRow],
) -> Sequence[_State]:
    told = [
        _state(row, at=row.created_at)
        for row in sorted(history, key=lambda row: (row.created_at, row.stamp, row.id))
        if not row.is_deleted
    ]
    for snapshot in seen:
        _fit_in(told, _state(snapshot, at=snapshot.since), created_at=opportunity.created_at)
    now = _state(opportunity, at=opportunity.stamp)
    if not told:
        return [replace(now, at=opportunity.created_at)]
    if not told[-1].is_like(now):
        # The history lags behind the record, or its rows are hidden from us: the record is right.
        told.append(replace(now, at=max(now.at, told[-1].at)))
    return told


def _state(
    row: OpportunityHistoryRow | DealSnapshotRow | OpportunityRow, *, at: datetime
) -> _State:
    return _State(
        at=at,
        stage_name=row.stage_name,
        amount_cents=row.amount_cents,
        close_on=row.close_on,
        forecast_category=row.forecast_category,
        probability=row.probability,
    )


def _fit_in(told: list[_State], seen: _State, *, created_at: datetime) -> None:
    """What was seen stands where the history says otherwise; without any, since its creation."""
    if not told:
        told.append(replace(seen, at=created_at))
        return
    place = bisect_right(told, seen.at, key=lambda state: state.at)
    if place == 0 or not told[place - 1].is_like(seen):
        told.insert(place, seen)


def _settled(state: _State, currency: str | None, home: str, choices: Choices) -> _State:
    """The state without what cannot be true, and what that was."""
    close_on = state.close_on
    flaws = []
    if close_on is not None and not is_possible(close_on):
        close_on = None
        flaws.append(Flaw.IMPOSSIBLE_DATE)
    cents, flaw = settle_amount(
        state.amount_cents, currency=currency, home=home, day=close_on, choices=choices
    )
    if flaw is not None:
        flaws.append(flaw)
    return replace(state, amount_cents=cents, close_on=close_on, flaws=tuple(flaws))


class _SpanTeller:
    """Carries along what a span inherits from those before it."""

    def __init__(
        self,
        opportunity: OpportunityRow,
        created_on: date,
        stages: Mapping[str, Stage],
        first: _State,
        owner_at: Callable[[datetime], str],
    ) -> None:
        self._opportunity = opportunity
        self._created_on = created_on
        self._stages = stages
        self._owner_at = owner_at
        self._first_amount = first.amount_cents
        self._before: DealSpanRow | None = None
        self._moved_on: date = created_on
        self._owners: dict[str, Any] = {}
        self._qualified_on: date | None = None
        self._qualified_amount: int | None = None
        self._amount_before_close: int | None = None
        self._pushes = self._long_pushes = 0
        self._furthest = 0.0
        self._came_through_unknown = False

    def tell(
        self, told: Sequence[_State], *, first_day: date, last_day: date, owner: str
    ) -> DealSpanRow:
        """``told`` is what came about on the first day; how it was at its end is how it stood."""
        before, state = self._before, told[-1]
        said = [(each.at, self._stage_of(each)) for each in told]
        _, stage = said[-1]
        self._note_events(state, stage, first_day, owners_of_day(said, owner_at=self._owner_at))
        closed_on = self._closed_on(state, stage)
        span = DealSpanRow(
            opportunity_id=self._opportunity.id,
            first_day=first_day,
            last_day=last_day,
            rep_id=owner,
            stage_name=state.stage_name,
            stage_progress=stage.progress,
            is_closed=stage.is_closed,
            is_won=stage.is_won,
            amount_cents=state.amount_cents,
            first_amount_cents=self._first_amount,
            amount_before_close_cents=self._amount_before_close if stage.is_closed else None,
            close_on=state.close_on,
            forecast_category=state.forecast_category,
            probability=state.probability,
            created_on=self._created_on,
            entered_stage_on=self._entered_on(state, first_day),
            closed_on=closed_on,
            cycle_days=self._cycle_days(closed_on),
            flaws=self._flaws(state, stage, closed_on),
            qualified_on=self._qualified_on,
            qualified_amount_cents=self._qualified_amount,
            pushes=self._pushes,
            long_pushes=self._long_pushes,
            furthest_progress=self._come_to(stage),
            **self._owners,
            **due(None if stage.is_closed else state.close_on, first_day, last_day),
            **(as_before(before) if before else {}),
        )
        self._before = span
        return span

    def _stage_of(self, state: _State) -> Stage:
        return self._stages.get(state.stage_name) or unknown_stage(self._opportunity, state)

    def _note_events(
        self, state: _State, stage: Stage, day: date, event_owners: EventOwners
    ) -> None:
        before = self._before
        if before is None or before.is_closed != stage.is_closed or before.is_won != stage.is_won:
            self._moved_on = day
            self._amount_before_close = before.amount_cents if before else state.amount_cents
            self._owners.pop("closed_rep_id", None)
        if stage.is_qualified and self._qualified_on is None:
            self._qualified_on, self._qualified_amount = day, state.amount_cents
        self._owners = owners_at(self._owners, stage, event_owners)
        if before is not None:
            self._pushes += is_push(before.close_on, state.close_on, stage)
            self._long_pushes += is_long_push(before.close_on, state.close_on, stage)

    def _entered_on(self, state: _State, day: date) -> date:
        before = self._before
        is_same = before is not None and before.stage_name == state.stage_name
        return before.entered_stage_on if before and is_same else day

    def _cycle_days(self, closed_on: date | None) -> int | None:
        if closed_on is None or closed_on < self._created_on:
            return None
        return (closed_on - self._created_on).days

    def _flaws(self, state: _State, stage: Stage, closed_on: date | None) -> str:
        found = list(state.flaws)
        if closed_on is not None and closed_on < self._created_on:
            found.append(Flaw.CLOSED_BEFORE_CREATED)
        elif closed_on is not None and closed_on < (self._qualified_on or date.min):
            found.append(Flaw.CLOSED_BEFORE_QUALIFIED)
        known = self._stages.get(state.stage_name)
        if known is None or not known.is_listed:
            found.append(Flaw.UNKNOWN_STAGE)
        if known is None and not stage.is_closed and self._qualified_on is None:
            self._came_through_unknown = True
        if self._came_through_unknown:
            found.append(Flaw.CAME_THROUGH_UNKNOWN)
        return "".join(f"|{flaw}|" for flaw in found)

    def _come_to(self, stage: Stage) -> float:
        """The furthest so far; a loss is no progress."""
        if stage.is_won or not stage.is_closed:
            self._furthest = max(self._furthest, stage.progress)
        return self._furthest

    def _closed_on(self, state: _State, stage: Stage) -> date | None:
        if not stage.is_closed:
            return None
        return state.close_on if stage.is_won and state.close_on else self._moved_on


def unknown_stage(opportunity: OpportunityRow, state: _State) -> Stage:
    """A stage that the org no longer lists: judged by its forecast category."""
    is_current = state.stage_name == opportunity.stage_name
    is_won = opportunity.is_won if is_current else state.forecast_category == "Closed"
    is_lost = opportunity.is_closed if is_current else state.forecast_category == "Omitted"
    return Stage(
        name=state.stage_name,
        progress=1.0 if is_won or is_lost else 0.0,
        is_closed=is_won or is_lost,
        is_won=is_won,
        is_qualified=is_won,
    )
