"""Deals and leads that changed on a day that had not begun where the team counts its days.

East of there the next day begins earlier, so what is done on it is known before it may be told.
"""

from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from bot.storage.facts.tables import DealSpanRow, LeadFactRow


def deals_begun(session: Session, after: date, until: date) -> set[str]:
    """The deals of which something became true on one of the days."""
    span = DealSpanRow
    found = select(col(span.opportunity_id)).where(
        # Both, in the words of the index.
        col(span.is_closed).in_((False, True)),
        col(span.first_day) > after,
        col(span.first_day) <= until,
    )
    return set(session.connection().execute(found.distinct()).scalars())


def leads_begun(session: Session, after: date, until: date) -> set[str]:
    lead = LeadFactRow
    days = (col(lead.converted_on), col(lead.first_touch_on))
    is_one = or_(*((day > after) & (day <= until) for day in days))
    found = select(col(lead.id)).where(is_one)
    return set(session.connection().execute(found).scalars())
