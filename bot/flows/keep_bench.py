"""Prospects come onto a bench, are kept warm, and leave it; slots open and close."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.domain.day_words import MOST_DAYS_AHEAD
from bot.domain.errors import UnclearWords
from bot.domain.hiring import SOURCES, ProspectState
from bot.domain.ids import RepId, SlackUserId
from bot.hiring.scorecard import Scorecard
from bot.queries.hiring_access import (
    Hirer,
    find_role,
    require_hirer,
    require_prospect,
    require_role,
)
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.hiring import ProspectRow, SlotRow, open_slots

LATE = f"Choose a day from today on, within the next {MOST_DAYS_AHEAD} days."
NOT_YET = "Choose today or a day before it."
MOST_DAYS_BACK = 365
#: Of a first day at work.
LONGEST_AGO, LONGEST_AHEAD = timedelta(days=5 * 366), timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProspect:
    role: str
    name: str
    source: str
    referrer: str = ""
    contact: str = ""
    next_touch_on: date | None = None


def add_prospect(runtime: Runtime, *, by: SlackUserId, new: NewProspect) -> Mapping[str, str]:
    """The mistakes by field, or none when they stand on the bench. Raises NotAllowed.

    Somebody of the same name on the same bench is one person and is not added again.
    """
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        require_role(hirer, new.role)
        today = today_of(runtime, hirer)
        mistakes = _mistakes(new, today=today) or _known(session, new)
        if not mistakes:
            session.add(
                ProspectRow(
                    role=new.role,
                    name=new.name,
                    contact=new.contact or None,
                    source=new.source,
                    referrer=new.referrer or None,
                    added_on=today,
                    added_by=hirer.person.crm_id,
                    last_touch_on=today,
                    next_touch_on=new.next_touch_on,
                )
            )
    return mistakes


def today_of(runtime: Runtime, hirer: Hirer) -> date:
    return runtime.clock.now().astimezone(hirer.person.zone).date()


def _mistakes(new: NewProspect, *, today: date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if not new.name:
        found["name"] = "Write down their name."
    if new.source not in SOURCES:
        found["source"] = "Choose where they came from; it is what can be learned from later."
    if new.next_touch_on is not None and not _is_ahead(new.next_touch_on, today):
        found["next_touch_on"] = LATE
    return found


def _known(session: Session, new: NewProspect) -> Mapping[str, str]:
    row = ProspectRow
    same = select(row).where(col(row.role) == new.role, col(row.erased_at).is_(None))
    names = {each.name.lower() for each in session.exec(same) if each.name}
    if new.name.lower() in names:
        return {"name": "Somebody of that name is on this bench already."}
    return {}


def _is_ahead(day: date, today: date) -> bool:
    return today <= day <= today + timedelta(days=MOST_DAYS_AHEAD)


def note_touch(
    runtime: Runtime, *, by: SlackUserId, prospect: int, on: date | None, next_on: date | None
) -> Mapping[str, str]:
    """A talk, and when the next one is due; each puts off the day on which their data goes."""
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        row = require_prospect(session, hirer, prospect)
        today = today_of(runtime, hirer)
        found: dict[str, str] = {}
        if on is None or not today - timedelta(days=MOST_DAYS_BACK) <= on <= today:
            found["touched_on"] = NOT_YET
        if next_on is not None and not _is_ahead(next_on, today):
            found["next_touch_on"] = LATE
        if not found and on is not None:
            row.last_touch_on, row.next_touch_on = max(row.last_touch_on, on), next_on
            session.add(row)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    state: str
    #: Whom in the CRM a hire became.
    person: str | None = None
    hired_on: date | None = None


def settle_prospect(
    runtime: Runtime, *, by: SlackUserId, prospect: int, settlement: Settlement
) -> Mapping[str, str]:
    """They are hired, said no, were told no, or are back on the bench."""
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        row = require_prospect(session, hirer, prospect)
        today = today_of(runtime, hirer)
        mistakes = _mistakes_in_settling(session, hirer, row, settlement, today=today)
        if mistakes:
            return mistakes
        is_hired = settlement.state == ProspectState.HIRED
        row.state = ProspectState(settlement.state)
        row.person_id = settlement.person if is_hired else None
        row.hired_on = _start_of(hirer, settlement) if is_hired else None
        if settlement.state not in {ProspectState.BENCH, ProspectState.ACTIVE}:
            row.next_touch_on = None
        session.add(row)
    return {}


def _start_of(hirer: Hirer, settlement: Settlement) -> date | None:
    rep = hirer.roster.reps.get(RepId(settlement.person or ""))
    return settlement.hired_on or (rep.started_on if rep else None)


def _mistakes_in_settling(
    session: Session, hirer: Hirer, prospect: ProspectRow, settlement: Settlement, *, today: date
) -> Mapping[str, str]:
    if settlement.state not in set(ProspectState):
        return {"state": "Choose how it ended."}
    start = settlement.hired_on
    if start is not None and not today - LONGEST_AGO <= start <= today + LONGEST_AHEAD:
        return {"hired_on": "Choose the first day at work: up to five years ago, or one ahead."}
    if settlement.state != ProspectState.HIRED:
        return {"person": "Only for a hire; leave it empty."} if settlement.person else {}
    if RepId(settlement.person or "") not in hirer.roster.reps:
        return {"person": "Choose whom in the CRM they are, so that their start can be followed."}
    row = ProspectRow
    same = select(row).where(col(row.person_id) == settlement.person, col(row.id) != prospect.id)
    if session.exec(same).first() is not None:
        return {"person": "Another prospect became this person already."}
    return {}


def open_slot(runtime: Runtime, *, by: SlackUserId, words: str) -> Scorecard:
    """A seat is to be filled. Raises NotAllowed, or UnclearWords."""
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        card = find_role(hirer, words)
        row = SlotRow(
            role=card.role, opened_on=today_of(runtime, hirer), opened_by=hirer.person.crm_id
        )
        session.add(row)
    return card


def close_slot(runtime: Runtime, *, by: SlackUserId, words: str) -> Scorecard:
    """The oldest open one of the role. Raises NotAllowed, or UnclearWords when none is open."""
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        card = find_role(hirer, words)
        slots = open_slots(session, [card.role])
        if not slots:
            raise UnclearWords(
                f"No slot is open for {card.title}.", hint="`/bench open` opens one."
            )
        slots[0].closed_on = today_of(runtime, hirer)
        session.add(slots[0])
    return card
