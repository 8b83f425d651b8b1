"""What this org calls a task that is done."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.storage.mirror.activity import CrmTaskRow
from bot.storage.mirror.setup import TaskStatusRow

#: What Salesforce calls it, unless somebody renamed it.
COMPLETED = "Completed"


def completed_status(session: Session) -> str:
    """A status of the org's own list that closes a task, Salesforce's usual one before others.

    Where the list is hidden from us, what most of the closed tasks have.
    """
    row, task = TaskStatusRow, CrmTaskRow
    listed = session.exec(
        select(row)
        .where(col(row.is_closed).is_(True), col(row.is_deleted).is_(False))
        .order_by(col(row.sort_order), col(row.id))
    )
    names = [each.name or each.label for each in listed]
    if not names:
        usual = (
            select(task.status)
            .where(col(task.is_closed).is_(True), col(task.status).is_not(None))
            .group_by(col(task.status))
            .order_by(func.count().desc(), col(task.status))
            .limit(1)
        )
        names = [name for name in session.exec(usual) if name]
    return COMPLETED if COMPLETED in names or not names else names[0]
