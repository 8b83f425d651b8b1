"""A manager writes a 1:1 down: notes, one commitment, and how earlier ones went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.domain.commitment import CommitmentState
from bot.domain.day_words import MOST_DAYS_AHEAD
from bot.domain.ids import RepId, SlackUserId
from bot.domain.people import Manager, Rep
from bot.queries.permissions import require_manager, require_own_rep, require_person
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.drafts import drop_draft, keep_draft
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow, find_commitment, find_one_on_one
from bot.storage.outbox import enqueue
from bot.storage.people import SlackMatchRow
from bot.storage.roster import read_roster

#: What is older is no 1:1 that somebody still remembers well.
MOST_DAYS_BACK = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    held_on: date | None
    notes: str = ""
    commitment: str = ""
    due_on: date | None = None
    metric: str | None = None
    #: Commitment → how it went.
    outcomes: Mapping[int, CommitmentState] = field(default_factory=dict)


def mistakes_in(entry: Entry, *, today: date) -> Mapping[str, str]:
    """Field → what is wrong with it."""
    found: dict[str, str] = {}
    if entry.held_on is None or not timedelta(0) <= today - entry.held_on <= timedelta(
        days=MOST_DAYS_BACK
    ):
        found["held_on"] = f"Choose today or a day of the last {MOST_DAYS_BACK} days."
    if not (entry.notes or entry.commitment or entry.outcomes):
        found["notes"] = "Write down at least one thing."
    if entry.commitment and entry.due_on is None:
        found["due_on"] = "Say until when, so that you can come back to it."
    elif entry.due_on is not None and not entry.commitment:
        found["commitment"] = "Say what is due then, or clear the day."
    elif entry.due_on is not None and not today <= entry.due_on <= today + timedelta(
        days=MOST_DAYS_AHEAD
    ):
        found["due_on"] = f"Choose a day from today on, within the next {MOST_DAYS_AHEAD} days."
    return found


def draft_key(rep: RepId) -> str:
    return f"one_on_one:{rep}"


def save_draft(
    runtime: Runtime, *, by: SlackUserId, rep: RepId, entered: Mapping[str, str]
) -> None:
    with transaction(runtime.database) as session:
        keep_draft(session, by, draft_key(rep), entered, now=runtime.clock.now())


def note_one_on_one(
    runtime: Runtime, *, by: SlackUserId, rep: RepId, entry: Entry
) -> Mapping[str, str]:
    """Write it down and tell the rep; the mistakes by field when there are any, and nothing else.

    Written twice for a day, it is one 1:1 in its latest words, and the rep is told once. Raises
    NotAllowed for anybody but the rep's manager.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, by, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        about = require_own_rep(roster, manager, rep)
        mistakes = mistakes_in(entry, today=now.astimezone(manager.zone).date())
        if mistakes or entry.held_on is None:
            return mistakes
        number = _write_down(session, manager, about, entry, entry.held_on, now)
        _close(session, about, entry.outcomes, now)
        drop_draft(session, by, draft_key(rep))
        _tell(session, runtime, manager, about, entry, number=number)
    return {}


def _write_down(
    session: Session, manager: Manager, rep: Rep, entry: Entry, held_on: date, now: datetime
) -> int:
    row = find_one_on_one(session, manager=manager.id, rep=rep.id, held_on=held_on)
    row = row or OneOnOneRow(
        manager_id=manager.id, rep_id=rep.id, held_on=held_on, notes="", written_at=now
    )
    row.notes, row.written_at = entry.notes or row.notes, now
    session.add(row)
    session.flush()
    number = row.id or 0
    if entry.commitment and entry.due_on is not None:
        promise = find_commitment(session, number) or CommitmentRow(
            one_on_one_id=number,
            manager_id=manager.id,
            rep_id=rep.id,
            words="",
            due_on=entry.due_on,
            made_at=now,
        )
        promise.words, promise.due_on, promise.metric = (
            entry.commitment,
            entry.due_on,
            entry.metric,
        )
        session.add(promise)
    return number


def _close(
    session: Session, rep: Rep, outcomes: Mapping[int, CommitmentState], now: datetime
) -> None:
    row = CommitmentRow
    theirs = select(row).where(
        col(row.rep_id) == rep.id,
        col(row.manager_id) == rep.team,
        col(row.id).in_(list(outcomes)),
    )
    for promise in session.exec(theirs).all():
        promise.state, promise.closed_at = outcomes[promise.id or 0], now
        session.add(promise)


def _tell(
    session: Session, runtime: Runtime, manager: Manager, rep: Rep, entry: Entry, *, number: int
) -> None:
    match = session.get(SlackMatchRow, rep.id)
    if match is None or match.slack_id is None:
        return
    now = runtime.clock.now()
    view = {
        "manager": manager.first_name,
        "held_on": entry.held_on,
        "notes": entry.notes,
        "commitment": entry.commitment,
        "due_on": entry.due_on,
        "locale": rep.locale,
        "zone": rep.zone.key,
    }
    works = runtime.calendar.own_week(rep)
    enqueue(
        session,
        dedupe_key=f"one_on_one:{number}",
        kind="one_on_one",
        recipient=match.slack_id,
        message=runtime.renderer.render("messages/one_on_one.j2", view),
        not_before=runtime.policy.quiet_hours.over_at(now, rep.zone, works=works),
        now=now,
    )
