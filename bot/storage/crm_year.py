"""The CRM's own fiscal year, where app.yaml says nothing of it."""

from collections import defaultdict

from sqlmodel import Session, col, select

from bot.domain.fiscal import MONTHS_IN_YEAR, CalendarMonths, FiscalCalendar, FollowedYear, Span
from bot.domain.fiscal_periods import listed_or_usual
from bot.domain.organisation import Organisation
from bot.storage.mirror.setup import FiscalPeriodRow, OrganizationRow
from bot.storage.version import Same, remembered


def follow_crm_year(session: Session, organisation: Organisation) -> None:
    """Whoever holds the organisation's year has the CRM's, as of the last pull, from now on."""
    fiscal = organisation.fiscal
    if isinstance(fiscal, FollowedYear):
        key = ("fiscal year", Same(organisation))
        fiscal.follow(remembered(session, key, lambda: read_crm_year(session) or CalendarMonths()))


def read_crm_year(session: Session) -> FiscalCalendar | None:
    """None while the CRM has not said where it begins."""
    row, period = OrganizationRow, FiscalPeriodRow
    told = session.exec(select(row).where(col(row.is_deleted).is_(False)).order_by(row.id)).first()
    month = told.fiscal_start_month if told else None
    if told is None or month is None or not 1 <= month <= MONTHS_IN_YEAR:
        return None
    spans: dict[str, list[Span]] = defaultdict(list)
    for each in session.exec(select(period).where(col(period.is_deleted).is_(False))):
        spans[each.kind or ""].append((each.starts_on, each.ends_on))
    return listed_or_usual(
        months=spans["Month"],
        quarters=spans["Quarter"],
        years=spans["Year"],
        usual=CalendarMonths(start_month=month, is_named_by_start=told.year_is_named_by_start),
    )
