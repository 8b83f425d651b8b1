"""A rep says what comes next in a deal; kept here, since nothing is written to the CRM."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.day_words import MOST_DAYS_AHEAD
from bot.domain.ids import DecisionId, SlackUserId
from bot.domain.message import Message
from bot.flows.respond import Answer, Response, respond
from bot.queries.nudges import require_own
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.next_steps import LoggedStepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    deal: str
    words: str
    due_on: date | None


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
    reason = f"next step: {step.words}"
    return respond(
        runtime, nudge=nudge, by=by, response=Response(answer=Answer.DONE, reason=reason)
    )


def _mistakes(step: NextStep, deals: list[str], today: date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if step.deal not in deals:
        found["deal"] = "Choose one of these deals."
    if not step.words:
        found["step"] = "Say what comes next, such as “send the proposal”."
    last = today + timedelta(days=MOST_DAYS_AHEAD)
    if step.due_on is None or not today <= step.due_on <= last:
        found["due_on"] = f"Choose a day from today on, within the next {MOST_DAYS_AHEAD} days."
    return found
