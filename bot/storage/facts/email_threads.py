"""Exchanges of e-mails that reps began, and whether anybody wrote back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlmodel import Session, col

from bot.domain.choices import Choices
from bot.domain.local_days import local_day
from bot.storage.facts.derive import Surroundings
from bot.storage.facts.emails import NOT_SENT
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import EmailThreadRow
from bot.storage.facts.touched import DirtyDays, in_chunks
from bot.storage.mirror.email import EmailMessageRow


def derive_email_threads(
    session: Session, ids: Collection[str], around: Surroundings, dirty: DirtyDays
) -> None:
    """Tell the exchanges anew that any of these e-mails belongs to."""
    for chunk in in_chunks(ids):
        emails = _with_their_threads(session, chunk)
        row = EmailThreadRow
        for part in in_chunks(emails):
            known = select(col(row.rep_id), col(row.sent_on)).where(col(row.id).in_(part))
            for rep, day in session.connection().execute(known):
                dirty.touch("email_thread", rep, day)
            session.connection().execute(delete(row).where(col(row.id).in_(part)))
        told = (_thread(those, around) for those in _together(emails.values()))
        fresh = [each for each in told if each is not None]
        for thread in fresh:
            dirty.touch("email_thread", thread.rep_id, thread.sent_on)
        if fresh:
            session.connection().execute(insert(row), [each.model_dump() for each in fresh])


def _with_their_threads(session: Session, ids: Collection[str]) -> Mapping[str, Any]:
    """These e-mails, and all that are of the same threads: by their names, or by their answers."""
    row = EmailMessageRow
    found: dict[str, Any] = {}
    asked: set[str] = set()
    wanted = set(ids)
    while wanted:
        asked |= wanted
        fresh: dict[str, Any] = {}
        for part in in_chunks(wanted):
            fresh |= _read(session, or_(col(row.id).in_(part), col(row.reply_to_id).in_(part)))
        for part in in_chunks({each.thread_id for each in fresh.values() if each.thread_id}):
            fresh |= _read(session, col(row.thread_id).in_(part))
        found |= fresh
        answered = {each.reply_to_id for each in fresh.values() if each.reply_to_id}
        wanted = (set(fresh) | answered) - asked
    return found


def _read(session: Session, which: Any) -> dict[str, Any]:  # noqa: ANN401 - a condition
    table: Any = EmailMessageRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    rows = session.connection().execute(select(table).where(which))
    return {each.id: each for each in rows}


def _together(emails: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The e-mails of each exchange, oldest first; none that stands alone and has no thread."""
    known = sorted(emails, key=lambda each: (_at(each), each.id))
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = key = parent[parent[key]]
        return key

    for each in known:
        for other in (each.reply_to_id, each.thread_id and f"thread {each.thread_id}"):
            if other:
                parent[root(other)] = root(each.id)
    by_root: dict[str, list[Any]] = defaultdict(list)
    for each in known:
        by_root[root(each.id)].append(each)
    for those in by_root.values():
        if len(those) > 1 or those[0].thread_id:
            yield those


def _at(email: Any) -> datetime:  # noqa: ANN401 - a row of a select
    at: datetime = email.sent_at or email.created_at
    return at


def _thread(emails: Sequence[Any], around: Surroundings) -> EmailThreadRow | None:
    """None for an exchange that somebody else began."""
    automatic = around.organisation.automatic_subjects
    written = [
        each
        for each in emails
        if not each.is_deleted
        and each.status not in NOT_SENT
        and not (each.subject or "").strip().lower().startswith(automatic)
    ]
    if not written or written[0].is_incoming or written[0].created_by_id is None:
        return None
    first, zone = written[0], around.organisation.zone
    # The organisation's own day: no reading is told of a day that it has not reached.
    answers = [each.created_at.astimezone(zone).date() for each in written if each.is_incoming]
    return EmailThreadRow(
        id=first.id,
        rep_id=first.created_by_id,
        sent_on=local_day(_at(first), around.zone_of(first.created_by_id)),
        logged_on=first.created_at.astimezone(zone).date(),
        answered_on=min(answers, default=None),
    )


def email_threads(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    thread: Any = EmailThreadRow
    day = knowledge.day
    return Source(
        columns={
            "id": thread.id,
            "rep_id": thread.rep_id,
            "sent_on": thread.sent_on,
            "is_answered": thread.answered_on.is_not(None) & (thread.answered_on <= day),
        },
        clause=thread.__table__,
        conditions=[thread.sent_on <= day, thread.logged_on <= day],
    )
