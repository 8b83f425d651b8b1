"""Not now: until when, and why."""

from datetime import date

from bot.domain.errors import UnclearWords
from bot.flows.respond import Answer, Response, respond
from bot.runtime import Runtime
from bot.surfaces.modal import Finished, Mistakes, Modal, Submission
from bot.surfaces.nudge_slip import unfolded

REASONS = (
    ("It is already planned", "planned"),
    ("I wait for the customer", "waiting"),
    ("Other things come first", "busy"),
    ("Something else", "other"),
)


def answer(submission: Submission, runtime: Runtime) -> Mistakes | Finished:
    until, reason = submission.entered.get("until"), submission.entered.get("reason")
    if until is None:
        return Mistakes({"until": "Choose a day."})
    if reason not in {key for _, key in REASONS}:
        return Mistakes({"reason": "Choose one of these."})
    slip = unfolded(submission.carries)
    response = Response(answer=Answer.NOT_NOW, reason=reason, until=date.fromisoformat(until))
    try:
        message = respond(runtime, nudge=slip.nudge, by=submission.submitter, response=response)
    except UnclearWords as refusal:
        return Mistakes({"until": refusal.message})
    return Finished(slip.receipt, message)


MODAL = Modal(callback="nudge.snooze", answer=answer)
