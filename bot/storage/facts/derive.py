"""Keeps the derived tables true for the records that changed, and notes which days they touch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy import select as core_select
from sqlmodel import Session, SQLModel, col, select

from bot.domain.local_days import local_day
from bot.domain.organisation import Organisation
from bot.storage.facts.activities import Activity, from_event, from_task
from bot.storage.facts.bursts import Bursts
from bot.storage.facts.credits import derive_credits
from bot.storage.facts.deal_snapshots import read_snapshots
from bot.storage.facts.differences import Differences, is_pending, known_activities
from bot.storage.facts.emails import from_email, incoming_tasks, twins, without_task
from bot.storage.facts.event_owners import owners_of
from bot.storage.facts.leads import from_lead
from bot.storage.facts.next_steps import derive_next_steps, touch_next_steps
from bot.storage.facts.owners import read_owner_changes
from bot.storage.facts.source import Knowledge
from bot.storage.facts.span_parts import Stage
from bot.storage.facts.spans import build_spans
from bot.storage.facts.tables import (
    EVERYBODY,
    ActivityRow,
    DealSpanRow,
    LeadFactRow,
    StartRow,
)
from bot.storage.facts.touched import (
    DirtyDays,
    in_chunks,
    touch_activity_days,
    touch_related_meetings,
)
from bot.storage.mirror.account import LeadRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
from bot.storage.mirror.opportunity import OpportunityHistoryRow, OpportunityRow
from bot.storage.mirror.user import CrmUserRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a derivation needs to know beside the record itself."""

    organisation: Organisation
    stages: Mapping[str, Stage]
    zones: Mapping[str, ZoneInfo]
    knowledge: Knowledge
    #: Id → what a record type is called.
    record_types: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def zone_of(self, person: str) -> ZoneInfo:
        return self.zones.get(person, self.organisation.zone)


def derive_deals(
    session: Session, ids: Collection[str], around: Surroundings, dirty: DirtyDays
) -> None:
    for chunk in in_chunks(ids):
        before = _spans_by_deal(session, chunk)
        history = _history_by_deal(session, chunk)
        owners = read_owner_changes(session, chunk)
        seen = read_snapshots(session, chunk)
        fresh: list[DealSpanRow] = []
        deals = select(OpportunityRow).where(col(OpportunityRow.id).in_(chunk))
        for deal in session.exec(deals):
            spans = build_spans(
                deal,
                history[deal.id],
                owners[deal.id],
                stages=around.stages,
                zones=around.zones,
                default_zone=around.organisation.zone,
                currency=around.organisation.currency,
                choices=around.organisation.choices,
                record_types=around.record_types,
                seen=seen.get(deal.id, ()),
            )
            fresh.extend(spans)
            _touch_deal_days(before[deal.id], spans, dirty)
        gone = delete(DealSpanRow).where(col(DealSpanRow.opportunity_id).in_(chunk))
        session.connection().execute(gone)
        _insert(session, DealSpanRow, fresh)
        told = [*(span for spans in before.values() for span in spans), *fresh]
        zone = around.organisation.zone
        derive_credits(session, chunk, told, zone=zone, dirty=dirty)
        derive_next_steps(session, chunk, fresh, zone_of=around.zone_of, dirty=dirty)
        session.expunge_all()


def _touch_deal_days(
    before: Sequence[DealSpanRow], after: Sequence[DealSpanRow], dirty: DirtyDays
) -> None:
    # Whom a deal counts for is a choice: its owner then, or now.
    owners = {rep for span in (*before, *after) for rep in owners_of(span)}
    for span in (*before, *after):
        for rep in owners:
            dirty.touch("closed_opportunity", rep, span.closed_on, span.close_on)
            dirty.touch("opportunity_created", rep, span.created_on, span.close_on)
            dirty.touch("qualified_opportunity", rep, span.qualified_on)
            dirty.touch("opportunity_change", rep, span.first_day)
            dirty.touch("due_opportunity", rep, span.due_month_on)
        dirty.touch("quota_period", EVERYBODY, span.first_day)
        dirty.touch("pipeline_pace", EVERYBODY, span.first_day)
    known = {tuple(span.model_dump().items()) for span in before}
    told = {tuple(span.model_dump().items()) for span in after}
    changed = [dict(span)["first_day"] for span in known ^ told]
    # A change outside the spans (a next step, say) is true from the last span on.
    fallback = [span.first_day for span in after[-1:]]
    days = [day for day in (changed or fallback) if isinstance(day, date)]
    for table in ("open_opportunity", "opportunity_open_before"):
        dirty.touch(table, EVERYBODY, *days)


def _spans_by_deal(session: Session, ids: list[str]) -> Mapping[str, list[DealSpanRow]]:
    found: dict[str, list[DealSpanRow]] = defaultdict(list)
    wanted = select(DealSpanRow).where(col(DealSpanRow.opportunity_id).in_(ids))
    for span in session.exec(wanted.order_by(col(DealSpanRow.first_day))):
        found[span.opportunity_id].append(span)
    return found


def _history_by_deal(session: Session, ids: list[str]) -> Mapping[str, list[OpportunityHistoryRow]]:
    found: dict[str, list[OpportunityHistoryRow]] = defaultdict(list)
    row = OpportunityHistoryRow
    for change in session.exec(select(row).where(col(row.opportunity_id).in_(ids))):
        found[change.opportunity_id].append(change)
    return found


def derive_activities(
    session: Session,
    *,
    task_ids: Collection[str],
    event_ids: Collection[str],
    email_ids: Collection[str] = (),
    around: Surroundings,
    dirty: DirtyDays,
    differences: Differences,
) -> set[str]:
    """Returns the people and leads concerned, whose first touch may have changed."""
    concerned: set[str] = set()
    bursts = Bursts()
    tasks, emails = twins(session, task_ids=task_ids, email_ids=email_ids)
    for make, ids in ((_from_tasks, tasks), (_from_events, event_ids), (_from_emails, emails)):
        for chunk in in_chunks(ids):
            before = known_activities(session, chunk)
            fresh = [_seen(each, around.knowledge) for each in make(session, chunk, around)]
            touch_activity_days((*before, *fresh), dirty)
            concerned.update(each.who_id for each in (*before, *fresh) if each.who_id)
            if before:
                gone = delete(ActivityRow).where(col(ActivityRow.id).in_(chunk))
                session.connection().execute(gone)
            if fresh:
                # In the order of the indexes, so that what lies side by side is written once.
                fresh.sort(key=lambda each: (each.rep_id, each.logged_at))
                rows = [activity._asdict() for activity in fresh]
                session.connection().execute(insert(ActivityRow), rows)
            touch_related_meetings(session, (*before, *fresh), dirty)
            touch_next_steps(session, (*before, *fresh), dirty)
            differences.replace(before, fresh)
            bursts.touch((*before, *fresh))
            if bursts.is_full:
                bursts.settle(session, differences)
    bursts.settle(session, differences)
    return concerned


def _seen(activity: Activity, knowledge: Knowledge) -> Activity:
    return activity._replace(is_pending=True) if is_pending(activity, knowledge) else activity


def _mirrored(session: Session, table: type[SQLModel], ids: list[str]) -> Iterable[Any]:
    columns = table.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    return session.connection().execute(core_select(columns).where(columns.c.id.in_(ids)))


def _from_tasks(session: Session, ids: list[str], around: Surroundings) -> list[Activity]:
    made = (
        from_task(task, zone=around.zone_of(task.owner_id), organisation=around.organisation)
        for task in _mirrored(session, CrmTaskRow, ids)
    )
    incoming = incoming_tasks(session, ids)
    return [
        activity._replace(kind="other") if activity.id in incoming else activity
        for activity in made
        if activity is not None
    ]


def _from_emails(session: Session, ids: list[str], around: Surroundings) -> list[Activity]:
    made = (
        from_email(email, zone=around.zone_of(email.created_by_id or ""))
        for email in without_task(session, ids)
    )
    return [activity for activity in made if activity is not None]


def _from_events(session: Session, ids: list[str], around: Surroundings) -> list[Activity]:
    made = (
        from_event(event, zone=around.zone_of(event.owner_id), organisation=around.organisation)
        for event in _mirrored(session, CrmEventRow, ids)
    )
    return [activity for activity in made if activity is not None]


def derive_leads(
    session: Session, ids: Collection[str], around: Surroundings, dirty: DirtyDays
) -> None:
    for chunk in in_chunks(ids):
        leads = session.exec(select(LeadRow).where(col(LeadRow.id).in_(chunk))).all()
        people = {lead.id: {lead.id, lead.converted_contact_id} for lead in leads}
        touches = _first_touches(session, people)
        fresh = [
            from_lead(
                lead,
                touched_at=touches.get(lead.id, ()),
                zone=around.zone_of(lead.owner_id or ""),
                hours=around.organisation.choices.lead_hours,
            )
            for lead in leads
            if not lead.is_deleted and lead.owner_id and lead.created_at
        ]
        known = session.exec(select(LeadFactRow).where(col(LeadFactRow.id).in_(chunk)))
        for row in (*known, *fresh):
            dirty.touch("lead", row.rep_id, row.created_on, row.converted_on)
        session.connection().execute(delete(LeadFactRow).where(col(LeadFactRow.id).in_(chunk)))
        _insert(session, LeadFactRow, fresh)
        session.expunge_all()


def derive_starts(session: Session, ids: Collection[str], around: Surroundings) -> None:
    for chunk in in_chunks(ids):
        session.connection().execute(delete(StartRow).where(col(StartRow.rep_id).in_(chunk)))
        people = session.exec(select(CrmUserRow).where(col(CrmUserRow.id).in_(chunk)))
        rows = [
            StartRow(rep_id=person.id, started_on=local_day(person.created_at, zone))
            for person in people
            if person.created_at and not person.is_deleted
            for zone in (around.zone_of(person.id),)
        ]
        _insert(session, StartRow, rows)


def _first_touches(
    session: Session, people: Mapping[str, set[str | None]]
) -> Mapping[str, list[datetime]]:
    wanted = sorted({person for known in people.values() for person in known if person})
    reached = core_select(col(ActivityRow.who_id), col(ActivityRow.done_at)).where(
        col(ActivityRow.who_id).in_(wanted), col(ActivityRow.done_at).is_not(None)
    )
    by_person: dict[str, list[datetime]] = defaultdict(list)
    for person, done_at in session.connection().execute(reached):
        if person is not None and done_at is not None:
            by_person[person].append(done_at)
    return {
        lead: [at for person in known if person for at in by_person[person]]
        for lead, known in people.items()
    }


def _insert(session: Session, table: type[SQLModel], rows: Sequence[SQLModel]) -> None:
    if rows:
        session.connection().execute(insert(table), [row.model_dump() for row in rows])
