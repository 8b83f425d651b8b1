"""Who may see whose pay, and who may look at plans as a whole. Nobody by default but oneself."""

from sqlmodel import Session

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep
from bot.domain.roster import Roster
from bot.queries.permissions import Person, require_anybody, require_person, require_report

OWN_ONLY = "Pay is shown to the person it belongs to, and to nobody else here."
HOW_OTHERS_SEE = (
    "`pay:` in app.yaml names who may: `managers_see_reports`, or `sees_each_person`. "
    "`/pay` without a name shows your own."
)
FOR_LEADERS = "That one is for those who are responsible for pay plans."
HOW_TO_LEAD = "They are listed under `pay: leaders:` in app.yaml. `/pay` shows your own pay."


def email_of(person: Person) -> str:
    known = person.rep or person.manager
    return known.email.lower() if known else ""


def sees_everybody(organisation: Organisation, person: Person) -> bool:
    return email_of(person) in organisation.pay.sees_each_person


def may_lead_pay(organisation: Organisation, person: Person) -> bool:
    pay = organisation.pay
    return email_of(person) in pay.leaders | pay.sees_each_person


def require_pay_leader(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> Person:
    """Raises UnknownPerson, or NotAllowed with how to become one."""
    person = require_person(session, asker, roster=roster, organisation=organisation)
    if not may_lead_pay(organisation, person):
        raise NotAllowed(FOR_LEADERS, hint=HOW_TO_LEAD)
    return person


def require_earner(
    session: Session, roster: Roster, organisation: Organisation, person: Person, words: str
) -> Rep | Manager:
    """The person of that name, if the settings let the asker see their pay.

    Raises NotAllowed; whoever may see nobody learns nothing of who there is.
    """
    if sees_everybody(organisation, person):
        return require_anybody(session, roster, words)
    if person.rep is not None and person.manager is None:
        found: Rep | None = None
        try:
            found = require_report(session, roster, person, words)
        except NotAllowed:
            raise NotAllowed(OWN_ONLY, hint=HOW_OTHERS_SEE) from None
        return found
    if not organisation.pay.managers_see_reports:
        raise NotAllowed(OWN_ONLY, hint=HOW_OTHERS_SEE)
    return require_report(session, roster, person, words)
