"""Who is a rep, who is a manager, and in which team and role, as the CRM and app.yaml say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.local_days import local_day
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep, Team
from bot.storage.facts.tables import ActivityRow, DealSpanRow
from bot.storage.mirror.user import CrmRoleRow, CrmUserRow

DEFAULT_LOCALE = "en_US"
JOINED_LONG_AGO = date(2000, 1, 1)
#: The CRM's own robots and guests; only people are coached.
HUMAN_USER_TYPES = {None, "", "Standard"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everybody of the organisation, as they stand now."""

    reps: Mapping[RepId, Rep]
    managers: Mapping[TeamId, Manager]

    def everybody(self) -> Sequence[Rep | Manager]:
        return [*self.reps.values(), *self.managers.values()]

    def team(self, team_id: TeamId) -> Team:
        manager = self.managers[team_id]
        reps = tuple(
            rep
            for rep in sorted(self.reps.values(), key=lambda each: (each.name, each.id))
            if rep.team == team_id and rep.is_active
        )
        return Team(id=team_id, name=f"{manager.first_name}'s team", manager=manager, reps=reps)

    def teams(self) -> Sequence[Team]:
        """Teams that have reps, by the name of their manager."""
        led = {rep.team for rep in self.reps.values() if rep.is_active and rep.team}
        managers = sorted(self.managers.values(), key=lambda each: (each.name, each.id))
        return [self.team(manager.id) for manager in managers if manager.id in led]

    def reports_to(self, rep: Rep, manager: TeamId) -> bool:
        """Whether ``manager`` leads the rep, directly or through other managers."""
        seen: set[TeamId] = set()
        above = rep.team
        while above is not None and above not in seen:
            if above == manager:
                return True
            seen.add(above)
            leader = self.managers.get(above)
            above = leader.leader if leader else None
        return False


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
    users = [
        user
        for user in session.exec(select(CrmUserRow))
        if user.user_type in HUMAN_USER_TYPES and not user.is_deleted
    ]
    crm_roles = {role.id: role.name for role in session.exec(select(CrmRoleRow))}
    reports: dict[str, list[CrmUserRow]] = defaultdict(list)
    for user in users:
        if user.manager_id is not None:
            reports[user.manager_id].append(user)
    owners = _owners(session)
    selling_titles = {user.title for user in users if user.id in owners and user.title}
    reps: dict[RepId, Rep] = {}
    managers: dict[TeamId, Manager] = {}
    known = {user.id for user in users}
    for user in users:
        if reports[user.id]:
            managers[TeamId(user.id)] = _manager(user, organisation)
            continue
        role = role_of(user, crm_roles.get(user.user_role_id or ""), organisation)
        if role is None and (user.id in owners or user.title in selling_titles):
            role = organisation.default_role
        if role is not None:
            team = TeamId(user.manager_id) if user.manager_id in known else None
            reps[RepId(user.id)] = _rep(user, role, team, organisation)
    return Roster(reps=reps, managers=managers)


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


def _owners(session: Session) -> set[str]:
    deals = session.exec(select(DealSpanRow.rep_id).distinct())
    activities = session.exec(select(ActivityRow.rep_id).distinct())
    return {*deals, *activities}


def _first_name(user: CrmUserRow) -> str:
    return user.first_name or user.name.split()[0]


def _joined_on(user: CrmUserRow, zone: ZoneInfo) -> date:
    return local_day(user.created_at, zone) if user.created_at else JOINED_LONG_AGO


def _rep(user: CrmUserRow, role: RoleKey, team: TeamId | None, organisation: Organisation) -> Rep:
    zone = parse_zone(user.time_zone, organisation.zone)
    return Rep(
        id=RepId(user.id),
        name=user.name,
        first_name=_first_name(user),
        email=user.email or "",
        zone=zone,
        locale=user.locale or DEFAULT_LOCALE,
        role=role,
        team=team,
        is_active=user.is_active,
        joined_on=_joined_on(user, zone),
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
