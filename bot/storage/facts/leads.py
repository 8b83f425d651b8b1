"""Leads with the time to the first touch; pure."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.local_days import local_day
from bot.domain.working_minutes import Hours, minutes_between
from bot.storage.facts.tables import LeadFactRow
from bot.storage.mirror.account import LeadRow


def from_lead(
    lead: LeadRow,
    *,
    touched_at: Iterable[datetime],
    zone: ZoneInfo,
    hours: Hours | None = None,
) -> LeadFactRow:
    """The lead as a fact. Touches before it was created belong to something else."""
    if lead.created_at is None or lead.owner_id is None:
        raise ValueError(f"lead {lead.id} has no owner or no creation date")
    created_at = lead.created_at
    first = min((at for at in touched_at if at >= created_at), default=None)
    return LeadFactRow(
        id=lead.id,
        rep_id=lead.owner_id,
        created_on=local_day(created_at, zone),
        converted_on=lead.converted_on,
        is_converted=lead.is_converted,
        lead_source=lead.lead_source,
        minutes_to_first_touch=minutes_between(created_at, first, zone=zone, hours=hours)
        if first
        else None,
        first_touch_on=local_day(first, zone) if first else None,
    )
