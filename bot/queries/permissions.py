"""Who may ask what about whom."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.errors import LeadsNoTeam, NotAllowed, UnknownPerson
from bot.domain.ids import RepId, SlackUserId, TeamId
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep, Team
from bot.storage.mirror.user import CrmUserRow
from bot.storage.people import AdminMatchRow, SlackMatchRow
from bot.storage.roster import DEFAULT_LOCALE, Roster, parse_zone, read_roster

HOW_TO_BE_KNOWN = (
    "I match people by e-mail. Ask an admin to check that your Slack e-mail equals your CRM "
    "e-mail, or to add you under `slack: people:` in app.yaml."
)
#: A name as Slack escapes it: <@U0KIM|kim>.
MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
MOST_NAMED = 12
NOT_YOUR_REP = "A 1:1 is between a rep and the manager they report to in the CRM."
NO_REPORTS = "Nobody reports to you in the CRM."


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in Slack whom we know from the CRM; a rep, a manager, or both."""

    slack_id: SlackUserId
    crm_id: str
    rep: Rep | None
    manager: Manager | None
    is_admin: bool

    @property
    def full_name(self) -> str:
        known = self.rep or self.manager
        return known.name if known else "somebody"

    @property
    def first_name(self) -> str:
        known = self.rep or self.manager
        return known.first_name if known else "there"

    @property
    def zone(self) -> ZoneInfo:
        known = self.rep or self.manager
        return known.zone if known else ZoneInfo("UTC")

    @property
    def locale(self) -> str:
        known = self.rep or self.manager
        return known.locale if known else "en_US"


def find_person(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> Person | None:
    match = session.exec(select(SlackMatchRow).where(col(SlackMatchRow.slack_id) == asker)).first()
    if match is None:
        return None
    rep = roster.reps.get(RepId(match.person_id))
    manager = roster.managers.get(TeamId(match.person_id))
    known = rep or manager
    if known is None:
        return None
    return Person(
        slack_id=asker,
        crm_id=match.person_id,
        rep=rep,
        manager=manager,
        is_admin=known.email.lower() in organisation.admins,
    )


def require_person(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> Person:
    """Raises UnknownPerson with how to be recognised."""
    person = find_person(session, asker, roster=roster, organisation=organisation)
    if person is None:
        raise UnknownPerson("I do not know you from the CRM yet.", hint=HOW_TO_BE_KNOWN)
    return person


def require_manager(person: Person) -> Manager:
    """Raises NotAllowed, kindly, for anybody who leads no one."""
    if person.manager is None:
        raise NotAllowed(
            "That one is for managers: it looks at a whole team.",
            hint="`/my-week` shows your own numbers, and `/nudges` all I have said about you.",
        )
    return person.manager


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """Somebody whom app.yaml names as an admin, whether or not they sell or lead."""

    slack_id: SlackUserId
    name: str
    locale: str
    zone: str


def require_admin(
    session: Session, asker: SlackUserId, *, roster: Roster, organisation: Organisation
) -> Admin:
    """Raises NotAllowed with how to become one."""
    person = find_person(session, asker, roster=roster, organisation=organisation)
    if person is not None and person.is_admin:
        known = person.rep or person.manager
        name = known.name if known else person.first_name
        return Admin(slack_id=asker, name=name, locale=person.locale, zone=person.zone.key)
    match = session.get(AdminMatchRow, asker)
    if match is None or match.email.lower() not in organisation.admins:
        raise NotAllowed(
            "That one is for admins.", hint="Admins are listed under `slack: admins:` in app.yaml."
        )
    row = CrmUserRow
    # The CRM may know whoever neither sells nor leads.
    user = session.exec(
        select(row).where(func.lower(col(row.email)) == match.email.lower())
    ).first()
    zone = parse_zone(user.time_zone if user else None, organisation.zone)
    locale = (user.locale if user else None) or DEFAULT_LOCALE
    return Admin(slack_id=asker, name=match.name, locale=locale, zone=zone.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who may be known from the CRM, an admin, or both."""

    person: Person | None
    is_admin: bool


def require_visitor(session: Session, asker: SlackUserId, organisation: Organisation) -> Visitor:
    """Raises UnknownPerson for whom neither the CRM nor app.yaml knows."""
    roster = read_roster(session, organisation)
    person = find_person(session, asker, roster=roster, organisation=organisation)
    try:
        require_admin(session, asker, roster=roster, organisation=organisation)
    except NotAllowed:
        person = require_person(session, asker, roster=roster, organisation=organisation)
        return Visitor(person=person, is_admin=False)
    return Visitor(person=person, is_admin=True)


def require_team(roster: Roster, manager: Manager, words: str = "") -> Team:
    """The manager's own team, or one below them by its manager's name.

    Raises LeadsNoTeam or NotAllowed. Nobody looks beside or above themselves.
    """
    below = [team for team in roster.teams() if _leads(roster, manager.id, team)]
    if not below:
        raise LeadsNoTeam(
            "You lead no team of active reps that I can see.",
            hint="Teams follow the Manager field of people in the CRM.",
        )
    wanted = words.strip().lower()
    own = [team for team in below if team.id == manager.id]
    if not wanted:
        return own[0] if own else below[0]
    for team in below:
        names = {team.manager.name.lower(), team.manager.first_name.lower(), team.name.lower()}
        if wanted in names:
            return team
    known = ", ".join(team.manager.name for team in below)
    raise NotAllowed(
        f"I find no team of '{words.strip()[:40]}' below you.", hint=f"You may ask about: {known}"
    )


def require_report(session: Session, roster: Roster, person: Person, words: str) -> Rep:
    """The rep of that name, or mentioned, who reports to the manager; oneself for anybody.

    Raises NotAllowed, and no words of it tell who there is beside or above the asker.
    """
    is_meant = _meaning(session, words)
    if person.rep is not None and is_meant(person.rep):
        return person.rep
    if person.manager is None:
        raise NotAllowed(
            "That shows your own numbers only; those of others are for their managers.",
            hint="Leave the name out to see yours.",
        )
    led = [team for team in roster.teams() if _leads(roster, person.manager.id, team)]
    below = [rep for team in led for rep in team.reps]
    found = [rep for rep in below if is_meant(rep)]
    if len(found) == 1:
        return found[0]
    said = "Nobody" if not found else "More than one"
    known = ", ".join(rep.name for rep in (found or below)[:MOST_NAMED])
    mentioned = MENTION.fullmatch(words.strip())
    raise NotAllowed(
        "Whom you mention is not one of those who report to you."
        if mentioned
        else f"{said} of those who report to you is called '{words.strip()[:40]}'.",
        hint=f"You may ask about: {known}" if known else "Leave the name out.",
    )


def _meaning(session: Session, words: str) -> Callable[[Rep | Manager], bool]:
    """Whether a person is the one that the words name or mention."""
    spoken = words.strip()
    mentioned = MENTION.fullmatch(spoken)
    if mentioned is None:
        wanted = spoken.removeprefix("@").lower()
        return lambda rep: wanted in {rep.name.lower(), rep.first_name.lower()}
    row = SlackMatchRow
    match = session.exec(select(row).where(col(row.slack_id) == mentioned[1])).first()
    return lambda rep: match is not None and rep.id == match.person_id


def require_anybody(session: Session, roster: Roster, words: str) -> Rep | Manager:
    """Whoever sells or leads and goes by that name. Only for those who may see everybody."""
    is_meant = _meaning(session, words)
    found = [each for each in roster.everybody() if each.is_active and is_meant(each)]
    if len(found) == 1:
        return found[0]
    said = "More than one person goes" if found else "Nobody goes"
    raise NotAllowed(
        f"{said} by the name '{words.strip()[:40]}'.",
        hint="Write the first name, the whole name, or mention them.",
    )


def require_direct_report(session: Session, roster: Roster, manager: Manager, words: str) -> Rep:
    """The rep of that name, or mentioned, whose manager of record this is.

    Raises NotAllowed for everybody else, in the same words whether or not there is such a person.
    """
    direct = [rep for rep in roster.reps.values() if rep.team == manager.id and rep.is_active]
    direct.sort(key=lambda rep: (rep.name, rep.id))
    is_meant = _meaning(session, words)
    found = [rep for rep in direct if is_meant(rep)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(rep.name for rep in (found or direct)[:MOST_NAMED])
    said = "More than one of your reps goes by that name." if found else NOT_YOUR_REP
    raise NotAllowed(said, hint=f"You may ask about: {known}" if known else NO_REPORTS)


def require_own_rep(roster: Roster, manager: Manager, rep: RepId) -> Rep:
    """The rep with that id, if this is their manager of record. Raises NotAllowed."""
    found = roster.reps.get(rep)
    if found is None or found.team != manager.id:
        raise NotAllowed(NOT_YOUR_REP, hint="`/coach` shows who reports to you.")
    return found


def _leads(roster: Roster, manager: TeamId, team: Team) -> bool:
    above: TeamId | None = team.id
    seen: set[TeamId] = set()
    while above is not None and above not in seen:
        if above == manager:
            return True
        seen.add(above)
        known = roster.managers.get(above)
        above = known.leader if known else None
    return False


def person_of(session: Session, asker: SlackUserId, organisation: Organisation) -> Person:
    """The asker with a roster read for the occasion."""
    roster = read_roster(session, organisation)
    return require_person(session, asker, roster=roster, organisation=organisation)
