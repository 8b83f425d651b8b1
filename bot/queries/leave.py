"""Which days off are on record about a person, and who may see and enter them."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.domain.errors import NotAllowed, UnknownPerson
from bot.domain.ids import SlackUserId
from bot.domain.people import Manager, Rep
from bot.queries.permissions import HOW_TO_BE_KNOWN, Person, find_person, require_person
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.mirror.user import CrmUserRow
from bot.storage.people import LeaveRow
from bot.storage.roster import Roster, read_roster

SOURCES = {"calendar": "from the calendar", "csv": "from a file", "command": "entered here"}
#: Days that are over are shown for so long.
SHOWN_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """Somebody whose days off the asker may see and enter."""

    crm_id: str
    first_name: str
    is_asker: bool
    asker_id: str
    today: date
    #: None for managers, whose days are not counted.
    rep: Rep | None
    locale: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLine:
    first: date
    last: date
    #: Of the rep's own, holidays and weekends left out; None for managers.
    working_days: int | None
    source: str
    #: The name of whoever entered it, when that was somebody else.
    entered_by: str | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOnRecord:
    person: Traveller
    lines: tuple[LeaveLine, ...]


def ask(runtime: Runtime, *, asker: SlackUserId, about: SlackUserId | None = None) -> LeaveOnRecord:
    """Raises UnknownPerson, or NotAllowed for another's days."""
    with reading(runtime.database) as session:
        person = require_traveller(session, runtime, asker=asker, about=about)
        row = LeaveRow
        wanted = select(row).where(
            col(row.person_id) == person.crm_id, col(row.last_day) >= person.today - SHOWN_FOR
        )
        rows = session.exec(wanted.order_by(col(row.first_day), col(row.id))).all()
        lines = tuple(_line(session, runtime, person, each) for each in rows)
    return LeaveOnRecord(person=person, lines=lines)


def _line(session: Session, runtime: Runtime, person: Traveller, row: LeaveRow) -> LeaveLine:
    entered_by = None
    if row.entered_by is not None and row.entered_by != person.crm_id:
        other = session.get(CrmUserRow, row.entered_by)
        entered_by = other.name if other else "somebody who is gone"
    calendar, rep = runtime.calendar, person.rep
    return LeaveLine(
        first=row.first_day,
        last=row.last_day,
        working_days=calendar.working_days(rep, row.first_day, row.last_day) if rep else None,
        source=SOURCES.get(row.source, row.source),
        entered_by=entered_by,
        is_over=row.last_day < person.today,
    )


def require_traveller(
    session: Session, runtime: Runtime, *, asker: SlackUserId, about: SlackUserId | None
) -> Traveller:
    """The asker, or somebody they answer for. Raises UnknownPerson or NotAllowed."""
    roster = read_roster(session, runtime.organisation)
    organisation = runtime.organisation
    person = require_person(session, asker, roster=roster, organisation=organisation)
    subject = person
    if about is not None and about != asker:
        found = find_person(session, about, roster=roster, organisation=organisation)
        if found is None:
            raise UnknownPerson("I do not know them from the CRM.", hint=HOW_TO_BE_KNOWN)
        subject = found
        if not _answers_for(person, subject, roster):
            raise NotAllowed(
                "Days off are entered and seen by the person, their manager and admins.",
                hint="`/ooo` without a name is about your own days.",
            )
    known: Rep | Manager | None = subject.rep or subject.manager
    return Traveller(
        crm_id=subject.crm_id,
        first_name=subject.first_name,
        is_asker=subject.crm_id == person.crm_id,
        asker_id=person.crm_id,
        today=runtime.clock.now().astimezone(subject.zone).date(),
        rep=subject.rep if known is subject.rep else None,
        locale=person.locale,
        zone=person.zone.key,
    )


def _answers_for(person: Person, subject: Person, roster: Roster) -> bool:
    if person.is_admin:
        return True
    if person.manager is None or subject.rep is None:
        return False
    return roster.reports_to(subject.rep, person.manager.id)
