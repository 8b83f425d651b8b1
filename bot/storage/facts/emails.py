"""An e-mail is a Task, an EmailMessage, or both; it counts once, and only for who wrote it."""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, not_, or_, select
from sqlalchemy import exists as there_is
from sqlmodel import Session, col

from bot.domain.local_days import local_day
from bot.storage.facts.activities import Activity, account_of, opportunity_of
from bot.storage.facts.touched import in_chunks
from bot.storage.mirror.activity import CrmTaskRow
from bot.storage.mirror.email import EmailMessageRow

#: Salesforce's number for a draft, and its word in an export.
NOT_SENT = frozenset({"5", "Draft"})


def from_email(email: Any, *, zone: ZoneInfo) -> Activity | None:  # noqa: ANN401 - a row of a select
    """The activity, or None for what somebody else wrote, or nobody sent."""
    if email.is_deleted or email.is_incoming or email.status in NOT_SENT:
        return None
    if email.created_by_id is None:
        return None
    at = email.sent_at or email.created_at
    done_on, logged_on = local_day(at, zone), local_day(email.created_at, zone)
    related = email.related_to_id
    return Activity(
        id=email.id,
        rep_id=email.created_by_id,
        kind="email",
        subject=email.subject,
        done_on=done_on,
        done_at=at,
        due_on=None,
        logged_on=logged_on,
        logged_at=email.created_at,
        seconds=None,
        is_conversation=False,
        is_late_logged=False,
        is_missed=False,
        is_external=True,
        who_id=None,
        opportunity_id=opportunity_of(related),
        account_id=account_of(related, None),
    )


def without_task(session: Session, ids: Collection[str]) -> list[Any]:
    """Those of these e-mails that are no Task of ours as well."""
    row, task = EmailMessageRow, CrmTaskRow
    table: Any = row.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    has_task = there_is().where(col(task.id) == col(row.activity_id), not_(col(task.is_deleted)))
    wanted = select(table).where(
        col(row.id).in_(ids), or_(col(row.activity_id).is_(None), not_(has_task))
    )
    return list(session.connection().execute(wanted))


def incoming_tasks(session: Session, ids: Collection[str]) -> frozenset[str]:
    """Those of these tasks that are e-mails which somebody wrote to us."""
    row = EmailMessageRow
    wanted = select(col(row.activity_id)).where(
        and_(col(row.activity_id).in_(ids), col(row.is_incoming), not_(col(row.is_deleted)))
    )
    return frozenset(each for (each,) in session.connection().execute(wanted) if each)


def twins(
    session: Session, *, task_ids: Collection[str], email_ids: Collection[str]
) -> tuple[set[str], set[str]]:
    """Also the tasks of these e-mails, and the e-mails of these tasks: each concerns the other."""
    row = EmailMessageRow
    tasks, emails = set(task_ids), set(email_ids)
    for chunk in in_chunks(email_ids):
        wanted = select(col(row.activity_id)).where(col(row.id).in_(chunk))
        tasks.update(each for (each,) in session.connection().execute(wanted) if each)
    if session.connection().execute(select(col(row.id)).limit(1)).first() is not None:
        for chunk in in_chunks(task_ids):
            wanted = select(col(row.id)).where(col(row.activity_id).in_(chunk))
            emails.update(each for (each,) in session.connection().execute(wanted) if each)
    return tasks, emails
