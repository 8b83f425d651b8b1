"""Which role somebody held on a day, from what was noted of everybody."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from bot.domain.windows import FIRST_DAY_EVER
from bot.storage.assignments import AssignmentRow
from bot.storage.facts.derived_with import DerivedWithRow
from bot.storage.facts.expressions import Expression
from bot.storage.facts.tables import EVERYBODY
from bot.storage.facts.touched import DirtyDays

ROLES = "roles"
#: The states that are held against those of the same role.
LIKE_FOR_LIKE = ("open_opportunity", "pipeline_pace")


def role_on(rep: Expression, day: Expression | date) -> Expression:
    """Null where nobody noted any."""
    held: Any = aliased(AssignmentRow, name="held")
    return (
        select(func.max(held.role))
        .where(
            held.rep_id == rep,
            held.first_day <= day,
            or_(held.last_day.is_(None), held.last_day >= day),
        )
        .correlate_except(held)
        .scalar_subquery()
    )


def are_roles_told(session: Session) -> bool:
    """Whether the daily readings were told of all roles as they are noted now."""
    before = session.get(DerivedWithRow, ROLES)
    return before is not None and before.settings == _fingerprint(session)


def touch_if_roles_changed(session: Session) -> None:
    """A role noted anew may change the states of every day."""
    if are_roles_told(session):
        return
    dirty = DirtyDays()
    for table in LIKE_FOR_LIKE:
        dirty.touch(table, EVERYBODY, FIRST_DAY_EVER)
    dirty.write(session)
    session.merge(DerivedWithRow(what=ROLES, settings=_fingerprint(session)))


def _fingerprint(session: Session) -> str:
    row: Any = AssignmentRow
    held = select(row.rep_id, row.first_day, row.last_day, row.role)
    rows = session.connection().execute(held.order_by(row.rep_id, row.first_day))
    return hashlib.sha256(repr([tuple(each) for each in rows]).encode()).hexdigest()[:12]
