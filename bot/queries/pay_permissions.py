"""Who may see whose pay, and who may look at plans as a whole. Nobody by default but oneself."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep
from bot.domain.roster import Roster
from bot.queries.permissions import (
    Person,
    find_person,
    require_anybody,
    require_person,
    require_report,
)
from bot.storage.people import AdminMatchRow

OWN_ONLY = "Pay is shown to the person it belongs to, and to nobody else here."
HOW_OTHERS_SEE = (
    "`pay:` in app.yaml names who may: `managers_see_reports`, or `sees_each_person`. "
    "`/pay` without a name shows your own."
)
FOR_LEADERS = "That one is for those who are responsible for pay plans."
HOW_TO_AUDIT = (
    "An admin lists your e-mail under `pay: leaders:` in app.yaml, for all plans, or writes "
    "`managers_audit: true` there, for every manager the plans of their own people. `/pay` shows "
    "your own pay."
)
HOW_TO_LEAD = "They are listed under `pay: leaders:` in app.yaml. `/pay` shows your own pay."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayReader:
    """Somebody who asks about pay; whom the settings name need neither sell nor lead."""

    email: str
    locale: str
    zone: ZoneInfo
    #: None for whom the CRM does not know.
    person: Person | None

    def sees_everybody(self, organisation: Organisation) -> bool:
        return self.email in organisation.pay.sees_each_person

    def leads_pay(self, organisation: Organisation) -> bool:
        pay = organisation.pay
        return self.email in pay.leaders | pay.sees_each_person


def require_pay_reader(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> PayReader:
    """Raises UnknownPerson for whom neither the CRM nor the settings know."""
    person = find_person(session, asker, roster=roster, organisation=organisation)
    pay = organisation.pay
    if person is None:
        match = session.get(AdminMatchRow, asker)
        if match is not None and match.email.lower() in pay.leaders | pay.sees_each_person:
            email, zone = match.email.lower(), organisation.zone
            return PayReader(email=email, locale="en_US", zone=zone, person=None)
        person = require_person(session, asker, roster=roster, organisation=organisation)
    known = person.rep or person.manager
    email = known.email.lower() if known else ""
    return PayReader(email=email, locale=person.locale, zone=person.zone, person=person)


def require_pay_leader(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> PayReader:
    """Raises UnknownPerson, or NotAllowed with how to become one."""
    reader = require_pay_reader(session, asker, roster=roster, organisation=organisation)
    if not reader.leads_pay(organisation):
        raise NotAllowed(FOR_LEADERS, hint=HOW_TO_LEAD)
    return reader


def require_pay_auditor(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> PayReader:
    """Raises UnknownPerson, or NotAllowed for whoever may audit no plan at all."""
    reader = require_pay_reader(session, asker, roster=roster, organisation=organisation)
    leads = reader.person is not None and reader.person.manager is not None
    if not reader.leads_pay(organisation) and not (leads and organisation.pay.managers_audit):
        raise NotAllowed(FOR_LEADERS, hint=HOW_TO_AUDIT if leads else HOW_TO_LEAD)
    return reader


def may_audit(organisation: Organisation, manager: Manager) -> bool:
    """Whether audits of pay are open to a manager at all."""
    pay = organisation.pay
    return pay.managers_audit or manager.email.lower() in pay.leaders | pay.sees_each_person


def require_earner(
    session: Session, roster: Roster, organisation: Organisation, reader: PayReader, words: str
) -> Rep | Manager:
    """The person of that name, if the settings let the asker see their pay.

    Raises NotAllowed; whoever may see nobody learns nothing of who there is.
    """
    if reader.sees_everybody(organisation):
        return require_anybody(session, roster, words)
    person = reader.person
    if person is None:
        raise NotAllowed(OWN_ONLY, hint=HOW_OTHERS_SEE)
    if person.manager is not None and organisation.pay.managers_see_reports:
        return require_report(session, roster, person, words)
    try:
        found = require_report(session, roster, person, words)
    except NotAllowed:
        raise NotAllowed(OWN_ONLY, hint=HOW_OTHERS_SEE) from None
    if person.rep is None or found.id != person.rep.id:
        raise NotAllowed(OWN_ONLY, hint=HOW_OTHERS_SEE)
    return found
