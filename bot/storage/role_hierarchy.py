"""Who leads whom by the CRM's role hierarchy, rather than by the manager in the user's record."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session, select

from bot.storage.mirror.user import CrmRoleRow, CrmUserRow


def led_by_role(session: Session, users: Sequence[CrmUserRow]) -> list[CrmUserRow]:
    """The same people, each with the manager that the nearest role above names, if any does.

    Of several people in that role, whoever the user's own record names leads; else the first by
    id, so that it is the same one every day.
    """
    parents = {role.id: role.parent_id for role in session.exec(select(CrmRoleRow))}
    holders: dict[str, list[str]] = defaultdict(list)
    for user in users:
        if user.is_active and user.user_role_id:
            holders[user.user_role_id].append(user.id)
    return [
        CrmUserRow(**{**user.model_dump(), "manager_id": _leader(user, parents, holders)})
        for user in users
    ]


def _leader(
    user: CrmUserRow, parents: Mapping[str, str | None], holders: Mapping[str, Sequence[str]]
) -> str | None:
    for role in _above(user.user_role_id, parents):
        found = holders.get(role, ())
        if user.manager_id in found:
            return user.manager_id
        if found:
            return min(found)
    return None


def _above(role: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    seen = {role}
    above = parents.get(role) if role else None
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)
