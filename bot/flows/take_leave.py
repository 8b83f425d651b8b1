"""Days off by command: one's own, a report's by their manager, anybody's by an admin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.domain.errors import UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.leave_words import parse_leave
from bot.queries.leave import Traveller, require_traveller
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.people import LeaveRow

COMMAND = "command"
CALENDAR = "calendar"
DAY = timedelta(days=1)
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was done to whose days."""

    person: Traveller
    first: date
    last: date
    #: Whether anything changed.
    is_new: bool
    #: Leave of these days that only the calendar can take back.
    in_calendar: bool = False


def split_mention(words: Sequence[str]) -> tuple[SlackUserId | None, list[str]]:
    """Whom the words are about, if they name somebody, and the other words.

    Raises UnclearWords for a name that Slack did not recognise, or for several.
    """
    text = " ".join(words)
    named = _MENTION.findall(text)
    rest = _MENTION.sub(" ", text).split()
    if len(named) > 1 or any(word.startswith("@") for word in rest):
        raise UnclearWords(
            "Whose days are they?", hint="name one person as Slack offers them when you type `@`"
        )
    return (SlackUserId(named[0]) if named else None), rest


def take_leave(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> Entry:
    """Enter the days that ``words`` name. Raises UnclearWords, UnknownPerson or NotAllowed."""
    about, rest = split_mention(words)
    with transaction(runtime.database) as session:
        person = require_traveller(session, runtime, asker=by, about=about)
        first, last = parse_leave(rest, today=person.today)
        known = [
            (row.first_day, row.last_day) for row in _overlapping(session, person, first, last)
        ]
        is_new = not _covers(known, first, last)
        if is_new:
            session.add(
                LeaveRow(
                    person_id=person.crm_id,
                    first_day=first,
                    last_day=last,
                    source=COMMAND,
                    entered_by=person.asker_id,
                )
            )
    return Entry(person=person, first=first, last=last, is_new=is_new)


def cancel_leave(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> Entry:
    """Take the days back; what the calendar says stays. Raises as ``take_leave`` does."""
    about, rest = split_mention(words)
    with transaction(runtime.database) as session:
        person = require_traveller(session, runtime, asker=by, about=about)
        first, last = parse_leave(rest, today=person.today)
        rows = _overlapping(session, person, first, last)
        ours = [row for row in rows if row.source != CALENDAR]
        for row in ours:
            _cut_out(session, row, first, last)
    return Entry(
        person=person,
        first=first,
        last=last,
        is_new=bool(ours),
        in_calendar=len(ours) < len(rows),
    )


def _overlapping(
    session: Session, person: Traveller, first: date, last: date
) -> Sequence[LeaveRow]:
    row = LeaveRow
    wanted = select(row).where(
        col(row.person_id) == person.crm_id,
        col(row.first_day) <= last,
        col(row.last_day) >= first,
    )
    return session.exec(wanted.order_by(col(row.first_day), col(row.id))).all()


def _covers(spans: Sequence[tuple[date, date]], first: date, last: date) -> bool:
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return all(any(begin <= day <= end for begin, end in spans) for day in days)


def _cut_out(session: Session, row: LeaveRow, first: date, last: date) -> None:
    """Keep what lies before and after."""
    for begin, end in ((row.first_day, first - DAY), (last + DAY, row.last_day)):
        if begin <= end:
            kept = row.model_dump(exclude={"id", "first_day", "last_day"})
            session.add(LeaveRow(**kept, first_day=begin, last_day=end))
    session.delete(row)
