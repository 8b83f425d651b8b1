"""Not right: wrong data, of no use, or a different opinion; this is how rules get better."""

from bot.flows.respond import Answer, Response, respond
from bot.runtime import Runtime
from bot.surfaces.modal import Finished, Mistakes, Modal, Submission
from bot.surfaces.nudge_slip import unfolded

REASONS = (
    ("The numbers are wrong", "wrong data"),
    ("True, but of no use to me", "not useful"),
    ("I see it differently", "disagree"),
)


def answer(submission: Submission, runtime: Runtime) -> Mistakes | Finished:
    reason = submission.entered.get("reason")
    if reason not in {key for _, key in REASONS}:
        return Mistakes({"reason": "Choose one of these."})
    words = " ".join((submission.entered.get("words") or "").split())
    slip = unfolded(submission.carries)
    response = Response(answer=Answer.NOT_RIGHT, reason=f"{reason}: {words}" if words else reason)
    message = respond(runtime, nudge=slip.nudge, by=submission.submitter, response=response)
    return Finished(slip.receipt, message)


MODAL = Modal(callback="nudge.not_right", answer=answer)
