"""Whose fiscal year applies, the CRM's or app.yaml's, and when the present one runs."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.fiscal import CalendarMonths, FiscalCalendar, FollowedYear, Span
from bot.domain.organisation import Organisation
from bot.storage.crm_year import follow_crm_year, read_crm_year


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalYear:
    present: Span
    #: Whether app.yaml says nothing of it.
    is_followed: bool
    #: The CRM's own present year; None while it has not said.
    theirs: Span | None
    is_calendar_year: bool

    @property
    def differs(self) -> bool:
        return self.theirs not in {None, self.present}


def read_fiscal_year(session: Session, organisation: Organisation, today: date) -> FiscalYear:
    follow_crm_year(session, organisation)
    fiscal, theirs = organisation.fiscal, read_crm_year(session)
    return FiscalYear(
        present=fiscal.year(today),
        is_followed=isinstance(fiscal, FollowedYear),
        theirs=theirs.year(today) if theirs else None,
        is_calendar_year=_is_calendar(fiscal, today),
    )


def _is_calendar(fiscal: FiscalCalendar, today: date) -> bool:
    usual = CalendarMonths()
    return fiscal.year(today) == usual.year(today) and fiscal.quarter(today) == usual.quarter(today)
