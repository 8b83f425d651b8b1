"""Managers by the CRM's role hierarchy rather than by the manager in the user's record."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.domain.ids import RoleKey
from bot.domain.organisation import Organisation, RoleMatch
from bot.storage.database import transaction
from bot.storage.mirror.user import CrmRoleRow, CrmUserRow
from bot.storage.roster import read_roster

STAMP = datetime(2026, 3, 9, tzinfo=UTC)
ORGANISATION = Organisation(
    roles=(RoleMatch(role=RoleKey("smb_ae"), title_contains="executive"),),
    manager_from="role_hierarchy",
)


def person(name: str, role: str | None, *, manager: str | None = None, **more: Any) -> CrmUserRow:
    return CrmUserRow(
        id=name,
        name=name.title(),
        email=f"{name}@acme.example",
        title=more.pop("title", "Account Executive"),
        user_type="Standard",
        user_role_id=role,
        manager_id=manager,
        stamp=STAMP,
        **more,
    )


def fill(session: Session) -> None:
    """The role between Kim's and the one above is held by nobody who is still there."""
    for role, parent in (("top", None), ("east", "top"), ("reps", "east"), ("loop", "loop")):
        session.add(CrmRoleRow(id=role, name=role, parent_id=parent, stamp=STAMP))
    session.add(person("noah", "top", title="VP"))
    session.add(person("maria", "top", title="VP"))
    session.add(person("gone", "east", title="Director", is_active=False))
    session.add(person("kim", "reps"))
    session.add(person("sam", "reps", manager="noah"))
    session.add(person("lee", "loop"))
    session.add(person("alone", None, manager="noah"))


@pytest.mark.parametrize(
    ("manager_from", "teams"),
    [
        ("role_hierarchy", {"kim": "maria", "sam": "noah", "lee": None, "alone": None}),
        ("manager_field", {"kim": None, "sam": "noah", "lee": None, "alone": "noah"}),
    ],
)
def test_app_yaml_chooses_who_leads_whom(
    database: Engine, manager_from: str, teams: dict[str, str | None]
) -> None:
    with transaction(database) as session:
        fill(session)
    with Session(database) as session:
        organisation = replace(ORGANISATION, manager_from=manager_from)
        roster = read_roster(session, organisation)
        assert {str(rep.id): rep.team for rep in roster.reps.values()} == teams
        assert set(roster.managers) == {team for team in teams.values() if team}
        # Nothing of it is written down.
        assert not session.dirty
        assert not session.new
