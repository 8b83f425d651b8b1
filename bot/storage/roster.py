"""Who is a rep, who is a manager, and in which team and role, as the CRM and app.yaml say."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from bot.domain.assignments import Past, days_away, role_since
from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.local_days import local_day
from bot.domain.organisation import Organisation
from bot.domain.people import Assignment, Manager, Rep
from bot.domain.roster import Roster
from bot.domain.windows import LAST_DAY_EVER
from bot.storage.assignments import read_assignments
from bot.storage.crm_year import follow_crm_year
from bot.storage.facts.tables import ActivityRow, DealSpanRow
from bot.storage.mirror.user import CrmRoleRow, CrmUserRow
from bot.storage.role_hierarchy import led_by_role
from bot.storage.territory import read_territory_changes
from bot.storage.version import Moves, Same, remembered

__all__ = ["Roster", "parse_zone", "read_roster", "read_zones", "role_of"]

DEFAULT_LOCALE = "en_US"
JOINED_LONG_AGO = date(2000, 1, 1)
#: The CRM's own robots and guests; only people are coached.
HUMAN_USER_TYPES = {None, "", "Standard"}


def read_zones(session: Session, default: ZoneInfo) -> dict[str, ZoneInfo]:
    """CRM user id → the zone the person set in the CRM."""
    people = session.exec(select(CrmUserRow.id, CrmUserRow.time_zone))
    return {person: parse_zone(name, default) for person, name in people}


def parse_zone(name: str | None, default: ZoneInfo) -> ZoneInfo:
    if not name:
        return default
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return default


def read_roster(session: Session, organisation: Organisation) -> Roster:
    """Everybody who manages or sells.

    Managers are those whom somebody names as manager; reps are the other people who match a role
    of app.yaml. Where there is a default role, those who own deals or activities stand in it too,
    and their colleagues of the same title.
    """
    # Whoever answers asks who there is before anything else.
    follow_crm_year(session, organisation)
    same = Same(organisation)
    at_work = remembered(session, ("at work", same), lambda: _read_at_work(session, organisation))
    return remembered(
        session,
        ("roster", same),
        lambda: _read_roster(session, organisation, at_work),
        moment=at_work,
        until=Moves.ALL,
    )


@dataclass(frozen=True, slots=True)
class _AtWork:
    """All that activities tell of who there is."""

    #: Who owns deals or activities; nobody where no default role asks for it.
    owners: frozenset[str]
    #: Of those who left, the day of the last activity.
    last_seen: tuple[tuple[str, date], ...]


def _read_at_work(session: Session, organisation: Organisation) -> _AtWork:
    owners = _owners(session) if organisation.default_role is not None else frozenset()
    return _AtWork(owners=owners, last_seen=_last_seen(session))


def _read_roster(session: Session, organisation: Organisation, at_work: _AtWork) -> Roster:
    users = [
        user
        for user in session.exec(select(CrmUserRow))
        if user.user_type in HUMAN_USER_TYPES and not user.is_deleted
    ]
    if organisation.manager_from == "role_hierarchy":
        users = led_by_role(session, users)
    known = {user.id: user for user in users}
    leading = {user.manager_id for user in users if user.manager_id is not None}
    roles = _roles(session, users, organisation, at_work.owners)
    territories = read_territory_changes(session)
    reps = {
        RepId(user.id): _rep(user, roles[user.id], known, organisation)
        for user in users
        if user.id in roles and user.id not in leading
    }
    past = _read_past(session, reps, known.keys(), dict(at_work.last_seen))
    return Roster(
        reps={
            rep_id: _in_time(rep, past[rep_id], territories.get(rep_id))
            for rep_id, rep in reps.items()
        },
        managers=_managers(leading & known.keys(), known, organisation),
        past=past,
        former_reps={
            rep_id: _former(known[rep_id], each, organisation)
            for rep_id, each in past.items()
            if rep_id not in reps
        },
        former_managers=_managers(_led_once(past) & known.keys() - leading, known, organisation),
    )


def _read_past(
    session: Session,
    reps: Mapping[RepId, Rep],
    known: Collection[str],
    last_seen: Mapping[str, date],
) -> Mapping[RepId, Past]:
    """What was noted of everybody, and for the others what the CRM says now."""
    told = read_assignments(session)
    past: dict[RepId, Past] = {rep_id: each for rep_id, each in told.items() if rep_id in known}
    for rep_id, rep in reps.items():
        past.setdefault(rep_id, (_present(rep, last_seen.get(rep_id)),))
    return past


def _roles(
    session: Session,
    users: Iterable[CrmUserRow],
    organisation: Organisation,
    owners: Collection[str],
) -> Mapping[str, RoleKey]:
    crm_roles = {role.id: role.name for role in session.exec(select(CrmRoleRow))}
    people = list(users)
    selling_titles = {user.title for user in people if user.id in owners and user.title}
    found = {}
    for user in people:
        role = role_of(user, crm_roles.get(user.user_role_id or ""), organisation)
        if role is None and (user.id in owners or user.title in selling_titles):
            role = organisation.default_role
        if role is not None:
            found[user.id] = role
    return found


def _led_once(past: Mapping[RepId, Past]) -> set[str]:
    return {each.team for of_rep in past.values() for each in of_rep if each.team is not None}


def _managers(
    ids: Iterable[str | None], known: Mapping[str, CrmUserRow], organisation: Organisation
) -> Mapping[TeamId, Manager]:
    """In the order in which the CRM's people were read."""
    wanted = set(ids)
    return {
        TeamId(user.id): _manager(user, organisation)
        for user in known.values()
        if user.id in wanted
    }


def _present(rep: Rep, last_seen: date | None) -> Assignment:
    """All there is to say of a rep whose history nobody kept.

    The CRM does not date a departure: it was before the record was last touched, and nobody who
    left logs anything.
    """
    last_day = rep.left_on
    if last_day is not None and last_seen is not None:
        last_day = max(rep.joined_on, min(last_day, last_seen))
    return Assignment(
        rep=rep.id, role=rep.role, team=rep.team, first_day=rep.joined_on, last_day=last_day
    )


def _last_seen(session: Session) -> tuple[tuple[str, date], ...]:
    """Of everybody who is no longer active, asked one by one: each is found by an index."""
    person, row = CrmUserRow, ActivityRow
    last = (
        select(func.max(col(row.done_on)))
        .where(col(row.rep_id) == col(person.id), col(row.done_on).is_not(None))
        .correlate(person)
        .scalar_subquery()
    )
    asked = select(person.id, last).where(col(person.is_active).is_(False)).order_by(person.id)
    return tuple((rep, day) for rep, day in session.exec(asked) if day is not None)


def _in_time(rep: Rep, past: Past, territory: date | None) -> Rep:
    days = [day for day in (territory, rep.terms.territory_since) if day is not None]
    return replace(
        rep,
        joined_on=past[0].first_day,
        left_on=None if rep.is_active else past[-1].last_day or rep.left_on,
        role_since=role_since(past, LAST_DAY_EVER),
        territory_since=max(days, default=None),
        days_away=days_away(past),
    )


def _former(user: CrmUserRow, past: Past, organisation: Organisation) -> Rep:
    held = past[-1]
    rep = _rep(user, held.role, {}, organisation)
    return replace(
        _in_time(rep, past, None), team=held.team, is_active=False, left_on=held.last_day
    )


def role_of(user: CrmUserRow, crm_role: str | None, organisation: Organisation) -> RoleKey | None:
    """The role of the first match in app.yaml, or None."""
    title, role = (user.title or "").lower(), (crm_role or "").lower()
    for match in organisation.roles:
        wanted_title, wanted_role = match.title_contains, match.crm_role_contains
        if wanted_title is None and wanted_role is None:
            continue
        if wanted_title is not None and wanted_title.lower() not in title:
            continue
        if wanted_role is not None and wanted_role.lower() not in role:
            continue
        return match.role
    return None


def _owners(session: Session) -> frozenset[str]:
    """Asked person by person: there are fewer people than deals and activities by far."""
    person = col(CrmUserRow.id)
    owns = (
        select(col(row.rep_id)).where(col(row.rep_id) == person).exists()
        for row in (DealSpanRow, ActivityRow)
    )
    return frozenset(session.exec(select(person).where(or_(*owns))))


def _first_name(user: CrmUserRow) -> str:
    return user.first_name or user.name.split()[0]


def _joined_on(user: CrmUserRow, zone: ZoneInfo) -> date:
    return local_day(user.created_at, zone) if user.created_at else JOINED_LONG_AGO


def _rep(
    user: CrmUserRow,
    role: RoleKey,
    known: Mapping[str, CrmUserRow],
    organisation: Organisation,
) -> Rep:
    zone = parse_zone(user.time_zone, organisation.zone)
    joined_on, manager = _joined_on(user, zone), user.manager_id or ""
    return Rep(
        id=RepId(user.id),
        name=user.name,
        first_name=_first_name(user),
        email=user.email or "",
        zone=zone,
        locale=user.locale or DEFAULT_LOCALE,
        role=role,
        team=TeamId(manager) if manager in known else None,
        is_active=user.is_active,
        joined_on=joined_on,
        left_on=None if user.is_active else max(joined_on, local_day(user.stamp, zone)),
        terms=organisation.terms_of(user.id, user.email),
    )


def _manager(user: CrmUserRow, organisation: Organisation) -> Manager:
    return Manager(
        id=TeamId(user.id),
        name=user.name,
        first_name=_first_name(user),
        email=user.email or "",
        zone=parse_zone(user.time_zone, organisation.zone),
        locale=user.locale or DEFAULT_LOCALE,
        is_active=user.is_active,
        leader=TeamId(user.manager_id) if user.manager_id else None,
    )
