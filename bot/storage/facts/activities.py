"""Tasks and Events as activities of their owners; pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from bot.domain.local_days import local_day
from bot.domain.organisation import Organisation

OPPORTUNITY_PREFIX = "006"
ACCOUNT_PREFIX = "001"
#: Written down later than this after it was done, an activity counts as logged late.
LATE_AFTER = timedelta(hours=24)

#: TaskSubtype → our kind. Cadence and LinkedIn touches are not calls; they count as other.
KIND_BY_SUBTYPE = {"Call": "call", "Email": "email", "ListEmail": "email"}


class Activity(NamedTuple):
    """An ActivityRow's fields; a year of a large team is derived at once, so it must be light."""

    id: str
    rep_id: str
    kind: str
    subject: str | None
    done_on: date | None
    done_at: datetime | None
    due_on: date | None
    logged_on: date
    logged_at: datetime
    seconds: int | None
    is_conversation: bool
    is_external: bool
    is_late_logged: bool
    is_missed: bool
    who_id: str | None
    opportunity_id: str | None
    account_id: str | None
    #: Told only once its neighbours are known; see bot.storage.facts.bursts.
    is_in_burst: bool = False
    #: Told by the day on which it is derived; see bot.storage.facts.differences.
    is_pending: bool = False


class MirroredTask(Protocol):
    """A CrmTaskRow, or a row of a select of its columns."""

    id: str
    owner_id: str
    who_id: str | None
    what_id: str | None
    account_id: str | None
    subject: str | None
    subtype: str | None
    type: str | None
    is_closed: bool
    activity_on: date | None
    completed_at: datetime | None
    call_seconds: int | None
    call_disposition: str | None
    is_recurrence: bool
    created_at: datetime
    is_deleted: bool


class MirroredEvent(Protocol):
    """A CrmEventRow, or a row of a select of its columns."""

    id: str
    owner_id: str
    who_id: str | None
    what_id: str | None
    account_id: str | None
    subject: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_all_day: bool
    is_child: bool
    is_recurrence: bool
    created_at: datetime
    is_deleted: bool


def from_task(task: MirroredTask, *, zone: ZoneInfo, organisation: Organisation) -> Activity | None:
    """The activity, or None when the task is no occurrence of anything."""
    if task.is_deleted or task.is_recurrence:
        return None
    logged_on = local_day(task.created_at, zone)
    kind = KIND_BY_SUBTYPE.get(task.subtype or "", "other")
    if kind == "other" and task.type in organisation.call_types:
        kind = "call"
    if kind == "other" and (task.type or "").lower() in {"email", "e-mail"}:
        kind = "email"
    done_on = None
    if task.is_closed:
        if task.completed_at is not None:
            done_on = local_day(task.completed_at, zone)
        else:
            done_on = task.activity_on or logged_on
    return Activity(
        id=task.id,
        rep_id=task.owner_id,
        kind=kind,
        subject=task.subject,
        done_on=done_on,
        done_at=task.completed_at,
        due_on=task.activity_on,
        logged_on=logged_on,
        logged_at=task.created_at,
        seconds=task.call_seconds,
        is_conversation=kind == "call" and is_conversation(task, organisation),
        is_late_logged=_is_late(task, logged_on),
        is_missed=False,
        is_external=bool(task.who_id or task.what_id or task.account_id),
        who_id=task.who_id,
        opportunity_id=opportunity_of(task.what_id),
        account_id=account_of(task.what_id, task.account_id),
    )


def is_conversation(task: MirroredTask, organisation: Organisation) -> bool:
    if task.call_disposition in organisation.conversation_dispositions:
        return True
    return (task.call_seconds or 0) >= organisation.conversation_seconds


def _is_late(task: MirroredTask, logged_on: date) -> bool:
    if not task.is_closed or task.activity_on is None:
        return False
    return (logged_on - task.activity_on) > LATE_AFTER


def from_event(
    event: MirroredEvent, *, zone: ZoneInfo, organisation: Organisation
) -> Activity | None:
    """The meeting, or None for a copy, a series' parent, an all-day entry or a deleted one."""
    if event.is_deleted or event.is_recurrence or event.is_child or event.is_all_day:
        return None
    ends_at = event.ends_at or event.starts_at
    if ends_at is None:
        return None
    day = local_day(ends_at, zone)
    return Activity(
        id=event.id,
        rep_id=event.owner_id,
        kind="meeting",
        subject=event.subject,
        done_on=day,
        done_at=ends_at,
        due_on=day,
        logged_on=min(local_day(event.created_at, zone), day)
        if event.created_at <= ends_at
        else local_day(event.created_at, zone),
        logged_at=event.created_at,
        seconds=_seconds(event.starts_at, ends_at),
        is_conversation=False,
        is_late_logged=event.created_at - ends_at > LATE_AFTER,
        is_missed=_says(event.subject, organisation.missed_subjects),
        is_external=bool(event.who_id or event.what_id or event.account_id),
        who_id=event.who_id,
        opportunity_id=opportunity_of(event.what_id),
        account_id=account_of(event.what_id, event.account_id),
    )


def _says(subject: str | None, words: Iterable[str]) -> bool:
    said = (subject or "").lower()
    return any(word in said for word in words)


def _seconds(starts_at: datetime | None, ends_at: datetime) -> int | None:
    return int((ends_at - starts_at).total_seconds()) if starts_at is not None else None


def opportunity_of(what: str | None) -> str | None:
    return what if what is not None and what.startswith(OPPORTUNITY_PREFIX) else None


def account_of(what: str | None, account: str | None) -> str | None:
    return account or (what if what is not None and what.startswith(ACCOUNT_PREFIX) else None)
