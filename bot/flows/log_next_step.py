"""A rep says what comes next in a deal; kept here, and in the CRM where they ask for it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from bot.domain.day_words import MOST_DAYS_AHEAD
from bot.domain.ids import DecisionId, SlackUserId
from bot.domain.message import Message
from bot.flows.respond import Answer, Response, respond
from bot.queries.next_step_form import NOTHING, STEP_AND_TASK
from bot.queries.nudges import require_own
from bot.queries.permissions import Person, person_of
from bot.runtime import Runtime
from bot.storage.completed_status import completed_status
from bot.storage.crm_writes import NOTE, Wish, as_text, ask_for
from bot.storage.database import transaction
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.next_steps import LoggedStepRow

#: As many letters as Salesforce's NextStep and Subject take.
LONGEST_STEP = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    deal: str
    words: str
    due_on: date | None
    #: What is written to the CRM, as the form names it.
    target: str = NOTHING
    close_on: date | None = None
    #: What the rep did today, for the CRM; empty for nothing.
    done: str = ""


def log_next_step(
    runtime: Runtime, *, nudge: DecisionId, by: SlackUserId, step: NextStep
) -> Mapping[str, str] | Message:
    """The mistakes by field, or the nudge as it stands from now on: done.

    Logged twice, the latest word stands. Raises NotAllowed for anybody but the addressee.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        decision = require_own(session, nudge, person, locked=True)
        today = now.astimezone(person.zone).date()
        mistakes = _mistakes(step, decision.records, today)
        if mistakes or step.due_on is None:
            return mistakes
        row = LoggedStepRow(
            opportunity_id=step.deal,
            rep_id=decision.about_id,
            words=step.words,
            due_on=step.due_on,
            logged_at=now,
        )
        session.merge(row)
        if runtime.organisation.writes_back:
            for wish in wishes(session, step, due_on=step.due_on, person=person, today=today):
                ask_for(session, wish, key=_key(nudge, wish), asked_by=by, now=now)
    reason = f"next step: {step.words}"
    return respond(
        runtime, nudge=nudge, by=by, response=Response(answer=Answer.DONE, reason=reason)
    )


def _key(nudge: DecisionId, wish: Wish) -> str:
    """Slack may deliver a form twice; the same words are written once."""
    told = json.dumps([nudge, wish.table, wish.record, sorted(wish.values.items())])
    return hashlib.sha256(told.encode()).hexdigest()


def wishes(
    session: Session, step: NextStep, *, due_on: date, person: Person, today: date
) -> Iterator[Wish]:
    """What is to be written, with what stands there now."""
    deal = session.get(OpportunityRow, step.deal)
    if deal is None:
        return
    values: dict[str, str] = {}
    if step.target != NOTHING:
        tail = f" (by {due_on.isoformat()}, {person.full_name})"
        values["next_step"] = step.words[: LONGEST_STEP - len(tail)] + tail
    if step.close_on is not None:
        values["close_on"] = step.close_on.isoformat()
    if values:
        seen = {column: as_text(getattr(deal, column)) for column in values}
    if step.close_on is not None and step.target == NOTHING:
        told = f"Close date {step.close_on.isoformat()} set in Slack by {person.full_name}"
        values[NOTE] = f"{told} on {today.isoformat()}."
    if values:
        yield Wish(table="opportunity", record=deal.id, values=values, seen=seen)
    if step.target == STEP_AND_TASK:
        yield Wish(
            table="crm_task",
            record=None,
            values=_task(step.words, due_on, person, deal.id),
            seen={},
        )
    if step.done:
        done = {**_task(step.done, today, person, deal.id), "status": completed_status(session)}
        yield Wish(table="crm_task", record=None, values=done, seen={})


def _task(words: str, day: date, person: Person, deal: str) -> dict[str, str]:
    return {
        "subject": words[:LONGEST_STEP],
        "what_id": deal,
        "activity_on": day.isoformat(),
        "owner_id": person.crm_id,
        NOTE: f"Logged in Slack by {person.full_name}.",
    }


def _mistakes(step: NextStep, deals: list[str], today: date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if step.deal not in deals:
        found["deal"] = "Choose one of these deals."
    if not step.words:
        found["step"] = "Say what comes next, such as “send the proposal”."
    last = today + timedelta(days=MOST_DAYS_AHEAD)
    if step.due_on is None or not today <= step.due_on <= last:
        found["due_on"] = f"Choose a day from today on, within the next {MOST_DAYS_AHEAD} days."
    if step.close_on is not None and not today <= step.close_on <= last:
        found["close_on"] = f"Choose a day from today on, within the next {MOST_DAYS_AHEAD} days."
    return found
