"""What a person answered to a nudge: written down once, and shown in the nudge itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.domain.day_words import MOST_DAYS_AHEAD
from bot.domain.errors import PermanentError, UnclearWords
from bot.domain.ids import DecisionId, SlackUserId
from bot.domain.message import Block, Message
from bot.queries.nudges import require_own
from bot.queries.permissions import Person, person_of
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.decisions import AnswerRow, DecisionRow
from bot.storage.outbox import DeliveryRow
from bot.storage.people import MuteRow, SnoozeRow

ANSWERED = "messages/answered.j2"
LONGEST_REASON = 500


class Answer(StrEnum):
    DONE = "done"
    NOT_NOW = "snooze"
    NOT_RIGHT = "not_right"
    MUTE = "mute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    answer: Answer
    reason: str | None = None
    #: NOT_NOW only: not again up to and including this day.
    until: date | None = None


def respond(runtime: Runtime, *, nudge: DecisionId, by: SlackUserId, response: Response) -> Message:
    """Write the answer down and return the nudge as it shall stand from now on.

    The same answer given twice is one answer. Raises NotAllowed for anybody but the addressee,
    UnclearWords for a day that cannot be meant.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        # Locked, because an impatient person presses twice within a moment.
        decision = require_own(session, nudge, person, locked=True)
        _require_sensible(response, today=now.astimezone(person.zone).date())
        answer = _write_down(session, decision, person, response, now)
        said = _said(session, nudge)
        return _as_answered(runtime, said, answer, person)


def _require_sensible(response: Response, *, today: date) -> None:
    if response.answer is not Answer.NOT_NOW:
        return
    last = today + timedelta(days=MOST_DAYS_AHEAD)
    if response.until is None or not today < response.until <= last:
        raise UnclearWords(f"Choose a day after today, within the next {MOST_DAYS_AHEAD} days.")


def _write_down(
    session: Session, decision: DecisionRow, person: Person, response: Response, now: datetime
) -> AnswerRow:
    reason = response.reason[:LONGEST_REASON] if response.reason else None
    latest = session.exec(
        select(AnswerRow)
        .where(col(AnswerRow.decision_id) == decision.id)
        .order_by(col(AnswerRow.id).desc())
        .limit(1)
    ).first()
    given = (str(response.answer), reason, response.until)
    if latest is not None and (latest.answer, latest.reason, latest.snoozed_until) == given:
        return latest
    if decision.id is None:
        raise PermanentError("a decision without a number cannot be answered")
    answer = AnswerRow(
        decision_id=decision.id,
        answered_at=now,
        by_slack_id=person.slack_id,
        answer=str(response.answer),
        reason=reason,
        snoozed_until=response.until,
    )
    session.add(answer)
    if response.answer is Answer.NOT_NOW and response.until is not None:
        _snooze(session, decision, until=response.until, reason=reason or "", now=now)
    if response.answer is Answer.MUTE:
        mute = MuteRow(person_id=decision.to_id, rule=decision.rule, muted_at=now)
        session.merge(mute)
    return answer


def _snooze(
    session: Session, decision: DecisionRow, *, until: date, reason: str, now: datetime
) -> None:
    """The latest word stands."""
    session.connection().execute(
        delete(SnoozeRow).where(
            col(SnoozeRow.person_id) == decision.to_id,
            col(SnoozeRow.rule) == decision.rule,
            col(SnoozeRow.subject) == decision.subject,
        )
    )
    session.add(
        SnoozeRow(
            person_id=decision.to_id,
            rule=decision.rule,
            subject=decision.subject,
            until=until,
            reason=reason,
            asked_at=now,
        )
    )


def _said(session: Session, nudge: DecisionId) -> Message:
    rows = select(DeliveryRow).where(col(DeliveryRow.decision_id) == nudge)
    row = session.exec(rows.order_by(col(DeliveryRow.id))).first()
    if row is None:
        raise PermanentError("the message of that nudge is no longer known")
    return Message(text=row.text, blocks=row.blocks)


def _as_answered(runtime: Runtime, said: Message, answer: AnswerRow, person: Person) -> Message:
    """The same words without buttons, and a line that says what happened."""
    note = runtime.renderer.render(
        ANSWERED,
        {
            "answer": answer.answer,
            "at": answer.answered_at,
            "until": answer.snoozed_until,
            "locale": person.locale,
            "zone": person.zone.key,
        },
    )
    words: list[Block] = [block for block in said.blocks if block["type"] != "actions"]
    return Message(text=said.text, blocks=[*words, *note.blocks])
